import {
  type AgentControlMessage,
  type Candidate,
  type Capability,
  type ChannelLabel,
  type EndReason,
  encodeFrameInfo,
  GuruError,
  type HandshakeRefusal,
  type HandshakeReveal,
  MAX_VIDEO_TRACKS,
  type PeerOrder,
  type SignedGrant,
} from '@guruconnect/shared';
import { describeError } from '../core/log.ts';
import type { Peer, PeerState } from '../rtc/peer.ts';
import type { LeavingPicture } from '../tiles/tile-router.ts';
import { Complaints } from './complaints.ts';
import type { StreamFacts } from './display-stream.ts';
import { Lease } from './lease.ts';
import type { PeerSessionDeps } from './peer-session-deps.ts';
import { ShownDisplays } from './shown-displays.ts';
import type { VideoViewer } from './video-router.ts';
import { ViewerMessages } from './viewer-messages.ts';
import { ViewerProof } from './viewer-proof.ts';

const CONNECT_TIMEOUT_MS = 20_000;
/** Without the viewer's heartbeat (each 500 ms) for so long, its keys are released; for longer, it is dropped. */
const RELEASE_SILENCE_MS = 2_500;
const CLOSE_SILENCE_MS = 10_000;
const CHECK_MS = 500;

/** What says something of the machine or its screen: nobody is told before they may view. */
const FOR_VIEWERS: readonly AgentControlMessage['type'][] = ['hello', 'displays', 'stream', 'capture'];

/**
 * One viewer's connection: checks every message against the grant before anything comes of it. With a grant that
 * allows nothing it is warm: it stands and answers heartbeats, and the picture begins with the grant that lets it.
 */
export class PeerSession implements VideoViewer {
  readonly id: string;
  readonly participantId: string;
  readonly replaces: string | undefined;
  readonly #deps: PeerSessionDeps;
  readonly #lease: Lease;
  readonly #peer: Peer;
  readonly #cancels: (() => void)[] = [];
  readonly #complaints: Complaints;
  #connected = false;
  #route: string | undefined;
  #videoOpen = false;
  #over = false;
  readonly #shown: ShownDisplays;
  readonly #proof: ViewerProof;
  readonly #messages: ViewerMessages;
  #toldCapabilities: readonly Capability[] = [];
  #lastPingMs: number | undefined;
  #isIntroduced = false;

