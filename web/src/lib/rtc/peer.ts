import type {
  AgentControlMessage,
  Candidate,
  ChannelLabel,
  CursorMessage,
  FrameInfo,
  HandshakeCommit,
  HandshakeReveal,
  PeerPath,
  PeerTransport,
  TileMessage,
  ViewerControlMessage,
} from '@guruconnect/shared';
import type { PeerSecurity, SecurityAlarm } from '../secure/peer-security.ts';
import type { StreamCounters } from './stream-stats.ts';

/** What a peer tells its owner. One of `lost` and `alarm` is told at most once, and nothing after it. */
export interface PeerListener {
  /** All channels are open and the agent answered: input may flow. */
  up(): void;
  lost(reason: string): void;
  /** Whether the agent's answers stay away. It may still come back by itself, and says so. */
  stalled(isStalled: boolean): void;
  /** Both ends have proven themselves. Told before `up` and before any picture or message. */
  secured(security: PeerSecurity): void;
  /** The agent is not to be trusted: another try would end in the same way. */
  alarm(alarm: SecurityAlarm): void;
  /** A remote picture, by its number among the peer's video tracks; the first frame may take a moment longer. */
  picture(stream: MediaStream, track: number): void;
  control(message: AgentControlMessage): void;
  cursor(message: CursorMessage): void;
  frame(info: FrameInfo): void;
  tiles(message: TileMessage): void;
  answer(sdp: string, reveal: HandshakeReveal): void;
  candidate(candidate: Candidate): void;
}

/** One connection to the agent. The agent offers; this side answers. */
export interface Peer {
  /** Sets the way to take; called once, before the offer. */
  configure(transport: PeerTransport, peerId: string): void;
  offer(sdp: string, commit?: HandshakeCommit): void;
  candidate(candidate: Candidate): void;
  /** False when the channel is not open: nothing was sent. */
  send(label: ChannelLabel, data: Uint8Array<ArrayBuffer>): boolean;
  bufferedBytes(label: ChannelLabel): number;
  tell(message: ViewerControlMessage): boolean;
  /** Round trip of the newest heartbeat in ms. */
  readonly rttMs: number | undefined;
  counters(): Promise<StreamCounters>;
  /** The RTP timestamp of the picture shown at this media time, where the browser does not tell it. */
  rtpTimestampAt?(stream: MediaStream, mediaTimeS: number): number | undefined;
  /** No more of this channel, as far as the peer can do without it: what came on it made no sense. */
  closeChannel?(label: 'tiles'): void;
  /** Final; may be called twice. */
  close(): void;
}

export type MakePeer = (listener: PeerListener, path: PeerPath) => Peer;
