import { cn } from '../lib/class-names.ts';
import { passwordStrength } from '../lib/password-strength.ts';
import { Field } from './field.tsx';
import { Input } from './input.tsx';

const BAR_TONES = ['bg-border', 'bg-danger', 'bg-warning-text', 'bg-success', 'bg-success'] as const;

/** A new password with a hint how good it is. */
export function NewPasswordField(props: {
  label: string;
  name: string;
  value: string;
  onChange: (value: string) => void;
  known?: readonly string[];
  error?: string | undefined;
}) {
  const strength = passwordStrength(props.value, props.known);
  return (
    <Field label={props.label} hint={<StrengthHint {...strength} />} error={props.error}>
      {(control) => (
        <Input
          {...control}
          type="password"
          name={props.name}
          autoComplete="new-password"
          value={props.value}
          onChange={(event) => props.onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

function StrengthHint({ score, hint }: ReturnType<typeof passwordStrength>) {
  return (
    <span className="grid gap-1.5">
      <span aria-hidden="true" className="mt-0.5 grid grid-cols-4 gap-1">
        {[1, 2, 3, 4].map((step) => (
          <span
            key={step}
            className={cn('h-1 rounded-full', step <= score ? BAR_TONES[score] : 'bg-border')}
          />
        ))}
      </span>
      <span>{hint}</span>
    </span>
  );
}
