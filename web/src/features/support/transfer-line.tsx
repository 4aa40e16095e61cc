import type { SessionView } from '@guruconnect/shared';
import { ArrowRightLeft } from 'lucide-react';
import { Button } from '../../components/button.tsx';
import { useMe } from '../../lib/me-context.ts';
import { useSessionFeed } from '../../lib/session-feed-context.ts';
import { useApiMutation } from '../../lib/use-api.ts';

/** An offer of the session that waits for its answer. */
export function TransferLine({ session }: { session: SessionView }) {
  const me = useMe();
  const feed = useSessionFeed();
  const answer = useApiMutation('answerTransfer', { onDone: feed.put });
  const { transfer } = session;
  if (!transfer) return null;
  const give = (choice: 'accept' | 'decline' | 'withdraw') =>
    answer.mutate({ params: { sessionId: session.id }, body: { answer: choice } });
  return (
    <div className="flex flex-wrap items-center gap-3 border-t bg-accent px-4 py-2.5 text-accent-foreground text-sm">
      <ArrowRightLeft aria-hidden="true" className="size-4 shrink-0" />
      <p className="min-w-0 flex-1 basis-52 [overflow-wrap:anywhere]">
        {transfer.from.name} offers it to {transfer.to.userId === me.userId ? 'you' : transfer.to.name}
        {transfer.note && <span dir="auto">: {transfer.note}</span>}
      </p>
      {transfer.to.userId === me.userId && (
        <>
          <Button size="small" tone="primary" busy={answer.isPending} onClick={() => give('accept')}>
            Accept
          </Button>
          <Button size="small" busy={answer.isPending} onClick={() => give('decline')}>
            Decline
          </Button>
        </>
      )}
      {transfer.from.userId === me.userId && (
        <Button size="small" busy={answer.isPending} onClick={() => give('withdraw')}>
          Withdraw
        </Button>
      )}
    </div>
  );
}
