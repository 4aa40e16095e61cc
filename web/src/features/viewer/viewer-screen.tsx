import { useEffect } from 'react';
import { Button } from '../../components/button.tsx';
import { WaitingCard } from '../../components/waiting-card.tsx';
import { AlarmCard } from './alarm-card.tsx';
import { AskingCard } from './asking-card.tsx';
import type { Viewer } from './create-viewer.ts';
import { FinalCard } from './final-card.tsx';
import { LiveView } from './live-view.tsx';
import { useViewerState } from './use-viewer-state.ts';
import { phaseOf, titleOf, type ViewerPhase, type ViewerState } from './viewer-state.ts';

/** Draws what the viewer's phase asks for: a card before and after, the picture in between. */
export function ViewerScreen(props: { viewer: Viewer; onMode: (mode: 'control' | 'view') => void }) {
  const { viewer } = props;
  const { session } = viewer;
  const state = useViewerState(viewer);
  const phase = phaseOf(state);
  const title = titleOf(state);
  useEffect(() => {
    document.title = `${TITLE_PREFIX[phase.kind] ?? ''}${title} · GuruConnect`;
  }, [phase.kind, title]);
  switch (phase.kind) {
    case 'joining':
      return <WaitingCard title={state.serverReachable ? joiningTitle(state) : 'Looking for the server…'} />;
    case 'waiting-for-machine':
      return <MachineWaitingCard state={state} onCancel={() => session.leave()} />;
    case 'asking':
      return <AskingCard state={state} wants={phase.wants} onCancel={() => session.leave()} />;
    case 'refused':
      return (
        <WaitingCard
          title={
            mayRefuseItself(state)
              ? 'The person at the machine declined, or did not answer'
              : 'The person at the machine declined'
          }
          busy={false}
          actions={
            <>
              <Button tone="primary" onClick={() => session.join()}>
                Ask again
              </Button>
              <Button onClick={() => session.leave()}>Leave</Button>
            </>
          }
        >
          Talk to them first; they are asked again when you press the button.
        </WaitingCard>
      );
    case 'connecting':
    case 'live':
    case 'reconnecting':
    case 'paused':
      return <LiveView viewer={viewer} state={state} phase={phase} onMode={props.onMode} />;
    case 'alarm':
      return <AlarmCard alarm={phase.alarm} session={session} />;
    case 'ended':
    case 'left':
    case 'signed-out':
    case 'failed':
      return (
        <FinalCard phase={phase} title={title} session={state.session} onJoinAgain={() => session.join()} />
      );
  }
}

function joiningTitle(state: ViewerState): string {
  return state.session?.origin === 'machine' ? `Connecting to ${titleOf(state)}…` : 'Joining the session…';
}

/** Nobody is at the other end yet: a guest who has not started the app, or an agent that is being started. */
function MachineWaitingCard({ state, onCancel }: { state: ViewerState; onCancel: () => void }) {
  const isMachine = state.session?.origin === 'machine';
  return (
    <WaitingCard
      title={isMachine ? `Starting on ${titleOf(state)}…` : 'Waiting for the computer'}
      actions={<Button onClick={onCancel}>Cancel</Button>}
    >
      {isMachine
        ? 'Its agent is being started. The picture appears here as soon as it is.'
        : 'The app is not running at the other end yet. The picture appears here as soon as it is.'}
    </WaitingCard>
  );
}

/** By the company's policy a question that nobody answers is answered with no. */
function mayRefuseItself({ session }: ViewerState): boolean {
  return session?.consentPolicy?.kind === 'ask' && session.consentPolicy.otherwise === 'refuse';
}

const TITLE_PREFIX: Partial<Record<ViewerPhase['kind'], string>> = {
  asking: 'Waiting: ',
  reconnecting: 'Reconnecting: ',
  ended: 'Ended: ',
  alarm: 'Not safe: ',
};
