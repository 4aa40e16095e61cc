import type { ApiBody, MachineDetails } from '@guruconnect/shared';
import { useQueryClient } from '@tanstack/react-query';
import { toast } from 'sonner';
import { useApiMutation } from '../../lib/use-api.ts';
import { keyOf } from './use-machine.ts';

export type MachineChange = ApiBody<'changeMachine'>;

export interface ChangeWish {
  readonly change: MachineChange;
  /** What brings the old state back. */
  readonly undo: MachineChange;
  readonly said: string;
  readonly onDone?: () => void;
}

/** Changes what people say of a machine; every change can be undone from the note that tells of it. */
export function useChangeMachine(machineId: string): {
  isPending: boolean;
  change: (wish: ChangeWish) => void;
} {
  const queries = useQueryClient();
  const { mutate, isPending } = useApiMutation('changeMachine', {
    refreshes: ['suggestLabels'],
    onDone: (details) => queries.setQueryData<MachineDetails>(keyOf(machineId), details),
  });
  const params = { machineId };
  const change = ({ change: body, undo, said, onDone }: ChangeWish) =>
    mutate(
      { params, body },
      {
        onSuccess: () => {
          toast.success(said, {
            action: { label: 'Undo', onClick: () => mutate({ params, body: undo }) },
          });
          onDone?.();
        },
      },
    );
  return { isPending, change };
}
