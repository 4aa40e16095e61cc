import type {
  Candidate,
  ChannelLabel,
  HandshakeCommit,
  HandshakeRefusal,
  HandshakeReveal,
  PeerBinding,
  PeerTransport,
  SealedLabel,
} from '@guruconnect/shared';
import type { VideoFrame, VideoStats } from './rtp/video-sender.ts';

/** One WebRTC connection from this agent to a viewer. The agent offers; nothing is sent before `start`. */
export interface Peer {
  /** Makes the offer. */
  start(): void;
  /** Takes the viewer's answer; own candidates are told from here on. Throws `invalid-message` on bad SDP. */
  applyAnswer(sdp: string, reveal?: HandshakeReveal): void;
  /** What ties the handshake to this very connection; undefined before the answer, or when it names no such thing. */
  readonly binding: PeerBinding | undefined;
  /** For a path that does not encrypt its pictures itself: told once, before the first `sendFrame`. */
  secured?(seal: PeerSeal): void;
  /** Takes a candidate of the viewer, before or after its answer. */
  addCandidate(candidate: Candidate): void;
  /** Whether the channel is open and has not too much waiting. */
  canSend(label: ChannelLabel): boolean;
  /** Sends on a data channel; false when it is not open or has too much waiting: then nothing is sent. */
  send(label: ChannelLabel, data: string | Uint8Array): boolean;
  /** Closes one channel for good: what came in on it was malformed. */
  closeChannel(label: ChannelLabel): void;
  /** Sends a picture on a track; false when the video is not open or the receiver could not use it. */
  sendFrame(track: number, frame: VideoFrame): boolean;
  readonly stats: VideoStats;
  /** How the packets go, for the log: the kinds of both ends' addresses, as `host-srflx`, or `websocket`; undefined until that is known. */
  readonly route: string | undefined;
  /** How long what waits to be sent will take to leave, in ms: a picture made now would come after it. */
  readonly queueMs: number;
  /** Nothing is sent or told from now on; what was handed over before still leaves. Idempotent. */
  close(): void;
}

/** Seals and opens with the keys that both ends agreed on. */
export interface PeerSeal {
  seal(label: SealedLabel, data: Uint8Array): Uint8Array;
  /** Throws `invalid-message` on what the viewer did not seal, or sealed for another place in the order. */
  open(label: SealedLabel, data: Uint8Array): Uint8Array;
}

export type PeerState = 'connected' | 'failed' | 'closed';

/** What a peer tells its owner. */
export interface PeerEvents {
  onOffer(sdp: string, commit?: HandshakeCommit): void;
  onCandidate(candidate: Candidate): void;
  /** `failed` and `closed` are final. */
  onState(state: PeerState): void;
  onChannelOpen(label: ChannelLabel): void;
  onMessage(label: ChannelLabel, data: string | Uint8Array): void;
  /** The video can be sent; the first picture must be a key frame. */
  onVideoOpen(): void;
  onKeyFrameWanted(track: number): void;
  /** Both ends have proven themselves, and nobody is between them when both show these words. Before anything opens. */
  onSecured?(words: readonly string[]): void;
  /** They have not; `onState('failed')` follows. */
  onHandshakeFailed?(why: HandshakeRefusal, detail: string): void;
  /** A message was not sealed by the viewer, or came out of its order. */
  onUnreadable?(label: ChannelLabel, error: unknown): void;
  /** How much this path carries, in bits per second. */
  onTargetBitrate(bitsPerSecond: number): void;
  /** What waited to be sent has left: `queueMs` is 0. */
  onDrained(): void;
}

export interface PeerOptions {
  readonly peerId: string;
  readonly transport: PeerTransport;
  /** How many displays can be shown at once, 1 to MAX_VIDEO_TRACKS. */
  readonly tracks: number;
  /** Asked with the viewer's identity key once it has proven to have it: why it is not the one expected, if so. */
  readonly acceptViewer?: (identityKey: string) => { why: HandshakeRefusal; detail: string } | undefined;
}

/** Makes a peer; its events may begin as soon as `start` is called. */
export type OpenPeer = (options: PeerOptions, events: PeerEvents) => Peer;
