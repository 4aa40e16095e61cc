import { DisplayName } from '@guruconnect/shared';
import { type FormEvent, useState } from 'react';
import { safeParse } from 'zod/mini';
import { Button } from '../../components/button.tsx';
import { Field } from '../../components/field.tsx';
import { Input } from '../../components/input.tsx';
import { FIELD_SENTENCES } from '../../lib/field-problems.ts';

/** Adds something that has a name and nothing else yet; `onAdd` empties the field once it is there. */
export function AddByName(props: {
  label: string;
  action: string;
  busy: boolean;
  onAdd: (name: string, empty: () => void) => void;
}) {
  const [name, setName] = useState('');
  const [problem, setProblem] = useState<string>();
  function submit(event: FormEvent): void {
    event.preventDefault();
    const parsed = safeParse(DisplayName, name);
    setProblem(parsed.success ? undefined : FIELD_SENTENCES.name);
    if (parsed.success) props.onAdd(parsed.data, () => setName(''));
  }
  return (
    <form onSubmit={submit} noValidate className="flex flex-wrap items-end gap-3">
      <Field label={props.label} error={problem} className="w-full max-w-xs">
        {(control) => <Input {...control} value={name} onChange={(event) => setName(event.target.value)} />}
      </Field>
      <Button type="submit" busy={props.busy}>
        {props.action}
      </Button>
    </form>
  );
}
