import type { ApiBody } from '@guruconnect/shared';
import { useQueryClient } from '@tanstack/react-query';
import { toast } from 'sonner';
import { useApiMutation } from '../../lib/use-api.ts';
import { keyOf } from './use-machine.ts';

type BulkChange = ApiBody<'changeMachines'>['change'];

/** Moves, removes or brings back one machine; a removal and a move can be undone from the note that tells of it. */
export function useMoveMachine(machineId: string) {
  const queries = useQueryClient();
  const { mutate, isPending } = useApiMutation('changeMachines', {
    onDone: () => void queries.invalidateQueries({ queryKey: keyOf(machineId) }),
  });
  const machineIds = [machineId];
  const move = (change: BulkChange, undo: BulkChange | undefined, said: string, onDone?: () => void) =>
    mutate(
      { body: { machineIds, change } },
      {
        onSuccess: () => {
          const action = undo && {
            label: 'Undo',
            onClick: () => mutate({ body: { machineIds, change: undo } }),
          };
          toast.success(said, action ? { action, duration: 10_000 } : {});
          onDone?.();
        },
      },
    );
  return { isPending, move };
}
