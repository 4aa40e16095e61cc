import {
  type Candidate,
  CHANNELS,
  type ChannelLabel,
  GuruError,
  type PeerBinding,
  webrtcBinding,
} from '@guruconnect/shared';
import nodeDataChannel, {
  type DataChannel,
  type DataChannelInitConfig,
  type PeerConnection,
} from 'node-datachannel';
import type { Clock } from '../core/clock.ts';
import { toNodeIceServers } from './ice-servers.ts';
import { NodeVideo } from './node-video.ts';
import type { OpenPeer, Peer, PeerEvents, PeerOptions } from './peer.ts';
import type { RateController } from './rate/rate-controller.ts';
import type { VideoFrame, VideoStats } from './rtp/video-sender.ts';

export interface NodePeerDeps {
  readonly clock: Clock;
  readonly newRateController: () => RateController;
  /** Only this address is used for media; undefined for all of the machine's. */
  readonly bindAddress?: string;
}

const LINGER_MS = 60;
/** More than this waiting on a lossy channel is news of yesterday. */
const MAX_WAITING_BYTES = 64 * 1024;
const MAX_RELIABLE_WAITING_BYTES = 8 * 1024 * 1024;

/** Peers on node-datachannel: nothing else knows the library, `node-video.ts` and `ice-servers.ts` aside. */
export function createNodePeers(deps: NodePeerDeps): OpenPeer {
  return (options, events) => new NodePeer(deps, options, events);
}

/**
 * The agent offers and so becomes the DTLS server, which is what gets SRTP AES-256-GCM from browsers. Its own
 * candidates are told only after the answer was applied: the library starts ICE before it keeps the fingerprint,
 * and a fast viewer would fail its certificate check.
 */
class NodePeer implements Peer {
  readonly #clock: Clock;
  readonly #events: PeerEvents;
  readonly #connection: PeerConnection;
  // The library closes a channel whose wrapper is collected: this keeps them alive.
  readonly #channels = new Map<ChannelLabel, DataChannel>();
  readonly #video: NodeVideo;
  readonly #heldLocal: Candidate[] = [];
  readonly #heldRemote: Candidate[] = [];
  #offer = '';
  #binding: PeerBinding | undefined;
  #answered = false;
  #closed = false;

