import type { SessionView } from '@guruconnect/shared';
import { Headset } from 'lucide-react';
import type { ReactNode } from 'react';
import { EmptyState } from '../../components/empty-state.tsx';
import { LoadFailure } from '../../components/load-failure.tsx';
import { SkeletonRows } from '../../components/skeleton.tsx';
import { useMe } from '../../lib/me-context.ts';
import { useSessionFeed, useSessions } from '../../lib/session-feed-context.ts';
import { groupSessions } from './group-sessions.ts';
import { SessionCard } from './session-card.tsx';

/** The active sessions in their groups. */
export function SessionGroupsView() {
  const me = useMe();
  const feed = useSessionFeed();
  const state = useSessions();
  if (state.status === 'loading') return <SkeletonRows />;
  if (state.status === 'failed') return <LoadFailure error={state.error} onRetry={feed.retry} />;
  const { mine, available, team } = groupSessions(state.sessions, me.userId);
  return (
    <>
      {available.length > 0 && (
        <Group title="Available" count={available.length} hint="The first to claim one has it.">
          <Cards sessions={available} headingLevel={3} />
        </Group>
      )}
      <Group title="My sessions" count={mine.length}>
        {mine.length > 0 ? (
          <Cards sessions={mine} headingLevel={3} />
        ) : (
          <EmptyState icon={Headset} title="No sessions of yours right now">
            Generate a code and read it to the end user. They enter it on {location.host} and appear here.
          </EmptyState>
        )}
      </Group>
      {team.length > 0 && (
        <Group title="Team" count={team.reduce((sum, group) => sum + group.sessions.length, 0)}>
          <div className="grid gap-5">
            {team.map((group) => (
              <div key={group.userId} className="grid gap-2">
                <h3 className="font-medium text-muted-foreground text-sm">{group.name}</h3>
                <Cards sessions={group.sessions} headingLevel={4} />
              </div>
            ))}
          </div>
        </Group>
      )}
    </>
  );
}

function Cards({ sessions, headingLevel }: { sessions: readonly SessionView[]; headingLevel: 3 | 4 }) {
  return (
    <ul className="grid gap-3">
      {sessions.map((session) => (
        <li key={session.id}>
          <SessionCard session={session} headingLevel={headingLevel} />
        </li>
      ))}
    </ul>
  );
}

function Group(props: { title: string; count: number; hint?: string; children: ReactNode }) {
  return (
    <section aria-label={props.title} className="grid gap-3">
      <header className="flex items-baseline gap-2">
        <h2 className="font-semibold">{props.title}</h2>
        <span className="rounded-full bg-muted px-2 py-0.5 text-muted-foreground text-xs tabular-nums">
          {props.count}
        </span>
        {props.hint && <p className="text-muted-foreground text-sm">{props.hint}</p>}
      </header>
      {props.children}
    </section>
  );
}
