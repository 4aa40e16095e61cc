import type { SessionView } from '@guruconnect/shared';
import { useEffect } from 'react';
import { Duration } from '../../components/duration.tsx';
import { LoadFailure } from '../../components/load-failure.tsx';
import { SkeletonRows } from '../../components/skeleton.tsx';
import { END_REASON_TEXT } from '../../lib/end-reason-text.ts';
import { formatTime } from '../../lib/format-time.ts';
import { useApiQuery } from '../../lib/use-api.ts';
import { PanelSection } from './fact-list.tsx';
import { peopleOf } from './session-people.ts';

/** Who was on the machine, when, for how long. `openSessionId` changes when a session begins or ends. */
export function HistorySection(props: { machineId: string; openSessionId: string | null }) {
  const { machineId, openSessionId } = props;
  const history = useApiQuery('machineSessions', { params: { machineId } });
  const { refetch } = history;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another session is another history
  useEffect(() => void refetch(), [openSessionId, refetch]);
  return (
    <PanelSection title="Sessions">
      {history.error ? (
        <LoadFailure error={history.error} onRetry={() => void refetch()} />
      ) : !history.data ? (
        <SkeletonRows rows={1} />
      ) : history.data.sessions.length === 0 ? (
        <p className="text-muted-foreground text-sm">Nobody has connected to it yet.</p>
      ) : (
        <ul className="grid gap-2.5 text-sm">
          {history.data.sessions.map((session) => (
            <HistoryLine key={session.id} session={session} />
          ))}
        </ul>
      )}
    </PanelSection>
  );
}

function HistoryLine({ session }: { session: SessionView }) {
  const { lifecycle } = session;
  const from = lifecycle.phase === 'waiting' ? session.createdAt : (lifecycle.openedAt ?? session.createdAt);
  return (
    <li>
      <p className="flex flex-wrap justify-between gap-x-3">
        <span className="min-w-0 font-medium [overflow-wrap:anywhere]">{peopleOf(session)}</span>
        <span className="text-muted-foreground">
          {lifecycle.phase === 'ended' ? (
            <Duration since={from} until={lifecycle.endedAt} />
          ) : (
            <Duration since={from} />
          )}
        </span>
      </p>
      <p className="text-muted-foreground text-xs">
        {formatTime(from)} · {lifecycle.phase === 'ended' ? END_REASON_TEXT[lifecycle.reason] : 'Open now'}
      </p>
    </li>
  );
}
