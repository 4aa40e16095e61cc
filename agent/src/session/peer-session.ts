import {
  type AgentControlMessage,
  type Candidate,
  type Capability,
  type ChannelLabel,
  type EndReason,
  encodeFrameInfo,
  GuruError,
  type HandshakeCommit,
  type HandshakeRefusal,
  type HandshakeReveal,
  type InputMessage,
  keyThumbprint,
  MAX_VIDEO_TRACKS,
  type MachineInfo,
  type PeerOrder,
  type SignedGrant,
  type ViewerControlMessage,
} from '@guruconnect/shared';
import type { Clock } from '../core/clock.ts';
import { describeError, type Log } from '../core/log.ts';
import type { OpenPeer, Peer, PeerState } from '../rtc/peer.ts';
import type { ViewerPins } from '../secure/viewer-pins.ts';
import type { LeavingPicture, TileRouter } from '../tiles/tile-router.ts';
import { type AuditWhat, Complaints } from './complaints.ts';
import type { CursorFeed } from './cursor-feed.ts';
import type { StreamFacts } from './display-stream.ts';
import type { DisplayTable } from './display-table.ts';
import type { GrantVerifier } from './grant-verifier.ts';
import type { InputDispatcher } from './input-dispatcher.ts';
import { Lease } from './lease.ts';
import { parseViewerControl, parseViewerInput } from './parse-viewer-message.ts';
import type { VideoRouter, VideoViewer } from './video-router.ts';

/** What one peer needs of its session. */
export interface PeerSessionDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly openPeer: OpenPeer;
  readonly verifier: GrantVerifier;
  readonly input: InputDispatcher;
  readonly video: VideoRouter;
  readonly cursor: CursorFeed;
  readonly tiles: TileRouter;
  readonly displays: DisplayTable;
  readonly pins: ViewerPins;
  readonly machine: MachineInfo;
  /** Present when the desktop cannot be shown just now. */
  readonly unavailable: () => string | null;
  readonly events: PeerSessionEvents;
}

/** What a peer tells its session. */
export interface PeerSessionEvents {
  onOffer(sdp: string, commit: HandshakeCommit | undefined): void;
  onCandidate(candidate: Candidate): void;
  /** Nobody is between the viewer and this agent when both show these words. */
  onSecured(words: readonly string[]): void;
  onConnected(): void;
  /** It is over and has cleaned up; told once, also after `close`. */
  onGone(state: 'failed' | 'closed', why: string): void;
  onAudit(what: AuditWhat, detail: string): void;
}

const OTHER_BROWSER = 'this participant came with another browser before';
const CONNECT_TIMEOUT_MS = 20_000;
/** Without the viewer's heartbeat (each 500 ms) for so long, its keys are released; for longer, it is dropped. */
const RELEASE_SILENCE_MS = 2_500;
const CLOSE_SILENCE_MS = 10_000;
const CHECK_MS = 250;

