import { MAX_PROPERTIES, type MachineDetails } from '@guruconnect/shared';
import { Pencil, Plus, X } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { Button } from '../../components/button.tsx';
import { CopyIcon } from '../../components/copy-icon.tsx';
import { Field } from '../../components/field.tsx';
import { Input } from '../../components/input.tsx';
import { PanelSection } from './fact-list.tsx';
import { type PropertyProblems, propertyProblems } from './property-problems.ts';
import { useChangeMachine } from './use-change-machine.ts';

/** What the deployment keeps of the machine under names of its own (U4). */
export function PropertiesSection({ details }: { details: MachineDetails }) {
  const [editing, setEditing] = useState<string>();
  const { properties, rights } = details;
  const keys = Object.keys(properties).toSorted((left, right) => left.localeCompare(right));
  const close = () => setEditing(undefined);
  return (
    <PanelSection
      title="Custom properties"
      action={
        rights.edit &&
        editing === undefined &&
        keys.length < MAX_PROPERTIES && (
          <Button tone="ghost" size="small" aria-label="Add a property" onClick={() => setEditing('')}>
            <Plus aria-hidden="true" /> Add
          </Button>
        )
      }
    >
      {keys.length === 0 && editing === undefined && <p className="text-muted-foreground text-sm">None.</p>}
      <dl className="grid gap-y-1.5 text-sm">
        {keys.map((key) =>
          key === editing ? (
            <PropertyForm key={key} details={details} known={key} onDone={close} />
          ) : (
            <PropertyLine key={key} details={details} name={key} onEdit={() => setEditing(key)} />
          ),
        )}
      </dl>
      {editing === '' && <PropertyForm details={details} known={undefined} onDone={close} />}
    </PanelSection>
  );
}

function PropertyLine(props: { details: MachineDetails; name: string; onEdit: () => void }) {
  const { details, name } = props;
  const value = details.properties[name] ?? '';
  const { change } = useChangeMachine(details.row.machineId);
  const button =
    'inline-grid size-6 shrink-0 place-items-center rounded text-muted-foreground hover:bg-muted hover:text-foreground';
  return (
    <div className="grid grid-cols-[8.5rem_minmax(0,1fr)] gap-x-3">
      <dt className="py-0.5 text-muted-foreground [overflow-wrap:anywhere]">{name}</dt>
      <dd className="flex min-w-0 items-start gap-1 py-0.5">
        <bdi className="min-w-0 flex-1 [overflow-wrap:anywhere]">{value}</bdi>
        <CopyIcon text={value} label={`Copy ${name}`} />
        {details.rights.edit && (
          <>
            <button type="button" aria-label={`Change ${name}`} className={button} onClick={props.onEdit}>
              <Pencil aria-hidden="true" className="size-3.5" />
            </button>
            <button
              type="button"
              aria-label={`Take ${name} away`}
              className={button}
              onClick={() =>
                change({
                  change: { properties: { [name]: '' } },
                  undo: { properties: { [name]: value } },
                  said: `${name} was taken away.`,
                })
              }
            >
              <X aria-hidden="true" className="size-3.5" />
            </button>
          </>
        )}
      </dd>
    </div>
  );
}

function PropertyForm(props: { details: MachineDetails; known: string | undefined; onDone: () => void }) {
  const { details, known, onDone } = props;
  const { properties } = details;
  const before = known === undefined ? '' : (properties[known] ?? '');
  const [key, setKey] = useState(known ?? '');
  const [value, setValue] = useState(before);
  const [problems, setProblems] = useState<PropertyProblems>({});
  const { change, isPending } = useChangeMachine(details.row.machineId);
  function submit(event: FormEvent): void {
    event.preventDefault();
    const found = propertyProblems(known === undefined ? properties : {}, key.trim(), value.trim());
    setProblems(found ?? {});
    if (found) return;
    change({
      change: { properties: { [key.trim()]: value.trim() } },
      undo: { properties: { [key.trim()]: before } },
      said: `${key.trim()} was saved.`,
      onDone,
    });
  }
  return (
    <form
      onSubmit={submit}
      noValidate
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        onDone();
      }}
      className="my-1 grid gap-3 rounded-lg border p-3 text-sm"
    >
      {known === undefined && (
        <Field label="Name" hint="Letters, digits, dots, dashes." error={problems.key}>
          {(control) => (
            <Input {...control} autoFocus value={key} onChange={(event) => setKey(event.target.value)} />
          )}
        </Field>
      )}
      <Field label={known ?? 'Value'} error={problems.value}>
        {(control) => (
          <Input
            {...control}
            autoFocus={known !== undefined}
            value={value}
            onChange={(event) => setValue(event.target.value)}
          />
        )}
      </Field>
      <div className="flex gap-2">
        <Button type="submit" tone="primary" size="small" busy={isPending}>
          Save
        </Button>
        <Button size="small" onClick={onDone}>
          Keep as it is
        </Button>
      </div>
    </form>
  );
}
