import type { MachineCommandKind } from '@guruconnect/shared';
import { Play } from 'lucide-react';
import { Button } from '../../components/button.tsx';
import { Spinner } from '../../components/spinner.tsx';
import type { ViewerPhase, ViewerState } from './viewer-state.ts';

type LivePhase = Extract<ViewerPhase, { kind: 'connecting' | 'live' | 'reconnecting' | 'paused' }>;

/** Says over the (last) picture why it does not move; nothing while all is well. */
export function PictureOverlay(props: {
  phase: LivePhase;
  state: ViewerState;
  /** How the machine was told to restart, until its picture is back. */
  restarts: MachineCommandKind | undefined;
  onLeave: () => void;
  onResume: () => void;
}) {
  const message = messageOf(props.phase, props.state, props.restarts);
  return (
    <div
      role="status"
      className="pointer-events-none absolute inset-0 z-10 flex items-center justify-center p-4"
    >
      {message && (
        <div className="pointer-events-auto w-full max-w-sm animate-appear rounded-card border border-border bg-card p-5 text-card-foreground shadow-xl">
          <p className="flex items-center gap-3 font-semibold">
            {message.busy && <Spinner className="size-4 shrink-0" />}
            {message.title}
          </p>
          {message.text && <p className="mt-1.5 text-muted-foreground text-sm">{message.text}</p>}
          {props.phase.kind !== 'live' && (
            <div className="mt-4 flex gap-2">
              {props.phase.kind === 'paused' && (
                <Button size="small" tone="primary" autoFocus onClick={props.onResume}>
                  <Play aria-hidden="true" /> Resume
                </Button>
              )}
              <Button size="small" onClick={props.onLeave}>
                Leave
              </Button>
            </div>
          )}
        </div>
      )}
    </div>
  );
}

interface OverlayMessage {
  readonly title: string;
  readonly text?: string;
  readonly busy: boolean;
}

const RECONNECTING_TEXT = {
  connection: 'The connection was interrupted. It comes back by itself.',
  machine: 'The computer lost its connection. It is trying to come back.',
  server: 'The server cannot be reached. Everything goes on as soon as it can.',
} as const;

const RESTARTING_TEXT = 'The session goes on here by itself when the machine is back.';
const WITHOUT_NETWORK_TEXT =
  'It starts without a network and cannot be reached there. The session goes on here if it is back in time.';

function messageOf(
  phase: LivePhase,
  state: ViewerState,
  restarts: MachineCommandKind | undefined,
): OverlayMessage | undefined {
  switch (phase.kind) {
    case 'connecting':
      return { title: 'Connecting…', busy: true };
    case 'reconnecting':
      if (restarts && phase.cause !== 'server') {
        const isCutOff = restarts === 'safe' || restarts === 'safe-command';
        const text = isCutOff ? WITHOUT_NETWORK_TEXT : RESTARTING_TEXT;
        return { title: 'The machine restarts…', text, busy: true };
      }
      return { title: 'Reconnecting…', text: RECONNECTING_TEXT[phase.cause], busy: true };
    case 'paused':
      return {
        title: 'You paused this session',
        text: 'Nothing is shown and nothing is sent until you resume. The session stays open, and nobody is asked again.',
        busy: false,
      };
    case 'live':
      return liveMessage(state);
  }
}

function liveMessage({ capture, hasPicture }: ViewerState): OverlayMessage | undefined {
  const reason = capture.reason ? { text: capture.reason } : {};
  if (capture.state === 'paused') return { title: 'The picture is paused', busy: false, ...reason };
  if (capture.state === 'unavailable') {
    return { title: 'The screen cannot be shown right now', busy: true, ...reason };
  }
  return hasPicture ? undefined : { title: 'Waiting for the first picture…', busy: true };
}
