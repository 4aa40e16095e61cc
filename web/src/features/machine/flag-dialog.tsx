import type { MachineDetails } from '@guruconnect/shared';
import { Dialog } from '../../components/dialog.tsx';
import { FlagForm } from '../../components/flag-form.tsx';
import { useFlagMachine } from './use-flag-machine.ts';

/** Flags a machine for attention, with what somebody should look at. */
export function FlagDialog({ details, onClose }: { details: MachineDetails; onClose: () => void }) {
  const { row } = details;
  const before = row.attention?.note ?? null;
  const { isPending, setFlag } = useFlagMachine(row.machineId);
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={`Flag ${row.name}`}
      description="It appears in the group Attention for everybody who reaches it."
    >
      <FlagForm before={before ?? ''} busy={isPending} onFlag={(note) => setFlag(note, before, onClose)} />
    </Dialog>
  );
}
