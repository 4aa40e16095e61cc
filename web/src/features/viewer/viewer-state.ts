import type {
  AgentControlMessage,
  Capability,
  DisplayInfo,
  EndReason,
  MachineInfo,
  ParticipantView,
  QualityMode,
  SessionView,
} from '@guruconnect/shared';
import { arrangeDesk, type Desk } from '../../lib/input/desk-layout.ts';
import type { Size } from '../../lib/input/picture-layout.ts';
import type { Route } from '../../lib/rtc/path-policy.ts';
import type { KeeperStatus } from '../../lib/rtc/peer-link.ts';
import type { PeerSecurity, SecurityAlarm } from '../../lib/secure/peer-security.ts';

/** What the person in front of the viewer is told. */
export type ViewerPhase =
  | { readonly kind: 'joining' }
  /** Nobody is at the other end yet, or only the guest's browser. */
  | { readonly kind: 'waiting-for-machine' }
  /** The person at the machine is asked for consent. */
  | { readonly kind: 'asking'; readonly wants: Capability }
  | { readonly kind: 'refused' }
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  /** The picture stands still; it comes back by itself. */
  | { readonly kind: 'reconnecting'; readonly cause: 'connection' | 'machine' | 'server' }
  | { readonly kind: 'paused' }
  | { readonly kind: 'ended'; readonly reason: EndReason }
  | { readonly kind: 'left' }
  | { readonly kind: 'signed-out' }
  /** Joining was refused for good. */
  | { readonly kind: 'failed'; readonly message: string }
  | AlarmPhase;

/** What answers at the other end is not to be trusted: nothing of it is shown. */
export interface AlarmPhase {
  readonly kind: 'alarm';
  readonly alarm: SecurityAlarm;
}

export type Transfer = NonNullable<SessionView['transfer']>;

/** How the agent makes the picture of one track. */
export type StreamNews = Omit<Extract<AgentControlMessage, { type: 'stream' }>, 'type'>;

/** Everything a viewer knows; the phase and the rest of the page are read from it. */
export interface ViewerState {
  /** What this tab wants: the view-only switch turns `control` into `view`. */
  readonly mode: Capability;
  readonly session: SessionView | undefined;
  readonly participantId: string | undefined;
  readonly serverReachable: boolean;
  readonly keeper: KeeperStatus;
  /** Whether a peer has been up in this tab since the grant. */
  readonly wasUp: boolean;
  readonly peerId: string | undefined;
  readonly machine: MachineInfo | undefined;
  readonly displays: readonly DisplayInfo[];
  readonly display: number;
  /** The displays that are shown, by video track; the first is `display`. */
  readonly shown: readonly number[];
  /** Video tracks of the newest peer. */
  readonly tracks: number;
  readonly streams: readonly StreamNews[];
  /** As the technician chose it. */
  readonly quality: QualityMode;
  /** As the agent enforces them. */
  readonly capabilities: readonly Capability[];
  readonly capture: { readonly state: 'running' | 'paused' | 'unavailable'; readonly reason: string | null };
  readonly hasPicture: boolean;
  /** Of the newest peer that has proven itself; the words are those that the person at the machine sees. */
  readonly security: PeerSecurity | undefined;
  /** Which way the picture comes, and why it is not the better one. */
  readonly route: Route | undefined;
  /** Pixels of the video, which may be fewer than the display has. */
  readonly videoSize: Size | undefined;
  readonly notice: { readonly id: number; readonly text: string } | undefined;
  readonly over:
    | { readonly kind: 'left' }
    | { readonly kind: 'signed-out' }
    | { readonly kind: 'ended'; readonly reason: EndReason }
    | { readonly kind: 'failed'; readonly message: string }
    | AlarmPhase
    | undefined;
}

export function initialViewerState(mode: Capability): ViewerState {
  return {
    mode,
    session: undefined,
    participantId: undefined,
    serverReachable: false,
    keeper: 'off',
    wasUp: false,
    peerId: undefined,
    machine: undefined,
    displays: [],
    display: 0,
    shown: [0],
    tracks: 1,
    streams: [],
    quality: 'auto',
    capabilities: [],
    capture: { state: 'running', reason: null },
    hasPicture: false,
    security: undefined,
    route: undefined,
    videoSize: undefined,
    notice: undefined,
    over: undefined,
  };
}

