import type { ComponentProps } from 'react';
import { cn } from '../lib/class-names.ts';

const LOOK =
  'w-full rounded-lg border border-input bg-card px-3 text-card-foreground text-base shadow-xs placeholder:text-muted-foreground focus-visible:border-ring focus-visible:outline-2 focus-visible:outline-ring focus-visible:outline-offset-0 disabled:opacity-60 aria-invalid:border-danger sm:text-sm';

export function Input({ className, ...rest }: ComponentProps<'input'>) {
  return <input {...rest} className={cn(LOOK, 'h-10', className)} />;
}

export function TextArea({ className, ...rest }: ComponentProps<'textarea'>) {
  return <textarea {...rest} className={cn(LOOK, 'min-h-24 py-2', className)} />;
}

/** The browser's own list: works with every keyboard, screen reader and phone. */
export function Select({ className, ...rest }: ComponentProps<'select'>) {
  return <select {...rest} className={cn(LOOK, 'h-10', className)} />;
}

export function Checkbox({
  label,
  hint,
  ...rest
}: ComponentProps<'input'> & { label: string; hint?: string }) {
  return (
    <label className="flex items-start gap-3 text-sm">
      <input {...rest} type="checkbox" className="mt-0.5 size-4 shrink-0 accent-primary" />
      <span>
        <span className="font-medium">{label}</span>
        {hint && <span className="block text-muted-foreground">{hint}</span>}
      </span>
    </label>
  );
}
