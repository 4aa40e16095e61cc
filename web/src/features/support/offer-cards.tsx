import type { SessionView } from '@guruconnect/shared';
import { ArrowRightLeft } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { Button } from '../../components/button.tsx';
import { formatAgo } from '../../lib/format-ago.ts';
import { useMe } from '../../lib/me-context.ts';
import type { OpenSession } from '../../lib/open-session-context.ts';
import { useSessionFeed, useSessions } from '../../lib/session-feed-context.ts';
import { titleOf } from '../../lib/session-status.ts';
import { useApiMutation } from '../../lib/use-api.ts';
import { useNotifications } from '../../lib/use-notifications.ts';
import { offersTo } from './offers-to-me.ts';

/**
 * Sessions that are offered to me, over every page of the dashboard until they are answered (S4). The one that is open
 * in this tab says it itself.
 */
export function OfferCards(props: { open: OpenSession; openSessionId: string | undefined }) {
  const { open, openSessionId } = props;
  const me = useMe();
  const feed = useSessions();
  const offers = feed.status === 'ready' ? offersTo(feed.sessions, me.userId) : [];
  useTellOf(offers);
  return (
    <section
      aria-label="Offered to you"
      aria-live="polite"
      className="fixed right-4 bottom-4 left-4 z-40 grid gap-3 empty:hidden sm:left-auto sm:w-96"
    >
      {offers
        .filter((session) => session.id !== openSessionId)
        .map((session) => (
          <OfferCard key={session.id} session={session} open={open} />
        ))}
    </section>
  );
}

function OfferCard({ session, open }: { session: SessionView; open: OpenSession }) {
  const feed = useSessionFeed();
  const answer = useApiMutation('answerTransfer', {
    onDone: (changed) => {
      feed.put(changed);
      if (changed.transfer === null && answering.current === 'accept') open(session.id, 'control');
    },
  });
  const answering = useRef<'accept' | 'decline'>(undefined);
  const give = (choice: 'accept' | 'decline') => {
    answering.current = choice;
    answer.mutate({ params: { sessionId: session.id }, body: { answer: choice } });
  };
  const { transfer } = session;
  if (!transfer) return null;
  const chosen = answer.variables?.body.answer;
  return (
    <article
      aria-label={`${titleOf(session)}, offered by ${transfer.from.name}`}
      className="animate-appear rounded-card border-2 border-primary bg-card p-4 text-card-foreground shadow-xl"
    >
      <p className="flex items-start gap-3">
        <ArrowRightLeft aria-hidden="true" className="mt-0.5 size-5 shrink-0 text-primary" />
        <span className="min-w-0 text-sm [overflow-wrap:anywhere]">
          <span className="font-medium">{transfer.from.name}</span> offers you{' '}
          <span className="font-medium">{titleOf(session)}</span>
          <span className="block text-muted-foreground text-xs">{formatAgo(transfer.at)}</span>
          {transfer.note && (
            <span dir="auto" className="mt-1.5 block rounded-lg bg-muted px-3 py-2">
              {transfer.note}
            </span>
          )}
        </span>
      </p>
      <div className="mt-3 flex justify-end gap-2">
        <Button size="small" busy={answer.isPending && chosen === 'decline'} onClick={() => give('decline')}>
          Decline
        </Button>
        <Button
          size="small"
          tone="primary"
          busy={answer.isPending && chosen === 'accept'}
          onClick={() => give('accept')}
        >
          Accept
        </Button>
      </div>
    </article>
  );
}

/** Each offer is told once, also to whoever looks elsewhere. */
function useTellOf(offers: readonly SessionView[]): void {
  const notify = useNotifications();
  const told = useRef(new Set<string>());
  useEffect(() => {
    for (const session of offers) {
      const { transfer } = session;
      if (!transfer) continue;
      const key = `${session.id}:${transfer.at}`;
      if (told.current.has(key)) continue;
      told.current.add(key);
      notify({
        title: `${transfer.from.name} offers you ${titleOf(session)}`,
        body: transfer.note,
        tag: `offer:${session.id}`,
      });
    }
  }, [offers, notify]);
}
