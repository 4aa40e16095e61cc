import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import { useApi } from '../../lib/api-context.ts';
import { useMachineFeed, useMachineWatch } from '../../lib/machine-feed-context.ts';
import { type ListState, type ListWish, MachineList } from './machine-list.ts';

const after = (ms: number, task: () => void) => {
  const timer = setTimeout(task, ms);
  return () => clearTimeout(timer);
};

/** The list that the address asks for, live. `show` takes the rows on the screen, which are watched then. */
export function useMachineList(wish: ListWish): {
  list: MachineList;
  state: ListState;
  show: (machineIds: readonly string[]) => void;
} {
  const api = useApi();
  const feed = useMachineFeed();
  const [list] = useState(() => new MachineList({ api, after }, wish));
  const state = useSyncExternalStore(list.subscribe, list.getState);
  const { group, query, sort, direction } = wish;
  useEffect(() => list.open({ group, query, sort, direction }), [list, group, query, sort, direction]);
  useEffect(() => () => list.close(), [list]);
  const show = useMachineWatch({
    changed: (rows) => list.changed(rows),
    gone: (machineIds) => {
      list.drop(machineIds);
      list.news();
    },
    appeared: () => list.news(),
    reconnected: () => list.refresh(),
  });
  useEffect(() => {
    const watch = feed.watch(
      {
        counts: (counts) => {
          if (counts.some(({ key }) => key === group || key === 'all')) list.news();
        },
      },
      { counts: true },
    );
    return () => watch.stop();
  }, [feed, list, group]);
  const shown = useCallback((machineIds: readonly string[]) => show(machineIds), [show]);
  return { list, state, show: shown };
}
