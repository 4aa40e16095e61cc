import type { SessionView } from '@guruconnect/shared';
import { Activity } from 'lucide-react';
import { useEffect, useId, useState } from 'react';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { Duration } from '../../components/duration.tsx';
import { LoadFailure } from '../../components/load-failure.tsx';
import { useConsole } from '../../lib/console-context.ts';
import { END_REASON_TEXT } from '../../lib/end-reason-text.ts';
import { formatTime } from '../../lib/format-time.ts';
import { useMe } from '../../lib/me-context.ts';
import { useSessions } from '../../lib/session-feed-context.ts';
import { titleOf } from '../../lib/session-status.ts';
import { useApiQuery } from '../../lib/use-api.ts';
import { groupSessions, mergeSessions } from './group-sessions.ts';
import { SessionQuality } from './session-quality.tsx';

const SHOWN = 10;

/** What has ended lately; sessions that end now move here by themselves. */
export function RecentSessions() {
  const me = useMe();
  const feed = useSessions();
  const stored = useApiQuery('listSessions', { query: { state: 'ended', limit: SHOWN } });
  useRefetchOnReconnect(stored.refetch);
  const live = feed.status === 'ready' ? feed.sessions : [];
  const { ended } = groupSessions(mergeSessions(live, stored.data?.sessions ?? []), me.userId);
  if (stored.error) return <LoadFailure error={stored.error} onRetry={() => void stored.refetch()} />;
  if (ended.length === 0) return null;
  return (
    <section aria-label="Recently ended" className="grid gap-3">
      <h2 className="font-semibold">Recently ended</h2>
      <Card className="divide-y">
        {ended.slice(0, SHOWN).map((session) => (
          <EndedRow key={session.id} session={session} isMine={session.owner?.userId === me.userId} />
        ))}
      </Card>
    </section>
  );
}

/** What ended while the line was down was told to nobody here. */
function useRefetchOnReconnect(refetch: () => Promise<unknown>): void {
  const connection = useConsole();
  useEffect(() => {
    let wasOnline = connection.getState().status === 'online';
    return connection.subscribe(() => {
      if (connection.getState().status !== 'online') return;
      if (wasOnline) void refetch();
      wasOnline = true;
    });
  }, [connection, refetch]);
}

function EndedRow({ session, isMine }: { session: SessionView; isMine: boolean }) {
  const { lifecycle } = session;
  const [isOpen, setOpen] = useState(false);
  const qualityId = useId();
  if (lifecycle.phase !== 'ended') return null;
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-3 text-sm">
      <p className="min-w-0 flex-1 basis-48 truncate">
        <span className="font-medium">{titleOf(session)}</span>
        {!isMine && session.owner && <span className="text-muted-foreground"> · {session.owner.name}</span>}
      </p>
      <Badge tone="neutral">{END_REASON_TEXT[lifecycle.reason]}</Badge>
      <p className="text-muted-foreground">
        {lifecycle.openedAt !== null && (
          <>
            <Duration since={lifecycle.openedAt} until={lifecycle.endedAt} /> ·{' '}
          </>
        )}
        {formatTime(lifecycle.endedAt)}
      </p>
      {lifecycle.openedAt !== null && (
        <Button
          tone="ghost"
          size="small"
          aria-expanded={isOpen}
          aria-controls={qualityId}
          aria-label={`Quality of ${titleOf(session)}`}
          onClick={() => setOpen(!isOpen)}
        >
          <Activity aria-hidden="true" />
          Quality
        </Button>
      )}
      <div id={qualityId} className="basis-full" hidden={!isOpen}>
        {isOpen && <SessionQuality sessionId={session.id} />}
      </div>
    </div>
  );
}
