import { MAX_QUERY_LENGTH, parseMachineQuery, printMachineQuery } from '@guruconnect/shared';
import { keepPreviousData, skipToken, useQuery } from '@tanstack/react-query';
import { useContext, useEffect, useState } from 'react';
import { useNavigate } from 'react-router';
import { useApi } from '../../lib/api-context.ts';
import { useConnectTo } from '../../lib/connect-to.ts';
import { OpenSessionContext } from '../../lib/open-session-context.ts';
import { useSessions } from '../../lib/session-feed-context.ts';
import {
  commandItems,
  type Doings,
  machineItems,
  type PaletteItem,
  recentItems,
  sessionItems,
} from './palette-items.ts';
import { usePaletteMemory } from './palette-store.ts';
import { useCommands } from './use-commands.ts';

const MAX_MACHINES = 8;
const SEARCH_AFTER_MS = 120;

/** What the palette offers for what was typed; `isSearching` while the server looks for machines. */
export function usePaletteItems(text: string): { items: readonly PaletteItem[]; isSearching: boolean } {
  const wish = text.trim();
  const commands = useCommands();
  const doings = useDoings();
  const feed = useSessions();
  const recent = usePaletteMemory((memory) => memory.recent);
  const machines = useFoundMachines(wish);
  if (wish === '')
    return {
      items: [...recentItems(recent, commands, doings), ...commandItems(commands, '')],
      isSearching: false,
    };
  const sessions = feed.status === 'ready' ? feed.sessions : [];
  return {
    items: [
      ...machineItems(machines.data?.machines ?? [], doings),
      ...sessionItems(sessions, wish, doings),
      ...commandItems(commands, wish),
    ],
    isSearching: machines.isFetching,
  };
}

function useDoings(): Doings {
  const navigate = useNavigate();
  const connectTo = useConnectTo();
  const openSession = useContext(OpenSessionContext);
  return {
    connect: ({ machineId, name }) => connectTo({ machineId, name }),
    openMachine: (machineId) => void navigate(`/app/access/${machineId}`),
    openSession: (session) => openSession?.(session.id, session.rights.control ? 'control' : 'view'),
  };
}

function useFoundMachines(wish: string) {
  const api = useApi();
  const query = useRested(asQuery(wish), SEARCH_AFTER_MS);
  return useQuery({
    queryKey: ['listMachines', 'palette', query],
    queryFn: query
      ? ({ signal }) =>
          api.call('listMachines', { query: { query, limit: MAX_MACHINES, count: 'quick' }, signal })
      : skipToken,
    placeholderData: keepPreviousData,
    staleTime: 5_000,
  });
}

/** What was typed as a query; as plain words where it is none. */
function asQuery(wish: string): string {
  if (parseMachineQuery(wish).ok) return wish;
  const terms = wish
    .replaceAll('"', ' ')
    .split(/\s+/)
    .filter(Boolean)
    .map((text) => ({ kind: 'word', text, not: false }) as const);
  return printMachineQuery({ terms }).slice(0, MAX_QUERY_LENGTH);
}

/** The value once it has stayed the same for a while. */
function useRested(value: string, ms: number): string {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return rested;
}