export function phaseOf(state: ViewerState): ViewerPhase {
  const { session } = state;
  if (state.over) return state.over;
  if (session?.lifecycle.phase === 'ended') return { kind: 'ended', reason: session.lifecycle.reason };
  if (!session) return { kind: 'joining' };
  const me = participantOf(state);
  if (!me)
    return session.lifecycle.phase === 'waiting' ? { kind: 'waiting-for-machine' } : { kind: 'joining' };
  switch (me.grant.status) {
    case 'asked':
      return { kind: 'asking', wants: me.grant.wants };
    case 'refused':
      return { kind: 'refused' };
    case 'paused':
      return { kind: 'paused' };
    case 'allowed':
      return linkPhase(state, session);
  }
}

function linkPhase(state: ViewerState, session: SessionView): ViewerPhase {
  // A peer that is up goes on without the server and without the agent's line to it.
  if (state.keeper === 'up') return { kind: 'live' };
  if (session.endpoint.kind === 'none' || session.endpoint.kind === 'browser') {
    return { kind: 'waiting-for-machine' };
  }
  if (!state.serverReachable && state.wasUp) return { kind: 'reconnecting', cause: 'server' };
  if (session.endpoint.kind === 'lost') return { kind: 'reconnecting', cause: 'machine' };
  return state.wasUp ? { kind: 'reconnecting', cause: 'connection' } : { kind: 'connecting' };
}

/**
 * What peer the viewer needs: a `live` one shows the picture; a `warm` one stands ready while consent is asked for,
 * or while it is not known yet who we are in the session.
 */
export function peerNeedOf(state: ViewerState): 'live' | 'warm' | 'none' {
  const { session } = state;
  if (state.over) return 'none';
  if (!session) return 'warm';
  if (session.lifecycle.phase !== 'open') return 'none';
  if (session.endpoint.kind === 'none' || session.endpoint.kind === 'browser') return 'none';
  const status = participantOf(state)?.grant.status;
  if (status === 'allowed') return 'live';
  return status === 'asked' || status === undefined ? 'warm' : 'none';
}

export function participantOf(state: ViewerState): ParticipantView | undefined {
  return state.session?.participants.find((one) => one.id === state.participantId);
}

/** An offer of this session to another technician, as it concerns the person in front of this viewer. */
export function transferOf(
  state: ViewerState,
): { readonly role: 'giver' | 'taker' | 'onlooker'; readonly transfer: Transfer } | undefined {
  const transfer = state.session?.transfer;
  if (!transfer || state.over) return undefined;
  const myUserId = participantOf(state)?.userId;
  if (transfer.to.userId === myUserId) return { role: 'taker', transfer };
  // Whoever may offer it may take the offer back: the server lets nobody else.
  return { role: transfer.from.userId === myUserId ? 'giver' : 'onlooker', transfer };
}

/** Whether the technician's hands reach the machine now. */
export function drives(state: ViewerState): boolean {
  return state.keeper === 'up' && mayDrive(state);
}

/** Whether what the technician does now is for the machine: a short break of the line delays it and loses nothing. */
export function mayDrive(state: ViewerState): boolean {
  return state.mode === 'control' && state.capabilities.includes('control');
}

/** Whether the person at the machine allowed control to us, used or not. */
export function mayTakeControl(state: ViewerState): boolean {
  const grant = participantOf(state)?.grant;
  return grant?.status === 'allowed' && grant.capability === 'control';
}

/** Somebody else who holds control. */
export function otherHolder(state: ViewerState): ParticipantView | undefined {
  return state.session?.participants.find((one) => one.hasControl && one.id !== state.participantId);
}

/** What is shown, arranged as it stands over there; places and the 1:1 scale count in its pixels. */
export function deskOf({ displays, shown, display, videoSize }: ViewerState): Desk | undefined {
  const known = arrangeDesk(displays, shown);
  if (known || !videoSize) return known;
  return { ...videoSize, displays: [{ index: display, track: 0, x: 0, y: 0, ...videoSize }] };
}

/** What the tab and the toolbar call the session. */
export function titleOf(state: ViewerState): string {
  return (
    // A machine of ours goes by the name it was given.
    (state.session?.machineId && state.session.name) ||
    state.machine?.hostname ||
    state.session?.machine?.hostname ||
    state.session?.name ||
    (state.session?.code ? `Session ${state.session.code}` : 'Remote session')
  );
}
