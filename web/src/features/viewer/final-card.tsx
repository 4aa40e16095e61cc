import type { SessionView } from '@guruconnect/shared';
import { Button } from '../../components/button.tsx';
import { buttonStyles } from '../../components/button-styles.ts';
import { WaitingCard } from '../../components/waiting-card.tsx';
import { connectPath } from '../../lib/connect-to.ts';
import { END_REASON_TEXT } from '../../lib/end-reason-text.ts';
import { signInPathFor } from './sign-in-path.ts';
import type { ViewerPhase } from './viewer-state.ts';

type FinalPhase = Extract<ViewerPhase, { kind: 'ended' | 'left' | 'signed-out' | 'failed' }>;

/** It is over: why, in plain words, and the ways on. */
export function FinalCard(props: {
  phase: FinalPhase;
  title: string;
  session: SessionView | undefined;
  onJoinAgain: () => void;
}) {
  const { phase, session } = props;
  const machineId = session?.machineId ?? undefined;
  return (
    <WaitingCard
      title={HEADINGS[phase.kind]}
      busy={false}
      actions={
        <>
          {phase.kind === 'signed-out' ? (
            <a href={signInPathFor(window.location)} className={buttonStyles({ tone: 'primary' })}>
              Sign in
            </a>
          ) : (
            <a
              href={machineId ? `/app/access/${machineId}` : '/app/support'}
              className={buttonStyles({ tone: 'primary' })}
            >
              {machineId ? 'Back to the machine' : 'Back to sessions'}
            </a>
          )}
          {phase.kind === 'ended' && machineId && (
            <a href={connectPath(machineId)} className={buttonStyles()}>
              Connect again
            </a>
          )}
          {phase.kind === 'left' && <Button onClick={props.onJoinAgain}>Join again</Button>}
          {phase.kind === 'failed' && <Button onClick={props.onJoinAgain}>Try again</Button>}
          <Button onClick={() => window.close()} tone="ghost">
            Close this tab
          </Button>
        </>
      }
    >
      {explain(phase, props.title, session)}
    </WaitingCard>
  );
}

const HEADINGS: Record<FinalPhase['kind'], string> = {
  ended: 'The session has ended',
  left: 'You left the session',
  'signed-out': 'You are signed out',
  failed: 'The session cannot be opened',
};

function explain(phase: FinalPhase, title: string, session: SessionView | undefined): string {
  const isUnasked = session?.consentPolicy?.kind === 'never';
  switch (phase.kind) {
    case 'ended':
      if (session?.machineId && session.lifecycle.phase === 'ended' && session.lifecycle.openedAt === null)
        return `${title}: the agent was called, but began no session. Try again in a moment.`;
      return `${title}: ${END_REASON_TEXT[phase.reason]}. Nothing of that computer is shown any more.`;
    case 'left':
      return isUnasked
        ? 'The session itself goes on for a while. You can come back to it at once.'
        : 'The session itself goes on. To come back, the person at the machine is asked again.';
    case 'signed-out':
      return 'Your connection to the computer was closed. Sign in to go on.';
    case 'failed':
      return phase.message;
  }
}
