import type { MachineDetails } from '@guruconnect/shared';
import { useQueryClient } from '@tanstack/react-query';
import { toast } from 'sonner';
import { useApiMutation } from '../../lib/use-api.ts';
import { keyOf } from './use-machine.ts';

/** Puts the attention flag on with a note, or takes it off with null; both can be undone. */
export function useFlagMachine(machineId: string) {
  const queries = useQueryClient();
  const { mutate, isPending } = useApiMutation('flagMachine', {
    onDone: (details) => queries.setQueryData<MachineDetails>(keyOf(machineId), details),
  });
  const params = { machineId };
  const setFlag = (note: string | null, before: string | null, onDone?: () => void) =>
    mutate(
      { params, body: { note } },
      {
        onSuccess: () => {
          toast.success(note === null ? 'The flag was taken off.' : 'Flagged for attention.', {
            action: { label: 'Undo', onClick: () => mutate({ params, body: { note: before } }) },
          });
          onDone?.();
        },
      },
    );
  return { isPending, setFlag };
}
