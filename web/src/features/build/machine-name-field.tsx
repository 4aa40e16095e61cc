import { useState } from 'react';
import { Field } from '../../components/field.tsx';
import { Input } from '../../components/input.tsx';

/** Whether machines go by their own name, or by one that is given here. */
export function MachineNameField(props: {
  name: string;
  error?: string | undefined;
  onChange: (name: string) => void;
}) {
  const [isGiven, setGiven] = useState(props.name !== '');
  const choose = (given: boolean) => {
    setGiven(given);
    if (!given) props.onChange('');
  };
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-1.5 font-medium text-sm">Name of a machine</legend>
      <Radio label="Use the machine’s own name" checked={!isGiven} onChoose={() => choose(false)} />
      <Radio label="Give it another name" checked={isGiven} onChoose={() => choose(true)} />
      {isGiven && (
        <Field
          label="Name of its machines"
          hint="All that enrol with this installer get it, so it suits installers for one machine."
          error={props.error}
          className="ml-7"
        >
          {(control) => (
            <Input {...control} value={props.name} onChange={(event) => props.onChange(event.target.value)} />
          )}
        </Field>
      )}
    </fieldset>
  );
}

function Radio(props: { label: string; checked: boolean; onChoose: () => void }) {
  return (
    <label className="flex cursor-pointer items-center gap-3 text-sm">
      <input
        type="radio"
        name="machine-name"
        className="size-4 shrink-0 accent-primary"
        checked={props.checked}
        onChange={props.onChoose}
      />
      {props.label}
    </label>
  );
}
