import type { MachineDetails } from '@guruconnect/shared';
import { type FormEvent, useState } from 'react';
import { Button } from '../../components/button.tsx';
import { Dialog, DialogActions } from '../../components/dialog.tsx';
import { Field } from '../../components/field.tsx';
import { TextArea } from '../../components/input.tsx';
import { useFlagMachine } from './use-flag-machine.ts';

/** Flags a machine for attention, with what somebody should look at. */
export function FlagDialog({ details, onClose }: { details: MachineDetails; onClose: () => void }) {
  const { row } = details;
  const before = row.attention?.note ?? null;
  const [note, setNote] = useState(before ?? '');
  const { isPending, setFlag } = useFlagMachine(row.machineId);
  function submit(event: FormEvent): void {
    event.preventDefault();
    setFlag(note.trim(), before, onClose);
  }
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={`Flag ${row.name}`}
      description="It appears in the group Attention for everybody who reaches it."
    >
      <form onSubmit={submit}>
        <Field label="What should somebody look at?" hint="May be left empty.">
          {(control) => (
            <TextArea
              {...control}
              autoFocus
              maxLength={500}
              value={note}
              onChange={(event) => setNote(event.target.value)}
            />
          )}
        </Field>
        <DialogActions>
          <Button type="submit" tone="primary" busy={isPending}>
            Flag
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
