import type { Capability } from '@guruconnect/shared';
import { useState } from 'react';
import { Button } from '../../components/button.tsx';
import { WaitingCard } from '../../components/waiting-card.tsx';
import { useNow } from '../../lib/use-now.ts';
import { secondsLeft } from './consent-countdown.ts';
import { participantOf, titleOf, type ViewerState } from './viewer-state.ts';

/** The person at the machine is asked; by the company's policy the question may answer itself. */
export function AskingCard(props: { state: ViewerState; wants: Capability; onCancel: () => void }) {
  const { state, wants } = props;
  const isMachine = state.session?.origin === 'machine';
  return (
    <WaitingCard
      title={
        isMachine
          ? `Asking the person at ${titleOf(state)}…`
          : 'Waiting for the person at the machine to answer'
      }
      actions={<Button onClick={props.onCancel}>Cancel</Button>}
    >
      <p>
        They are asked whether you may {wants === 'control' ? 'see and control' : 'see'} the computer. Nothing
        of it is shown before they agree.
      </p>
      <Countdown state={state} />
    </WaitingCard>
  );
}

function Countdown({ state }: { state: ViewerState }) {
  const now = useNow(500);
  const [shownAt] = useState(now);
  const policy = state.session?.consentPolicy;
  const grant = participantOf(state)?.grant;
  if (policy?.kind !== 'ask' || grant?.status !== 'asked') return null;
  const seconds = secondsLeft({ ...policy, since: grant.since, shownAt, now });
  const outcome = policy.otherwise === 'allow' ? 'you are let in' : 'the answer is no';
  return (
    <p className="mt-2 font-medium text-foreground tabular-nums">
      {seconds > 0
        ? `If nobody answers within ${seconds} s, ${outcome}.`
        : `Nobody answered: ${outcome} in a moment.`}
    </p>
  );
}
