import type { MachineDetails } from '@guruconnect/shared';
import { Pencil } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { Button } from '../../components/button.tsx';
import { TextArea } from '../../components/input.tsx';
import { Notice } from '../../components/notice.tsx';
import { PanelSection } from './fact-list.tsx';
import { useChangeMachine } from './use-change-machine.ts';

const MAX_NOTES = 10_000;

/** What technicians should know of the machine, edited in its place. */
export function NotesSection({ details }: { details: MachineDetails }) {
  const [isEditing, setEditing] = useState(false);
  const { notes, rights } = details;
  return (
    <PanelSection
      title="Notes"
      action={
        rights.edit &&
        !isEditing && (
          <Button tone="ghost" size="small" aria-label="Edit the notes" onClick={() => setEditing(true)}>
            <Pencil aria-hidden="true" /> Edit
          </Button>
        )
      }
    >
      {isEditing ? (
        <NotesForm details={details} onDone={() => setEditing(false)} />
      ) : notes ? (
        <p dir="auto" className="whitespace-pre-wrap text-sm [overflow-wrap:anywhere]">
          {notes}
        </p>
      ) : (
        <p className="text-muted-foreground text-sm">No notes.</p>
      )}
    </PanelSection>
  );
}

function NotesForm({ details, onDone }: { details: MachineDetails; onDone: () => void }) {
  const [before, setBefore] = useState(details.notes);
  const [text, setText] = useState(details.notes);
  const { change, isPending } = useChangeMachine(details.row.machineId);
  const isOvertaken = details.notes !== before;
  function submit(event?: FormEvent): void {
    event?.preventDefault();
    const notes = text.trimEnd();
    if (notes === details.notes) onDone();
    else change({ change: { notes }, undo: { notes: details.notes }, said: 'The notes were saved.', onDone });
  }
  return (
    <form onSubmit={submit} className="grid gap-2">
      {isOvertaken && (
        <Notice
          tone="warning"
          announce
          action={
            <Button
              size="small"
              onClick={() => {
                setText(`${details.notes}\n${text}`);
                setBefore(details.notes);
              }}
            >
              Put mine below theirs
            </Button>
          }
        >
          Somebody else changed the notes meanwhile. Saving replaces theirs.
        </Notice>
      )}
      <TextArea
        aria-label="Notes"
        dir="auto"
        autoFocus
        rows={5}
        maxLength={MAX_NOTES}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit();
          if (event.key !== 'Escape') return;
          event.stopPropagation();
          // What was written is not lost to one key.
          if (text === details.notes) onDone();
        }}
      />
      <div className="flex gap-2">
        <Button type="submit" tone="primary" size="small" busy={isPending}>
          Save
        </Button>
        <Button size="small" onClick={onDone}>
          Keep as it was
        </Button>
      </div>
    </form>
  );
}
