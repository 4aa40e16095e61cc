import { MAX_TAGS, type MachineDetails } from '@guruconnect/shared';
import { Plus, X } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { toast } from 'sonner';
import { Button } from '../../components/button.tsx';
import { SuggestInput } from '../../components/suggest-input.tsx';
import { FactRow, Unknown } from './fact-list.tsx';
import { withTag } from './tag-list.ts';
import { useChangeMachine } from './use-change-machine.ts';

/** The machine's tags: each taken off by its cross, new ones entered or chosen from those in use. */
export function TagsRow({ details }: { details: MachineDetails }) {
  const { row, rights } = details;
  const { tags } = row;
  const { change, isPending } = useChangeMachine(row.machineId);
  const [text, setText] = useState('');
  const [isAdding, setAdding] = useState(false);
  const save = (next: string[], said: string, onDone?: () => void) =>
    change({ change: { tags: next }, undo: { tags }, said, ...(onDone ? { onDone } : {}) });
  function submit(event: FormEvent): void {
    event.preventDefault();
    const added = withTag(tags, text);
    if (added.kind === 'empty') setAdding(false);
    else if (added.kind === 'refused') toast.error(added.sentence);
    else save(added.tags, `Tagged ${added.tag}.`, () => setText(''));
  }
  return (
    <FactRow name="Tags">
      <div className="flex flex-wrap items-center gap-1.5">
        {tags.length === 0 && !rights.edit && <Unknown />}
        {tags.map((tag) => (
          <span
            key={tag}
            className="inline-flex max-w-full items-center gap-1 rounded-full bg-accent py-0.5 pr-1 pl-2.5 text-accent-foreground text-xs"
          >
            <bdi className="min-w-0 truncate">{tag}</bdi>
            {rights.edit && (
              <button
                type="button"
                aria-label={`Take the tag ${tag} off`}
                onClick={() =>
                  save(
                    tags.filter((one) => one !== tag),
                    `${tag} was taken off.`,
                  )
                }
                className="grid size-5 place-items-center rounded-full hover:bg-muted"
              >
                <X aria-hidden="true" className="size-3" />
              </button>
            )}
          </span>
        ))}
        {rights.edit && !isAdding && tags.length < MAX_TAGS && (
          <Button
            tone="ghost"
            size="small"
            className="-ml-1 h-6 px-1.5 text-xs"
            onClick={() => setAdding(true)}
          >
            <Plus aria-hidden="true" /> Add tag
          </Button>
        )}
        {isAdding && (
          <form onSubmit={submit} className="flex w-full items-center gap-1">
            <SuggestInput
              label="tag"
              aria-label="New tag"
              autoFocus
              maxLength={80}
              without={tags}
              className="h-8"
              value={text}
              onChange={(event) => setText(event.target.value)}
              onKeyDown={(event) => {
                if (event.key !== 'Escape') return;
                event.stopPropagation();
                setAdding(false);
              }}
            />
            <Button type="submit" size="small" busy={isPending}>
              Add
            </Button>
          </form>
        )}
      </div>
    </FactRow>
  );
}
