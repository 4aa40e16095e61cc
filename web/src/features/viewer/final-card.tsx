import { Button } from '../../components/button.tsx';
import { buttonStyles } from '../../components/button-styles.ts';
import { WaitingCard } from '../../components/waiting-card.tsx';
import { END_REASON_TEXT } from '../../lib/end-reason-text.ts';
import { signInPathFor } from './sign-in-path.ts';
import type { ViewerPhase } from './viewer-state.ts';

type FinalPhase = Extract<ViewerPhase, { kind: 'ended' | 'left' | 'signed-out' | 'failed' }>;

/** It is over: why, in plain words, and the ways on. */
export function FinalCard(props: { phase: FinalPhase; title: string; onJoinAgain: () => void }) {
  const { phase } = props;
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
            <a href="/app/support" className={buttonStyles({ tone: 'primary' })}>
              Back to sessions
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
      {explain(phase, props.title)}
    </WaitingCard>
  );
}

const HEADINGS: Record<FinalPhase['kind'], string> = {
  ended: 'The session has ended',
  left: 'You left the session',
  'signed-out': 'You are signed out',
  failed: 'The session cannot be opened',
};

function explain(phase: FinalPhase, title: string): string {
  switch (phase.kind) {
    case 'ended':
      return `${title}: ${END_REASON_TEXT[phase.reason]}. Nothing of that computer is shown any more.`;
    case 'left':
      return 'The session itself goes on. To come back, the person at the machine is asked again.';
    case 'signed-out':
      return 'Your connection to the computer was closed. Sign in to go on.';
    case 'failed':
      return phase.message;
  }
}
