import { type ReactNode, useId } from 'react';
import { cn } from '../lib/class-names.ts';

/** What the control inside a field must be given, so that label, hint and error belong to it. */
export interface FieldControl {
  id: string;
  'aria-describedby'?: string;
  'aria-invalid'?: true;
}

/** A label with its control, a hint and an error that screen readers read with it. */
export function Field(props: {
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
  className?: string;
  children: (control: FieldControl) => ReactNode;
}) {
  const id = useId();
  const notes = [props.hint && `${id}-hint`, props.error && `${id}-error`].filter(Boolean).join(' ');
  return (
    <div className={cn('grid content-start gap-1.5', props.className)}>
      <label htmlFor={id} className="font-medium text-sm">
        {props.label}
      </label>
      {props.children({
        id,
        ...(notes ? { 'aria-describedby': notes } : {}),
        ...(props.error ? { 'aria-invalid': true } : {}),
      })}
      {props.hint && (
        <div id={`${id}-hint`} className="text-muted-foreground text-sm">
          {props.hint}
        </div>
      )}
      {props.error && (
        <p id={`${id}-error`} className="text-danger-text text-sm">
          {props.error}
        </p>
      )}
    </div>
  );
}
