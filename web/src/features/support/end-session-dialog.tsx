import { formatSessionCode, type SessionView } from '@guruconnect/shared';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { useSessionFeed } from '../../lib/session-feed-context.ts';
import { titleOf } from '../../lib/session-status.ts';
import { useApiMutation } from '../../lib/use-api.ts';

/** Unattended sessions have no code: one that is still starting is ended like any other. */
export function isUnusedCode({ lifecycle, origin }: SessionView): boolean {
  return lifecycle.phase === 'waiting' && origin !== 'machine';
}

/** Confirms ending a session, or cancelling a code that nobody used: neither can be taken back. */
export function EndSessionDialog(props: {
  session: SessionView;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const { session, open, onOpenChange } = props;
  const feed = useSessionFeed();
  const onDone = (changed: SessionView) => {
    feed.put(changed);
    onOpenChange(false);
  };
  const end = useApiMutation('endSession', { onDone, said: 'The session has ended.' });
  const cancel = useApiMutation('cancelSession', { onDone, said: 'The code was cancelled.' });
  const isWaiting = isUnusedCode(session);
  const input = { params: { sessionId: session.id } };
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={onOpenChange}
      title={isWaiting ? 'Cancel this code?' : `End ${titleOf(session)}?`}
      confirmLabel={isWaiting ? 'Cancel the code' : 'End the session'}
      busy={end.isPending || cancel.isPending}
      onConfirm={() => (isWaiting ? cancel.mutate(input) : end.mutate(input))}
    >
      {isWaiting
        ? `The code ${session.code ? formatSessionCode(session.code) : ''} stops working at once.`
        : session.machineId
          ? 'Everybody is disconnected. The machine stays reachable for a new session.'
          : 'Everybody is disconnected and the app on the computer closes. A new session needs a new code.'}
    </ConfirmDialog>
  );
}