  /** Throws `not-allowed` when the order's grant is not the server's or is for another peer. */
  constructor(deps: PeerSessionDeps, order: PeerOrder) {
    this.#deps = deps;
    this.id = order.peerId;
    this.participantId = order.participantId;
    this.replaces = order.replaces;
    const { clock, verifier } = deps;
    this.#complaints = new Complaints({
      clock,
      tell: (message) => this.tell(message),
      onAudit: (what, detail) => deps.events.onAudit(what, detail),
    });
    this.#lease = new Lease({ verifier, clock, peerId: this.id, participantId: this.participantId });
    const tracks = Math.max(1, Math.min(MAX_VIDEO_TRACKS, deps.displays.all.length));
    this.#shown = new ShownDisplays(deps.displays, tracks);
    this.#messages = new ViewerMessages({
      ...deps,
      peerId: this.id,
      lease: this.#lease,
      complaints: this.#complaints,
      onPing: (n) => this.#answerPing(n),
      onShow: (displays) => this.#showDisplays(displays),
      onResume: (peerId) => this.tell({ type: 'resumed', peerId, inputId: deps.events.onResume(peerId) }),
    });
    const onWords = (words: readonly string[]) => deps.events.onSecured(words);
    this.#proof = new ViewerProof({ pins: deps.pins, participantId: this.participantId, onWords });
    const refused = this.#lease.take(order.grant);
    if (refused !== undefined) throw new GuruError('not-allowed', `The grant is refused: ${refused}.`);
    this.#peer = deps.openPeer(
      {
        peerId: order.peerId,
        transport: order.transport,
        tracks,
        acceptViewer: (key) => this.#proof.accept(key, this.#lease.viewerKey, this.mayView()),
      },
      {
        onOffer: (sdp, commit) => deps.events.onOffer(sdp, commit),
        onSecured: (words) => this.#proof.secured(words, this.mayView()),
        onHandshakeFailed: (why, detail) => this.#handshakeFailed(why, detail),
        onUnreadable: (label, error) => this.#malformed(label, error),
        onCandidate: (candidate) => deps.events.onCandidate(candidate),
        onState: (state) => this.#stateChanged(state),
        onChannelOpen: (label) => this.#channelOpen(label),
        onMessage: (label, data) => this.#receive(label, data),
        onVideoOpen: () => this.#videoOpened(),
        onKeyFrameWanted: (track) => deps.video.keyFrameWanted(this.id, track),
        onTargetBitrate: (bitrate) => {
          deps.video.bitrateChanged(this.id, bitrate);
          deps.tiles.bitrateChanged(this.id, bitrate);
        },
        onDrained: () => deps.video.queueLeft(this.id),
      },
    );
    this.#cancels.push(
      clock.after(CONNECT_TIMEOUT_MS, () => {
        if (!this.#connected) this.#finish('failed', 'it did not connect in time');
      }),
      clock.every(CHECK_MS, () => this.#check()),
    );
  }

  get isConnected(): boolean {
    return this.#connected && !this.#over;
  }

  /** See {@link ViewerMessages.endInput}; what is held down is let go. */
  endInput(): number {
    this.#deps.input.release(this.id);
    return this.#messages.endInput();
  }

  queueMs(): number {
    return this.#peer.queueMs;
  }

  streamChanged(track: number, displayId: string, facts: StreamFacts): void {
    const display = this.#deps.displays.byId(displayId)?.index;
    if (display !== undefined) this.tell({ type: 'stream', track, display, ...facts });
  }

  start(): void {
    this.#deps.tiles.follow({
      id: this.id,
      mayView: () => this.mayView(),
      send: (bytes) => this.#peer.send('tiles', bytes),
    });
    this.#peer.start();
    if (this.mayView()) this.#showDisplay();
  }

  answer(sdp: string, reveal?: HandshakeReveal): void {
    this.#peer.applyAnswer(sdp, reveal);
  }

  addCandidate(candidate: Candidate): void {
    this.#peer.addCandidate(candidate);
  }

  mayView(): boolean {
    return !this.#over && this.#lease.allows('view');
  }

  isController(): boolean {
    return !this.#over && this.#lease.allows('control');
  }

  pictureLeaves(picture: LeavingPicture): void {
    this.#deps.tiles.pictureLeaves(this.id, picture);
  }

  sendFrame(track: number, frame: Parameters<Peer['sendFrame']>[1]): boolean {
    return this.mayView() && this.#peer.sendFrame(track, frame);
  }

  sendInfo(info: Parameters<typeof encodeFrameInfo>[0]): void {
    if (this.mayView()) this.#peer.send('frames', encodeFrameInfo(info));
  }

  tell(message: AgentControlMessage): void {
    if (this.#over || (FOR_VIEWERS.includes(message.type) && !this.mayView())) return;
    this.#peer.send('control', JSON.stringify(message));
  }

  /** Takes a new grant of the server. A bad one changes nothing and is reported. */
  grant(grant: SignedGrant): void {
    const refused = this.#lease.take(grant);
    if (refused !== undefined) this.#complaints.audit('bad-grant', `A grant was refused: ${refused}.`);
    this.#followLease();
  }

  /** Monitors came, went or changed. */
  displaysChanged(): void {
    const { displays, video } = this.#deps;
    this.#shown.follow();
    this.tell(this.#shown.message);
    if (this.mayView()) this.#showDisplay();
    if (displays.all.length === 0) video.hide(this.id);
  }

  /** Says goodbye and lets go; `onGone` follows at once. */
  close(why: string, reason: EndReason | null = null): void {
    this.tell({ type: 'bye', reason });
    this.#finish('closed', why);
  }

  #stateChanged(state: PeerState): void {
    if (state !== 'connected') this.#finish(state, `the connection ${state}`);
    else if (!this.#connected) {
      this.#connected = true;
      this.#deps.events.onConnected();
    }
  }

  #channelOpen(label: ChannelLabel): void {
    if (label === 'cursor' && this.mayView()) this.#followCursor();
    if (label !== 'control') return;
    this.#lastPingMs = this.#deps.clock.monotonicMs();
    if (this.mayView()) this.#introduce();
  }

  #followCursor(): void {
    this.#deps.cursor.follow(this.id, (bytes) => {
      if (this.mayView()) this.#peer.send('cursor', bytes);
    });
  }

  /** Tells the viewer, once it may see something, where it is and what it may do. */
  #introduce(): void {
    this.#isIntroduced = true;
    const { displays, machine } = this.#deps;
    this.#toldCapabilities = this.#lease.capabilities;
    this.tell({
      type: 'hello',
      machine,
      displays: [...displays.all],
      display: this.#shown.first,
      tracks: this.#shown.tracks,
      capabilities: [...this.#toldCapabilities],
    });
    const unavailable = this.#deps.unavailable();
    if (unavailable !== null) this.tell({ type: 'capture', state: 'unavailable', reason: unavailable });
    this.#proof.sayWords();
  }

  /** A warm peer may see something now. False when its browser is not the one that this participant came with. */
  #wake(): boolean {
    const refused = this.#proof.confirm();
    if (refused) {
      this.#handshakeFailed(refused.why, refused.detail);
      this.#finish('closed', refused.detail);
    } else if (this.#lastPingMs !== undefined) {
      // Otherwise said when the channels open.
      this.#followCursor();
      this.#introduce();
    }
    return refused === undefined;
  }

  #videoOpened(): void {
    this.#videoOpen = true;
    if (this.mayView()) this.#showDisplay();
  }

  #showDisplay(): void {
    const { video } = this.#deps;
    const { ids } = this.#shown;
    if (ids.length === 0) return;
    if (this.#videoOpen) video.show(this, ids);
    else video.prepare(this, ids);
  }

  #receive(label: ChannelLabel, data: string | Uint8Array): void {
    if (this.#over) return;
    try {
      this.#messages.receive(label, data);
    } catch (error) {
      this.#malformed(label, error);
    }
  }

  #answerPing(n: number): void {
    this.#lastPingMs = this.#deps.clock.monotonicMs();
    this.tell({ type: 'pong', n, agentTimeMs: this.#lastPingMs });
  }

  #showDisplays(indexes: readonly number[]): void {
    if (!this.mayView()) this.#complaints.refuse('display', 'You may not view this computer.');
    else if (!this.#shown.choose(indexes)) {
      this.#complaints.refuse('display', 'That display is not there any more.');
    } else {
      this.tell(this.#shown.message);
      this.#showDisplay();
    }
  }

  /** The channel is closed: what else comes on it could not be trusted to mean what it seems to. */
  #malformed(label: ChannelLabel, error: unknown): void {
    this.#peer.closeChannel(label);
    this.#deps.input.release(this.id);
    this.#complaints.audit('malformed-message', `On '${label}': ${describeError(error)}`);
  }

  #handshakeFailed(why: HandshakeRefusal, detail: string): void {
    this.#complaints.audit(why === 'key-changed' ? 'key-changed' : 'handshake-failed', detail);
  }

  /** Heartbeat and the end of the lease. */
  #check(): void {
    const nowMs = this.#deps.clock.monotonicMs();
    const silentMs = nowMs - (this.#lastPingMs ?? nowMs);
    if (this.#lease.remainingMs() === 0) this.#finish('closed', 'its grant ran out');
    else if (silentMs > CLOSE_SILENCE_MS) this.#finish('failed', 'it fell silent');
    else if (silentMs > RELEASE_SILENCE_MS) this.#deps.input.release(this.id);
    this.#logRoute();
  }

  /** It may change while the connection stands: better pairs of addresses are found later. */
  #logRoute(): void {
    const { route } = this.#peer;
    if (route === this.#route) return;
    this.#route = route;
    if (route !== undefined) this.#deps.log.info({ peerId: this.id, route }, 'a viewer is reached this way');
  }

  #followLease(): void {
    const { input, video } = this.#deps;
    const capabilities = this.#lease.capabilities;
    if (!this.#lease.allows('control')) input.release(this.id);
    // The picture first: the rest of the way is longer for it.
    if (this.mayView() && !this.#isIntroduced) {
      this.#showDisplay();
      if (!this.#wake()) return;
    }
    if (!this.mayView()) video.hide(this.id);
    else if (!video.isShown(this.id)) this.#showDisplay();
    video.rightsChanged();
    if (String(capabilities) === String(this.#toldCapabilities)) return;
    this.#toldCapabilities = capabilities;
    this.tell({ type: 'capabilities', capabilities: [...capabilities] });
  }

  #finish(state: 'failed' | 'closed', why: string): void {
    if (this.#over) return;
    this.#over = true;
    for (const cancel of this.#cancels) cancel();
    this.#deps.video.forget(this.id);
    this.#deps.cursor.unfollow(this.id);
    this.#deps.tiles.unfollow(this.id);
    this.#deps.input.forget(this.id);
    this.#peer.close();
    this.#deps.events.onGone(state, why);
  }
}
