import type { UpdateRing } from '@guruconnect/shared';
import { Plus, Trash2 } from 'lucide-react';
import { useId, useState } from 'react';
import { Button } from '../../components/button.tsx';
import { Input } from '../../components/input.tsx';
import { SuggestInput } from '../../components/suggest-input.tsx';
import { MAX_RINGS, withFurtherRing } from './ring-rules.ts';

/** The rings in order: a share of all machines each, and machines with certain tags whatever the share. */
export function RingEditor(props: {
  rings: readonly UpdateRing[];
  error?: string | undefined;
  onChange: (rings: UpdateRing[]) => void;
}) {
  const { rings, error, onChange } = props;
  const errorId = useId();
  const put = (at: number, part: Partial<UpdateRing>) =>
    onChange(rings.map((ring, index) => (index === at ? { ...ring, ...part } : ring)));
  return (
    <fieldset aria-describedby={error ? errorId : undefined}>
      <legend className="font-medium text-sm">Rings</legend>
      <p className="mt-1 text-muted-foreground text-sm">
        A share counts the rings before it: 10 %, then 50 %, then 100 %. Machines with one of the tags belong
        to their ring whatever the share.
      </p>
      <ol className="mt-3 grid gap-3">
        {rings.map((ring, at) => (
          <RingFields
            // biome-ignore lint/suspicious/noArrayIndexKey: a ring is its place; its name is being typed
            key={`${at} of ${rings.length}`}
            ring={ring}
            number={at + 1}
            mayGo={rings.length > 1}
            onChange={(part) => put(at, part)}
            onRemove={() => onChange(rings.filter((_ring, index) => index !== at))}
          />
        ))}
      </ol>
      {error && (
        <p id={errorId} role="alert" className="mt-2 text-danger-text text-sm">
          {error}
        </p>
      )}
      <Button
        size="small"
        className="mt-3"
        disabled={rings.length >= MAX_RINGS}
        onClick={() => onChange(withFurtherRing(rings))}
      >
        <Plus aria-hidden="true" /> Add a ring
      </Button>
    </fieldset>
  );
}

function RingFields(props: {
  ring: UpdateRing;
  number: number;
  mayGo: boolean;
  onChange: (part: Partial<UpdateRing>) => void;
  onRemove: () => void;
}) {
  const { ring, number, onChange } = props;
  // As it is typed: a comma at its end is no tag yet.
  const [tags, setTags] = useState(ring.tags.join(', '));
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_6rem_2.5rem] items-center gap-2 rounded-lg border border-border p-3 sm:grid-cols-[minmax(0,1fr)_6rem_minmax(0,1.4fr)_2.5rem]">
      <Input
        aria-label={`Name of ring ${number}`}
        value={ring.name}
        onChange={(event) => onChange({ name: event.target.value })}
      />
      <span className="relative">
        <Input
          aria-label={`Share of ring ${number} in percent`}
          type="number"
          min={0}
          max={100}
          className="pr-7"
          value={Number.isNaN(ring.percent) ? '' : ring.percent}
          onChange={(event) => onChange({ percent: event.target.valueAsNumber })}
        />
        <span
          aria-hidden="true"
          className="pointer-events-none absolute inset-y-0 right-2.5 grid place-content-center text-muted-foreground text-sm"
        >
          %
        </span>
      </span>
      <div className="max-sm:order-last max-sm:col-span-3">
        <SuggestInput
          aria-label={`Tags of ring ${number}, separated by commas`}
          placeholder="Tags, such as pilot"
          label="tag"
          isList
          value={tags}
          onChange={(event) => {
            setTags(event.target.value);
            onChange({ tags: tagsOf(event.target.value) });
          }}
        />
      </div>
      <Button
        tone="ghost"
        size="icon"
        aria-label={`Remove ring ${number}`}
        disabled={!props.mayGo}
        onClick={props.onRemove}
      >
        <Trash2 aria-hidden="true" />
      </Button>
    </li>
  );
}

function tagsOf(line: string): string[] {
  const tags = line.split(',').map((tag) => tag.trim());
  return [...new Set(tags.filter((tag) => tag !== ''))];
}
