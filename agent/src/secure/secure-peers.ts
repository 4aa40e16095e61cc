import {
  type Candidate,
  type ChannelLabel,
  encodeReveal,
  fromPlain,
  type HandshakeMessage,
  type HandshakeRefusal,
  type HandshakeReveal,
  type PeerBinding,
  parseHandshakeMessage,
  toPlain,
} from '@guruconnect/shared';
import { describeError } from '../core/log.ts';
import type { OpenPeer, Peer, PeerEvents, PeerOptions, PeerState } from '../rtc/peer.ts';
import type { VideoFrame, VideoStats } from '../rtc/rtp/video-sender.ts';
import { AgentHandshake } from './agent-handshake.ts';
import type { IdentityKey } from './identity-key.ts';
import type { NodeSeal } from './node-seal.ts';

export interface SecurePeersDeps {
  readonly identity: IdentityKey;
  readonly sessionId: string;
}

interface Early {
  readonly label: ChannelLabel;
  readonly data: string | Uint8Array;
}

/** A viewer sends next to nothing before it got the agent's proof; what comes early waits, within reason. */
const MAX_EARLY_MESSAGES = 64;
const MAX_EARLY_BYTES = 64 * 1024;

/**
 * Peers of whatever kind on which both ends first prove who they are, and that nobody is between them: until then
 * their owner hears of no open channel, no video and no connection, and nothing is sent. From then on every message
 * is sealed; one that does not open is told as `onUnreadable`.
 */
export function createSecurePeers(inner: OpenPeer, deps: SecurePeersDeps): OpenPeer {
  return (options, events) => new SecurePeer(inner, deps, options, events);
}

class SecurePeer implements Peer {
  readonly #inner: Peer;
  readonly #options: PeerOptions;
  readonly #events: PeerEvents;
  readonly #handshake: AgentHandshake;
  readonly #open = new Set<ChannelLabel>();
  readonly #early: Early[] = [];
  #earlyBytes = 0;
  #reveal: HandshakeReveal | undefined;
  #seal: NodeSeal | undefined;
  #hasProven = false;
  #isConnected = false;
  #isVideoOpen = false;
  #over = false;

  constructor(inner: OpenPeer, deps: SecurePeersDeps, options: PeerOptions, events: PeerEvents) {
    this.#options = options;
    this.#events = events;
    this.#handshake = new AgentHandshake({ ...deps, peerId: options.peerId });
    this.#inner = inner(options, this.#innerEvents());
  }

  get binding(): PeerBinding | undefined {
    return this.#inner.binding;
  }

  get stats(): VideoStats {
    return this.#inner.stats;
  }

  get route(): string | undefined {
    return this.#inner.route;
  }

  get queueMs(): number {
    return this.#inner.queueMs;
  }

  start(): void {
    this.#inner.start();
  }

