import { CHANNELS, type ChannelLabel, GuruError, type PeerBinding } from '@guruconnect/shared';
import type { OpenPeer, Peer, PeerEvents } from './peer.ts';
import type { VideoFrame, VideoStats } from './rtp/video-sender.ts';

/** The far end of a memory peer: what a viewer would have seen, and what it may do. */
export interface MemoryViewer {
  readonly peerId: string;
  /** Of all tracks. */
  readonly frames: readonly VideoFrame[];
  /** How many pictures came on each track. */
  readonly framesByTrack: ReadonlyMap<number, number>;
  readonly messages: readonly { readonly label: ChannelLabel; readonly data: string | Uint8Array }[];
  readonly closed: boolean;
  /** Channels that the agent closed because of what came in on them. */
  readonly closedChannels: readonly ChannelLabel[];
  /** The answer to an offer. */
  answer(): string;
  send(label: ChannelLabel, data: string | Uint8Array): void;
  askKeyFrame(track?: number): void;
  estimate(bitsPerSecond: number): void;
  /** Pictures take so long to leave; 0 tells that they have left. */
  queue(ms: number): void;
  /** Hangs up, as a browser tab that is closed. */
  hangUp(): void;
}

const EMPTY_STATS: VideoStats = {
  packets: 0,
  bytes: 0,
  retransmitted: 0,
  droppedFrames: 0,
  keyFrameRequests: 0,
  targetBitrate: 0,
  rttMs: 0,
};

/** A path of its own for the handshake, if a test wants one over it. */
export const MEMORY_BINDING: PeerBinding = { agent: 'memory:agent', viewer: 'memory:viewer' };

/** Peers without a network: everything arrives at once, in order. For tests of what stands above a peer. */
export class MemoryPeers {
  readonly viewers = new Map<string, MemoryViewer>();

  readonly open: OpenPeer = (options, events) => {
    const peer = new MemoryPeer(options.peerId, events);
    this.viewers.set(options.peerId, peer.viewer);
    return peer;
  };

  viewer(peerId: string): MemoryViewer {
    const viewer = this.viewers.get(peerId);
    if (!viewer) throw new Error(`no peer ${peerId} was opened`);
    return viewer;
  }
}

class MemoryPeer implements Peer {
  readonly stats = EMPTY_STATS;
  readonly viewer: MemoryViewer;
  readonly #events: PeerEvents;
  readonly #frames: VideoFrame[] = [];
  readonly #framesByTrack = new Map<number, number>();
  #queueMs = 0;
  readonly #messages: { label: ChannelLabel; data: string | Uint8Array }[] = [];
  readonly #closedChannels: ChannelLabel[] = [];
  #answered = false;
  #closed = false;

  constructor(peerId: string, events: PeerEvents) {
    this.#events = events;
    this.viewer = this.#createViewer(peerId);
  }

  start(): void {
    this.#events.onOffer('memory-offer');
  }

  applyAnswer(sdp: string): void {
    if (sdp !== 'memory-answer') throw GuruError.invalid('The answer is not usable.');
    if (this.#closed || this.#answered) return;
    this.#answered = true;
    this.#events.onCandidate({ candidate: 'candidate:1 1 UDP 1 127.0.0.1 9 typ host', mid: 'video' });
    this.#events.onState('connected');
    for (const label of Object.keys(CHANNELS) as ChannelLabel[]) this.#events.onChannelOpen(label);
    this.#events.onVideoOpen();
  }

  addCandidate(): void {}

  get binding(): PeerBinding | undefined {
    return this.#answered ? MEMORY_BINDING : undefined;
  }

  canSend(label: ChannelLabel): boolean {
    return this.#isOpen(label);
  }

  send(label: ChannelLabel, data: string | Uint8Array): boolean {
    if (!this.#isOpen(label)) return false;
    this.#messages.push({ label, data });
    return true;
  }

  closeChannel(label: ChannelLabel): void {
    this.#closedChannels.push(label);
  }

  get route(): undefined {
    return undefined;
  }

  get queueMs(): number {
    return this.#queueMs;
  }

  sendFrame(track: number, frame: VideoFrame): boolean {
    if (this.#closed || !this.#answered) return false;
    this.#frames.push(frame);
    this.#framesByTrack.set(track, (this.#framesByTrack.get(track) ?? 0) + 1);
    return true;
  }

  close(): void {
    this.#closed = true;
  }

  #isOpen(label: ChannelLabel): boolean {
    return !this.#closed && this.#answered && !this.#closedChannels.includes(label);
  }

  #createViewer(peerId: string): MemoryViewer {
    const isClosed = () => this.#closed;
    return {
      peerId,
      frames: this.#frames,
      framesByTrack: this.#framesByTrack,
      messages: this.#messages,
      closedChannels: this.#closedChannels,
      get closed() {
        return isClosed();
      },
      answer: () => 'memory-answer',
      send: (label, data) => {
        if (this.#isOpen(label)) this.#events.onMessage(label, data);
      },
      askKeyFrame: (track = 0) => this.#events.onKeyFrameWanted(track),
      estimate: (bitsPerSecond) => this.#events.onTargetBitrate(bitsPerSecond),
      queue: (ms) => {
        this.#queueMs = ms;
        if (ms === 0) this.#events.onDrained();
      },
      hangUp: () => {
        if (this.#closed) return;
        this.#closed = true;
        this.#events.onState('closed');
      },
    };
  }
}
