import type { MachineDetails } from '@guruconnect/shared';
import { Check, Pencil, X } from 'lucide-react';
import { type FormEvent, type KeyboardEvent, useState } from 'react';
import { Button } from '../../components/button.tsx';
import { Input } from '../../components/input.tsx';
import { SuggestInput } from '../../components/suggest-input.tsx';
import { FactRow, Unknown } from './fact-list.tsx';
import { useChangeMachine } from './use-change-machine.ts';

export type LabelName = 'name' | 'department' | 'deviceType';

const TITLES: Record<LabelName, string> = {
  name: 'Name',
  department: 'Department',
  deviceType: 'Device type',
};

/** A label that is changed in its place. */
export function LabelRow({ details, label }: { details: MachineDetails; label: LabelName }) {
  const [isEditing, setEditing] = useState(false);
  const value = labelOf(details, label);
  const title = TITLES[label];
  const shown = label === 'name' ? details.row.name : value;
  if (isEditing) {
    return (
      <FactRow name={title}>
        <LabelForm details={details} label={label} value={value} onDone={() => setEditing(false)} />
      </FactRow>
    );
  }
  return (
    <FactRow name={title}>
      <span className="flex items-start gap-1">
        {shown ? <bdi className="min-w-0 [overflow-wrap:anywhere]">{shown}</bdi> : <Unknown />}
        {details.rights.edit && (
          <button
            type="button"
            aria-label={`Change ${title.toLowerCase()}`}
            title={`Change ${title.toLowerCase()}`}
            onClick={() => setEditing(true)}
            className="inline-grid size-6 shrink-0 place-items-center rounded text-muted-foreground hover:bg-muted hover:text-foreground"
          >
            <Pencil aria-hidden="true" className="size-3.5" />
          </button>
        )}
      </span>
    </FactRow>
  );
}

function LabelForm(props: { details: MachineDetails; label: LabelName; value: string; onDone: () => void }) {
  const { details, label, value, onDone } = props;
  const { row } = details;
  const [text, setText] = useState(value);
  const { change, isPending } = useChangeMachine(row.machineId);
  const title = TITLES[label];
  function submit(event: FormEvent): void {
    event.preventDefault();
    const next = text.trim();
    if (next === value) onDone();
    else change({ change: { [label]: next }, undo: { [label]: value }, said: `${title} saved.`, onDone });
  }
  const control = {
    'aria-label': title,
    autoFocus: true,
    maxLength: 80,
    className: 'h-8',
    value: text,
    onChange: (event: { target: { value: string } }) => setText(event.target.value),
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      // The panel itself stays.
      event.stopPropagation();
      onDone();
    },
  };
  return (
    <form onSubmit={submit} className="flex items-center gap-1">
      {label === 'name' ? (
        <Input {...control} placeholder={row.hostname} />
      ) : (
        <SuggestInput {...control} label={label} />
      )}
      <Button type="submit" tone="ghost" size="icon" className="size-8" aria-label="Save" busy={isPending}>
        {!isPending && <Check aria-hidden="true" />}
      </Button>
      <Button tone="ghost" size="icon" className="size-8" aria-label="Keep as it is" onClick={onDone}>
        <X aria-hidden="true" />
      </Button>
    </form>
  );
}

/** A machine that goes by its hostname was given no name. */
function labelOf({ row }: MachineDetails, label: LabelName): string {
  if (label === 'name') return row.name === row.hostname ? '' : row.name;
  return row[label];
}
