import type {
  Candidate,
  ChannelLabel,
  PeerBinding,
  PeerPath,
  PeerTransport,
  SealedLabel,
} from '@guruconnect/shared';
import type { StreamCounters } from './stream-stats.ts';

/** What a pipe tells its owner. `lost` is told at most once, and nothing after it. */
export interface PipeListener {
  /** The answer to the agent's offer, and what the handshake on this pipe is bound to. */
  answer(sdp: string, binding: PeerBinding): void;
  candidate(candidate: Candidate): void;
  /** Messages can be sent on this channel from now on. */
  open(label: ChannelLabel): void;
  /** As it came over the wire: text or bytes, sealed or not. */
  message(label: ChannelLabel, data: string | Uint8Array<ArrayBuffer>): void;
  /** The stream of one video track; it may be silent still. The owner shows it once the agent has proven itself. */
  picture(stream: MediaStream, track: number): void;
  lost(reason: string): void;
  /** Something could not be read or done; for reports of faults, the pipe goes on. */
  fault(what: string, error: unknown): void;
}

/** Seals and opens what a pipe carries beside the data channels. Keeps the order in which it was called. */
export interface PipeSeal {
  seal(label: SealedLabel, data: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>>;
  /** Rejects when it was not sealed by the agent, or was sent before. */
  open(label: SealedLabel, data: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>>;
}

/**
 * The raw way to an agent: channels by their labels, and pictures. What passes on the channels is sealed and
 * understood above, by `ViewerPeer`.
 */
export interface PeerPipe {
  readonly path: PeerPath;
  /** Sets the way to take; called once, before the offer. */
  configure(transport: PeerTransport): void;
  offer(sdp: string): void;
  candidate(candidate: Candidate): void;
  isOpen(label: ChannelLabel): boolean;
  /** False when the channel is not open: nothing was sent. */
  send(label: ChannelLabel, data: string | Uint8Array<ArrayBuffer>): boolean;
  bufferedBytes(label: ChannelLabel): number;
  /** Not taken for the loss of the pipe. */
  closeChannel?(label: 'tiles'): void;
  counters(): Promise<StreamCounters>;
  /** The RTP timestamp of the picture shown at this media time, where the browser does not tell it. */
  rtpTimestampAt?(stream: MediaStream, mediaTimeS: number): number | undefined;
  /**
   * Told once both ends have proven themselves. For a pipe that does not encrypt its pictures itself: it has
   * shown none before, and takes the label `video` for them.
   */
  secured?(seal: PipeSeal): void;
  /** Final; may be called twice. Tells nothing any more. */
  close(): void;
}

export type MakePipe = (listener: PipeListener) => PeerPipe;
