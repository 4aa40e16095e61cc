import type { MachineRow } from '@guruconnect/shared';
import { useEffect, useRef } from 'react';
import { useMachineFeed } from '../../lib/machine-feed-context.ts';
import { useMe } from '../../lib/me-context.ts';
import { useApiQuery } from '../../lib/use-api.ts';
import { useNotifications } from '../../lib/use-notifications.ts';
import { newlyOnline } from './newly-online.ts';

const REFRESH_MS = 60_000;
const MAX_FLAGGED = 100;

/** Tells when a flagged machine comes online, for people who want to be told of things (D2). Draws nothing. */
export function FlaggedWatch({ onOpen }: { onOpen: (machineId: string) => void }) {
  const { notifications } = useMe().preferences;
  if (!notifications.browser && !notifications.sound) return null;
  return <Watching onOpen={onOpen} />;
}

function Watching({ onOpen }: { onOpen: (machineId: string) => void }) {
  const feed = useMachineFeed();
  const notify = useNotifications();
  const away = useApiQuery('listMachines', { query: { query: 'is:flagged is:offline', limit: MAX_FLAGGED } });
  const { data, refetch } = away;
  useEffect(() => {
    const timer = setInterval(() => void refetch(), REFRESH_MS);
    return () => clearInterval(timer);
  }, [refetch]);
  const tell = useRef((_row: MachineRow) => {});
  tell.current = (row) =>
    notify({
      title: `${row.name} is online`,
      body: row.attention?.note ?? '',
      tag: `online:${row.machineId}`,
      onClick: () => onOpen(row.machineId),
    });
  useEffect(() => {
    if (!data) return undefined;
    const awayIds = new Set(data.machines.map(({ machineId }) => machineId));
    const watch = feed.watch({
      changed: (rows) => {
        for (const row of newlyOnline(awayIds, rows)) tell.current(row);
      },
    });
    watch.show([...awayIds]);
    return () => watch.stop();
  }, [data, feed]);
  return null;
}