  applyAnswer(sdp: string, reveal?: HandshakeReveal): void {
    if (this.#over || this.#reveal) return;
    if (!reveal) {
      this.#refuse('proof', 'the viewer brought no handshake');
      return;
    }
    try {
      encodeReveal(reveal);
    } catch (error) {
      this.#refuse('proof', describeError(error));
      return;
    }
    this.#reveal = reveal;
    this.#inner.applyAnswer(sdp, reveal);
  }

  addCandidate(candidate: Candidate): void {
    this.#inner.addCandidate(candidate);
  }

  canSend(label: ChannelLabel): boolean {
    return this.#seal !== undefined && !this.#over && this.#inner.canSend(label);
  }

  send(label: ChannelLabel, data: string | Uint8Array): boolean {
    // Asked first: a number that was used for nothing would be a gap on the other end.
    if (!this.#seal || !this.canSend(label)) return false;
    return this.#inner.send(label, this.#seal.seal(label, toPlain(data)));
  }

  closeChannel(label: ChannelLabel): void {
    this.#inner.closeChannel(label);
  }

  sendFrame(track: number, frame: VideoFrame): boolean {
    return this.#seal !== undefined && !this.#over && this.#inner.sendFrame(track, frame);
  }

  close(): void {
    this.#over = true;
    this.#early.length = 0;
    this.#inner.close();
  }

  #innerEvents(): PeerEvents {
    const events = this.#events;
    return {
      onOffer: (sdp) => events.onOffer(sdp, this.#handshake.commit),
      onCandidate: (candidate) => events.onCandidate(candidate),
      onState: (state) => this.#onState(state),
      onChannelOpen: (label) => this.#onChannelOpen(label),
      onMessage: (label, data) => this.#onMessage(label, data),
      onVideoOpen: () => {
        this.#isVideoOpen = true;
        if (this.#seal) events.onVideoOpen();
      },
      onKeyFrameWanted: (track) => {
        if (this.#seal) events.onKeyFrameWanted(track);
      },
      onTargetBitrate: (bitrate) => events.onTargetBitrate(bitrate),
      onDrained: () => events.onDrained(),
    };
  }

  #onState(state: PeerState): void {
    if (this.#over) return;
    if (state !== 'connected') {
      // A viewer that sees a wrong proof hangs up, and its own may not have come.
      if (state === 'closed' && this.#hasProven && !this.#seal) {
        this.#events.onHandshakeFailed?.('proof', 'the viewer hung up on our proof and sent none');
      }
      this.#events.onState(state);
      return;
    }
    this.#isConnected = true;
    if (this.#seal) this.#events.onState('connected');
  }

  #onChannelOpen(label: ChannelLabel): void {
    if (this.#over) return;
    this.#open.add(label);
    if (label === 'control') this.#prove();
    if (this.#seal && !this.#over) this.#events.onChannelOpen(label);
  }

  #prove(): void {
    const { binding } = this.#inner;
    if (!binding || !this.#reveal) {
      this.#refuse('proof', 'the descriptions do not name one certificate each');
      return;
    }
    this.#tell(this.#handshake.proof(binding, this.#reveal));
    this.#hasProven = true;
  }

  #onMessage(label: ChannelLabel, data: string | Uint8Array): void {
    if (this.#over) return;
    if (this.#seal) this.#openSealed(this.#seal, label, data);
    else if (label === 'control') this.#takeProof(data);
    else this.#keep({ label, data });
  }

  #openSealed(seal: NodeSeal, label: ChannelLabel, data: string | Uint8Array): void {
    let opened: string | Uint8Array;
    try {
      if (typeof data === 'string') throw new Error('Text where a sealed message is expected.');
      opened = fromPlain(label, seal.open(label, data));
    } catch (error) {
      this.#events.onUnreadable?.(label, error);
      return;
    }
    this.#events.onMessage(label, opened);
  }

  #keep(early: Early): void {
    this.#early.push(early);
    this.#earlyBytes += early.data.length;
    if (this.#early.length > MAX_EARLY_MESSAGES || this.#earlyBytes > MAX_EARLY_BYTES) {
      this.#refuse('proof', 'the viewer sent much and proved nothing');
    }
  }

  #takeProof(data: string | Uint8Array): void {
    const { binding } = this.#inner;
    const reveal = this.#reveal;
    try {
      const message = parseHandshakeMessage(data);
      if (message.type !== 'viewer-proof' || !binding || !reveal)
        throw new Error('It is no proof of a viewer.');
      const { seal, words } = this.#handshake.finish(binding, reveal, message.signature);
      const refusal = this.#options.acceptViewer?.(reveal.identityKey);
      if (refusal) this.#refuse(refusal.why, refusal.detail);
      else this.#secured(seal, words);
    } catch (error) {
      this.#refuse('proof', describeError(error));
    }
  }

  #secured(seal: NodeSeal, words: readonly string[]): void {
    this.#seal = seal;
    const events = this.#events;
    events.onSecured?.(words);
    this.#inner.secured?.(seal);
    if (this.#isConnected && !this.#over) events.onState('connected');
    if (this.#isVideoOpen && !this.#over) events.onVideoOpen();
    for (const label of this.#open) if (!this.#over) events.onChannelOpen(label);
    for (const { label, data } of this.#early.splice(0)) this.#onMessage(label, data);
  }

  /** Says why, as far as the way stands, and ends. */
  #refuse(why: HandshakeRefusal, detail: string): void {
    if (this.#over) return;
    this.#tell({ type: 'refused', v: 1, why });
    this.close();
    this.#events.onHandshakeFailed?.(why, detail);
    this.#events.onState('failed');
  }

  #tell(message: HandshakeMessage): void {
    this.#inner.send('control', JSON.stringify(message));
  }
}
