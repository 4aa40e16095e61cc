import type { SupportRequestView } from '@guruconnect/shared';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useConsole } from './console-context.ts';
import { useApiQuery } from './use-api.ts';

/** Requests for help that nobody closed, the newest first; live while this is shown (U2). */
export function useSupportRequests() {
  const connection = useConsole();
  const queries = useQueryClient();
  const requests = useApiQuery('listSupportRequests', { query: {} });
  useEffect(() => {
    const loadAnew = () => void queries.invalidateQueries({ queryKey: ['listSupportRequests'] });
    const stops = [
      connection.on('requests:changed', loadAnew),
      // What happened while the line was away was told to nobody.
      connection.onOnline(loadAnew),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, [connection, queries]);
  return requests;
}

/** Requests that came since the last look; the first look brings none. */
export function newRequests(
  seen: ReadonlySet<string> | undefined,
  now: readonly SupportRequestView[],
): SupportRequestView[] {
  return seen ? now.filter(({ requestId }) => !seen.has(requestId)) : [];
}