/** What says something of the machine or its screen: nobody is told before they may view. */
const FOR_VIEWERS: ReadonlySet<AgentControlMessage['type']> = new Set([
  'hello',
  'displays',
  'stream',
  'capture',
]);

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
  readonly #tracks: number;
  /** The displays that were asked for, by track; none for the main one. */
  #shown: readonly number[] = [];
  #toldCapabilities: readonly Capability[] = [];
  #lastPingMs: number | undefined;
  #isIntroduced = false;
  /** What is told and done once the viewer may see something. */
  #words: readonly string[] | undefined;
  #viewerKey: string | undefined;

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
    this.#tracks = Math.max(1, Math.min(MAX_VIDEO_TRACKS, deps.displays.all.length));
    const refused = this.#lease.take(order.grant);
    if (refused !== undefined) throw new GuruError('not-allowed', `The grant is refused: ${refused}.`);
    this.#peer = deps.openPeer(
      {
        peerId: order.peerId,
        transport: order.transport,
        tracks: this.#tracks,
        acceptViewer: (identityKey) => this.#acceptViewer(identityKey),
      },
      {
        onOffer: (sdp, commit) => deps.events.onOffer(sdp, commit),
        onSecured: (words) => this.#secured(words),
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
        onDrained: () => {},
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

  get displayIndex(): number {
    return this.#displayIndexes[0] ?? 0;
  }

  /** By track. */
  get #displayIndexes(): readonly number[] {
    const main = this.#deps.displays.main?.index;
    if (this.#shown.length > 0) return this.#shown;
    return main === undefined ? [] : [main];
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
    if (this.#over || (FOR_VIEWERS.has(message.type) && !this.mayView())) return;
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
    this.#shown = this.#shown.filter((index) => displays.byIndex(index));
    this.#tellDisplays();
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
    const capabilities = [...this.#toldCapabilities];
    this.tell({
      type: 'hello',
      machine,
      displays: [...displays.all],
      display: this.displayIndex,
      tracks: this.#tracks,
      capabilities,
    });
    const unavailable = this.#deps.unavailable();
    if (unavailable !== null) this.tell({ type: 'capture', state: 'unavailable', reason: unavailable });
    this.#sayWords();
  }

  /** A warm peer may see something now. False when its browser is not the one that this participant came with. */
  #wake(): boolean {
    if (this.#viewerKey !== undefined && !this.#deps.pins.accept(this.participantId, this.#viewerKey)) {
      this.#handshakeFailed('key-changed', OTHER_BROWSER);
      this.#finish('closed', OTHER_BROWSER);
      return false;
    }
    // Otherwise said when the channels open.
    if (this.#lastPingMs !== undefined) {
      this.#followCursor();
      this.#introduce();
    }
    return true;
  }

  /** The person at the machine need not know of somebody who only may come. */
  #secured(words: readonly string[]): void {
    this.#words = words;
    if (this.mayView()) this.#sayWords();
  }

  #sayWords(): void {
    if (this.#words) this.#deps.events.onSecured(this.#words);
    this.#words = undefined;
  }

  #videoOpened(): void {
    this.#videoOpen = true;
    if (this.mayView()) this.#showDisplay();
  }

  #showDisplay(): void {
    const { displays, video } = this.#deps;
    const ids = this.#displayIndexes.flatMap((index) => displays.byIndex(index)?.id ?? []);
    if (ids.length === 0) return;
    if (this.#videoOpen) video.show(this, ids);
    else video.prepare(this, ids);
  }

  #receive(label: ChannelLabel, data: string | Uint8Array): void {
    if (this.#over) return;
    try {
      if (label === 'control') this.#takeControl(parseViewerControl(data));
      else if (label === 'input' || label === 'move') this.#takeInput(parseViewerInput(label, data));
      else throw GuruError.invalid(`Nothing is expected on '${label}'.`);
    } catch (error) {
      this.#malformed(label, error);
    }
  }

  #takeInput(message: InputMessage): void {
    if (this.#lease.allows('control')) this.#deps.input.dispatch(this.id, message);
    // Letting go needs no right, and everything was released when control was lost.
    else if (message.type !== 'release-all') this.#complaints.refuse('input', 'You do not have control.');
  }

  #takeControl(message: ViewerControlMessage): void {
    switch (message.type) {
      case 'ping':
        this.#lastPingMs = this.#deps.clock.monotonicMs();
        this.tell({ type: 'pong', n: message.n, agentTimeMs: this.#lastPingMs });
        break;
      case 'select-display':
        this.#showDisplays([message.display]);
        break;
      case 'show-displays':
        this.#showDisplays(message.displays);
        break;
      case 'set-quality':
        this.#deps.video.modeChanged(this.id, message.mode);
        break;
      case 'refresh':
        this.#deps.video.keyFrameWanted(this.id);
        break;
      case 'special-keys':
        if (this.#lease.allows('control')) this.#deps.input.pressCtrlAltDelete(this.id);
        else this.#complaints.refuse('special-keys', 'You do not have control.');
        break;
    }
  }

  /** Those for which this connection has no track are left out; `displays` tells which are shown. */
  #showDisplays(indexes: readonly number[]): void {
    const { displays } = this.#deps;
    const refused = !this.#lease.allows('view')
      ? 'You may not view this computer.'
      : indexes.some((index) => !displays.byIndex(index)) && 'That display is not there any more.';
    if (refused) {
      this.#complaints.refuse('display', refused);
      return;
    }
    this.#shown = [...new Set(indexes)].slice(0, this.#tracks);
    this.#tellDisplays();
    this.#showDisplay();
  }

  #tellDisplays(): void {
    const displays = [...this.#deps.displays.all];
    this.tell({ type: 'displays', displays, display: this.displayIndex, shown: [...this.#displayIndexes] });
  }

  /** The channel is closed: what else comes on it could not be trusted to mean what it seems to. */
  #malformed(label: ChannelLabel, error: unknown): void {
    this.#peer.closeChannel(label);
    this.#deps.input.release(this.id);
    this.#complaints.audit('malformed-message', `On '${label}': ${describeError(error)}`);
  }

  /** The browser must be the one that the server signed for, and the one that this participant came with before. */
  #acceptViewer(identityKey: string): { why: HandshakeRefusal; detail: string } | undefined {
    const key = keyThumbprint(identityKey);
    const { viewerKey } = this.#lease;
    if (viewerKey !== key) {
      return { why: 'grant', detail: 'the grant is for another browser' };
    }
    this.#viewerKey = key;
    // Whoever has not joined yet is no participant yet.
    if (!this.mayView() || this.#deps.pins.accept(this.participantId, key)) return undefined;
    return { why: 'key-changed', detail: OTHER_BROWSER };
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
