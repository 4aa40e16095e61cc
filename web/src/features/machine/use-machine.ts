import type { MachineDetails, MachineRow } from '@guruconnect/shared';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useMachineFeed } from '../../lib/machine-feed-context.ts';
import { useApiQuery } from '../../lib/use-api.ts';

/** Changes come in bursts, and the details are asked for once for each. */
const SETTLED_MS = 400;

/** Everything about one machine, live: its row as it changes, the rest loaded anew after that. */
export function useMachine(machineId: string) {
  const feed = useMachineFeed();
  const queries = useQueryClient();
  const details = useApiQuery('getMachine', { params: { machineId } });

  useEffect(() => {
    const queryKey = keyOf(machineId);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const loadAnew = () => {
      clearTimeout(timer);
      timer = setTimeout(() => void queries.invalidateQueries({ queryKey }), SETTLED_MS);
    };
    const put = (row: MachineRow) => {
      const known = queries.getQueryData<MachineDetails>(queryKey);
      // The reply to the first wish brings the row that the details have already.
      if (known && known.row.version >= row.version) return;
      if (known) queries.setQueryData<MachineDetails>(queryKey, { ...known, row });
      loadAnew();
    };
    const pick = (rows: readonly MachineRow[]) => {
      const row = rows.find((one) => one.machineId === machineId);
      if (row) put(row);
    };
    const watch = feed.watch({
      changed: pick,
      appeared: pick,
      gone: (machineIds) => {
        if (machineIds.includes(machineId)) loadAnew();
      },
      reconnected: loadAnew,
    });
    watch.show([machineId]);
    return () => {
      clearTimeout(timer);
      watch.stop();
    };
  }, [machineId, feed, queries]);

  return details;
}

/** Under which the details of a machine are kept, as `useApiQuery` does it. */
export function keyOf(machineId: string): readonly unknown[] {
  return ['getMachine', { params: { machineId } }];
}