  constructor(deps: NodePeerDeps, options: PeerOptions, events: PeerEvents) {
    this.#clock = deps.clock;
    this.#events = events;
    this.#connection = new nodeDataChannel.PeerConnection(options.peerId, {
      iceServers: toNodeIceServers(options.transport.kind === 'webrtc' ? options.transport.iceServers : []),
      disableAutoNegotiation: true,
      ...(deps.bindAddress === undefined ? {} : { bindAddress: deps.bindAddress }),
    });
    // Right after construction: what happens before a callback is set is never told.
    this.#listen();
    this.#video = new NodeVideo({
      clock: deps.clock,
      connection: this.#connection,
      rate: deps.newRateController(),
      tracks: options.tracks,
      onOpen: () => events.onVideoOpen(),
      onKeyFrameWanted: (track) => events.onKeyFrameWanted(track),
      onTargetBitrate: (bitrate) => events.onTargetBitrate(bitrate),
      onDrained: () => events.onDrained(),
    });
    for (const label of Object.keys(CHANNELS) as ChannelLabel[]) this.#addChannel(label);
  }

  get binding(): PeerBinding | undefined {
    return this.#binding;
  }

  get stats(): VideoStats {
    return this.#video.stats;
  }

  get route(): string | undefined {
    const pair = this.#closed ? null : this.#connection.getSelectedCandidatePair();
    return pair ? `${pair.local.type}-${pair.remote.type}` : undefined;
  }

  get queueMs(): number {
    return this.#video.queueMs;
  }

  start(): void {
    this.#connection.setLocalDescription('offer');
  }

  applyAnswer(sdp: string): void {
    if (this.#closed || this.#answered) return;
    try {
      this.#connection.setRemoteDescription(sdp, 'answer');
    } catch (error) {
      throw GuruError.invalid('The answer is not usable.', error);
    }
    this.#answered = true;
    this.#video.answered(sdp);
    const agent = webrtcBinding(this.#offer);
    const viewer = webrtcBinding(sdp);
    if (agent !== undefined && viewer !== undefined) this.#binding = { agent, viewer };
    for (const candidate of this.#heldLocal.splice(0)) this.#events.onCandidate(candidate);
    for (const candidate of this.#heldRemote.splice(0)) this.addCandidate(candidate);
  }

  addCandidate(candidate: Candidate): void {
    if (this.#closed || candidate.candidate === '') return;
    if (!this.#answered) {
      if (this.#heldRemote.length < 64) this.#heldRemote.push(candidate);
      return;
    }
    try {
      this.#connection.addRemoteCandidate(candidate.candidate, candidate.mid);
    } catch (error) {
      throw GuruError.invalid('The candidate is not usable.', error);
    }
  }

  canSend(label: ChannelLabel): boolean {
    const channel = this.#channels.get(label);
    if (this.#closed || !channel?.isOpen()) return false;
    const limit = 'maxRetransmits' in CHANNELS[label] ? MAX_WAITING_BYTES : MAX_RELIABLE_WAITING_BYTES;
    return channel.bufferedAmount() <= limit;
  }

  send(label: ChannelLabel, data: string | Uint8Array): boolean {
    const channel = this.#channels.get(label);
    if (!channel || !this.canSend(label)) return false;
    try {
      // The library's answer only says whether it had to queue the message: it goes out either way.
      if (typeof data === 'string') channel.sendMessage(data);
      else channel.sendMessageBinary(data);
      return true;
    } catch {
      // The other end has just closed the association, and the library has not told it yet.
      return false;
    }
  }

  closeChannel(label: ChannelLabel): void {
    if (!this.#closed) this.#channels.get(label)?.close();
  }

  sendFrame(track: number, frame: VideoFrame): boolean {
    return !this.#closed && this.#video.sendFrame(track, frame);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#video.close();
    // Closing at once would abort the association, and the last words with it. Nothing is sent or heard meanwhile.
    this.#clock.after(LINGER_MS, () => {
      // Each holds on to its callbacks, and so to all of this, until it is closed itself.
      for (const channel of this.#channels.values()) channel.close();
      this.#video.closeTracks();
      this.#connection.close();
    });
  }

  #listen(): void {
    this.#connection.onLocalDescription((sdp) => {
      if (this.#closed) return;
      this.#offer = sdp;
      this.#events.onOffer(withoutCandidates(sdp));
    });
    this.#connection.onLocalCandidate((candidate, mid) => {
      if (this.#closed) return;
      if (this.#answered) this.#events.onCandidate({ candidate, mid });
      else this.#heldLocal.push({ candidate, mid });
    });
    // Two round trips lie between a working path and the end of the DTLS handshake.
    let reachedMs = Number.NEGATIVE_INFINITY;
    this.#connection.onIceStateChange((state) => {
      if (state === 'connected') reachedMs = this.#clock.monotonicMs();
    });
    this.#connection.onStateChange((state) => {
      if (this.#closed) return;
      if (state === 'connected') this.#video.roundTripAtMost((this.#clock.monotonicMs() - reachedMs) / 2);
      if (state === 'connected' || state === 'failed' || state === 'closed') this.#events.onState(state);
    });
  }

  #addChannel(label: ChannelLabel): void {
    const settings = CHANNELS[label];
    const config: DataChannelInitConfig = settings.ordered
      ? {}
      : { unordered: true, maxRetransmits: settings.maxRetransmits };
    const channel = this.#connection.createDataChannel(label, config);
    this.#channels.set(label, channel);
    channel.onOpen(() => {
      if (this.#closed) return;
      // Known from here on, and before the first picture: -1 would be none.
      const rttMs = this.#connection.rtt();
      if (rttMs >= 0) this.#video.roundTripAtMost(rttMs);
      this.#events.onChannelOpen(label);
    });
    channel.onMessage((data) => {
      if (this.#closed) return;
      this.#events.onMessage(label, data instanceof ArrayBuffer ? new Uint8Array(data) : data);
    });
  }
}

function withoutCandidates(sdp: string): string {
  return sdp.replaceAll(/^a=(candidate:.*|end-of-candidates)\r?\n/gm, '');
}
