import type { ApiBody } from '@guruconnect/shared';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { toast } from 'sonner';
import { useApi } from '../../lib/api-context.ts';
import { useApiMutation } from '../../lib/use-api.ts';

export type BulkChange = ApiBody<'changeMachines'>['change'];

/** Changes that ask for something first: a tag, a place, a note, or whether it is meant. */
export type BulkDialogKind = Exclude<BulkChange['kind'], 'unflag' | 'restore'>;

/** Long enough to read what happened and to change one's mind. */
const UNDO_MS = 10_000;

/** Changes the chosen machines; what can be taken back is, from the note that tells of it. */
export function useBulkChange(deps: {
  machineIds: readonly string[];
  /** After a change or its undoing: the list shows what is so now. */
  onChanged: (change: BulkChange) => void;
}) {
  const api = useApi();
  const queries = useQueryClient();
  const { onChanged } = deps;
  const settle = useCallback(
    (change: BulkChange) => {
      onChanged(change);
      void queries.invalidateQueries({ queryKey: ['getMachine'] });
    },
    [onChanged, queries],
  );
  const { mutate, isPending } = useApiMutation('changeMachines');
  const machineIds = [...deps.machineIds];

  function apply(change: BulkChange, onDone?: () => void): void {
    mutate(
      { body: { machineIds, change } },
      {
        onSuccess: ({ changed }) => {
          settle(change);
          onDone?.();
          const undo = undoOf(change);
          const undoNow = () =>
            api.call('changeMachines', { body: { machineIds, change: undo as BulkChange } }).then(
              () => {
                settle(undo as BulkChange);
                toast.success('It is as it was.');
              },
              () => toast.error('It could not be undone. Try again from the list.'),
            );
          toast.success(saidOf(change, changed), {
            ...(undo ? { action: { label: 'Undo', onClick: () => void undoNow() } } : {}),
            duration: undo ? UNDO_MS : 4_000,
          });
        },
      },
    );
  }
  return { apply, isPending };
}

/** What takes a change back on all machines alike; undefined where each machine was different before. */
function undoOf(change: BulkChange): BulkChange | undefined {
  return change.kind === 'remove' ? { kind: 'restore' } : undefined;
}

function saidOf(change: BulkChange, count: number): string {
  const machines = count === 1 ? '1 machine was' : `${count.toLocaleString('en')} machines were`;
  switch (change.kind) {
    case 'add-tag':
      return `${machines} tagged “${change.tag}”.`;
    case 'remove-tag':
      return `The tag “${change.tag}” was taken off ${count === 1 ? '1 machine' : `${count} machines`}.`;
    case 'move':
      return `${machines} moved.`;
    case 'flag':
      return `${machines} flagged.`;
    case 'unflag':
      return `${machines} unflagged.`;
    case 'remove':
      return `${machines} removed.`;
    case 'restore':
      return `${machines} brought back.`;
  }
}
