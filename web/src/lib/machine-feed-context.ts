import type { MachineRow } from '@guruconnect/shared';
import { createContext, useContext, useEffect, useRef, useState } from 'react';
import type { MachineFeed, MachineListener, MachineWatch } from './machine-feed.ts';

export const MachineFeedContext = createContext<MachineFeed | undefined>(undefined);

export function useMachineFeed(): MachineFeed {
  const feed = useContext(MachineFeedContext);
  if (!feed) throw new Error('useMachineFeed needs a MachineFeedContext above it.');
  return feed;
}

/** Watches machines while the component is there; the newest `listener` is told. Returns what sets their ids. */
export function useMachineWatch(listener: MachineListener): (machineIds: readonly string[]) => void {
  const feed = useMachineFeed();
  const newest = useRef(listener);
  const watch = useRef<MachineWatch>(undefined);
  const shown = useRef<readonly string[]>([]);
  useEffect(() => {
    newest.current = listener;
  });
  useEffect(() => {
    const started = feed.watch({
      changed: (rows) => newest.current.changed?.(rows),
      gone: (machineIds) => newest.current.gone?.(machineIds),
      appeared: (rows, more) => newest.current.appeared?.(rows, more),
      reconnected: () => newest.current.reconnected?.(),
    });
    started.show(shown.current);
    watch.current = started;
    return () => {
      watch.current = undefined;
      started.stop();
    };
  }, [feed]);
  const [show] = useState(() => (machineIds: readonly string[]) => {
    shown.current = machineIds;
    watch.current?.show(machineIds);
  });
  return show;
}

/** The newest row of one machine that is shown: what came with its details, until a newer one is told. */
export function useLiveRow(row: MachineRow | undefined): MachineRow | undefined {
  const [told, setTold] = useState<MachineRow>();
  const id = row?.machineId;
  const show = useMachineWatch({
    changed: (rows) => {
      const mine = rows.find((one) => one.machineId === id);
      if (mine)
        setTold((known) => (known && known.machineId === id && known.version > mine.version ? known : mine));
    },
  });
  useEffect(() => show(id === undefined ? [] : [id]), [show, id]);
  return told && row && told.machineId === id && told.version > row.version ? told : row;
}
