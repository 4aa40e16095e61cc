import {
  type AgentControlMessage,
  type Candidate,
  type CursorMessage,
  type FrameInfo,
  GuruError,
  type HandshakeCommit,
  type HandshakeReveal,
  type PeerTransport,
  type TileMessage,
} from '@guruconnect/shared';
import type { PeerSecurity, SecurityAlarm } from '../secure/peer-security.ts';
import type { MakePeer, Peer } from './peer.ts';
import { reconnectDelayMs } from './reconnect-delay.ts';
import type { Timing } from './timing.ts';

/** A try that is not up after this long is given up and made anew. */
export const ATTEMPT_MS = 10_000;

/** The server's side of peers; every method may fail while the server is away. */
export interface PeerSignals {
  /** Rejects with the server's reason when there can be no peer now. */
  request(replaces: string | undefined): Promise<{ peerId: string; transport: PeerTransport }>;
  answer(peerId: string, sdp: string, reveal: HandshakeReveal): void;
  candidate(peerId: string, candidate: Candidate): void;
  closePeer(peerId: string): void;
}

export type KeeperStatus = 'off' | 'connecting' | 'up' | 'down';

export interface PeerKeeperEvents {
  status(status: KeeperStatus): void;
  /** A peer is up and from now on the one that counts. */
  up(link: PeerLink): void;
  picture(link: PeerLink, stream: MediaStream, track: number): void;
  control(link: PeerLink, message: AgentControlMessage): void;
  cursor(link: PeerLink, message: CursorMessage): void;
  frame(link: PeerLink, info: FrameInfo): void;
  tiles(link: PeerLink, message: TileMessage): void;
  /** Both ends of this peer have proven themselves; it comes up in a moment. */
  secured(link: PeerLink, security: PeerSecurity): void;
  /** A peer is not to be trusted. The owner stops the keeper: it would only try again. */
  alarm(link: PeerLink, alarm: SecurityAlarm): void;
  /** The peer that was up is about to be closed: the last moment to keep its picture. */
  closing(): void;
  /** A try failed before a peer came up. */
  failed(error: unknown): void;
}

/** One try, from the request on; `peerId` is known once the server answered. */
export interface PeerLink {
  readonly peer: Peer;
  peerId: string | undefined;
}

/** Offers and candidates may overtake the answer that tells whose they are. */
interface EarlySignal {
  readonly peerId: string;
  readonly deliver: (peer: Peer) => void;
}
const MAX_EARLY = 64;

/** Refusals that say nothing about the request itself. */
const WORTH_REPEATING: readonly string[] = [
  'unavailable',
  'endpoint-offline',
  'too-many-requests',
  'internal',
];

/**
 * Keeps one good peer for as long as it is switched on: asks for it, notices its loss, asks for the next with
 * growing pauses, and lets the old one go only when the new one is up (make before break).
 */
export class PeerKeeper {
  readonly #deps: { signals: PeerSignals; makePeer: MakePeer; timing: Timing; events: PeerKeeperEvents };
  #on = false;
  #everUp = false;
  #current: PeerLink | undefined;
  /** The last peer that was up, which the next one replaces. */
  #replaces: string | undefined;
  #next: PeerLink | undefined;
  #failures = 0;
  #cancelTimer: (() => void) | undefined;
  #early: EarlySignal[] = [];
  #status: KeeperStatus = 'off';

  constructor(deps: { signals: PeerSignals; makePeer: MakePeer; timing: Timing; events: PeerKeeperEvents }) {
    this.#deps = deps;
  }

  /** The peer that is up, if one is. */
  get current(): PeerLink | undefined {
    return this.#current;
  }

  start(): void {
    if (this.#on) return;
    this.#on = true;
    this.#failures = 0;
    this.#attempt();
  }

  /** Closes everything and stays closed until `start`. */
  stop(): void {
    if (!this.#on) return;
    this.#on = false;
    this.#cancelTimer?.();
    if (this.#current) this.#deps.events.closing();
    for (const link of [this.#next, this.#current]) if (link) this.#discard(link);
    this.#next = undefined;
    this.#current = undefined;
    this.#everUp = false;
    this.#tellStatus();
  }

  /**
   * Something came back (server, agent, network): do not wait for the back-off. A request that is still
   * unanswered goes on, unless the line it was sent on is gone.
   */
  hurry(isNewLine = false): void {
    if (!this.#on || this.#current) return;
    if (this.#next && (this.#next.peerId || !isNewLine)) return;
    this.#failures = 0;
    this.#drop();
    this.#attempt();
  }

  /** Asks for a fresh peer while the old one goes on: the network changed. */
  renew(): void {
    if (this.#on && this.#current && !this.#next) this.#attempt();
  }

  onOffer(peerId: string, sdp: string, commit?: HandshakeCommit): void {
    this.#route(peerId, (peer) => peer.offer(sdp, commit));
  }
  onCandidate(peerId: string, candidate: Candidate): void {
    this.#route(peerId, (peer) => peer.candidate(candidate));
  }
  /** The server or the agent closed a peer. */
  onClosed(peerId: string): void {
    const link = [this.#next, this.#current].find((one) => one?.peerId === peerId);
    if (link) this.#onLost(link, 'closed by the server');
  }

  #attempt(): void {
    this.#cancelTimer?.();
    const link: PeerLink = {
      peerId: undefined,
      // Made before the server is asked: its certificate is ready when the offer comes.
      peer: this.#deps.makePeer({
        up: () => this.#onUp(link),
        lost: (reason) => this.#onLost(link, reason),
        secured: (security) => this.#deps.events.secured(link, security),
        alarm: (alarm) => this.#deps.events.alarm(link, alarm),
        picture: (stream, track) => this.#deps.events.picture(link, stream, track),
        control: (message) => this.#deps.events.control(link, message),
        cursor: (message) => this.#deps.events.cursor(link, message),
        frame: (info) => this.#deps.events.frame(link, info),
        tiles: (message) => this.#deps.events.tiles(link, message),
        answer: (sdp, reveal) => link.peerId && this.#deps.signals.answer(link.peerId, sdp, reveal),
        candidate: (candidate) => link.peerId && this.#deps.signals.candidate(link.peerId, candidate),
      }),
    };
    this.#next = link;
    this.#early = [];
    this.#tellStatus();
    this.#cancelTimer = this.#deps.timing.after(ATTEMPT_MS, () =>
      this.#onLost(link, 'no connection in time'),
    );
    this.#deps.signals.request(this.#replaces).then(
      (reply) => this.#onReply(link, reply),
      (error: unknown) => {
        if (this.#next !== link) return;
        // A server that has forgotten the old peer may refuse to replace it.
        if (!(error instanceof GuruError && WORTH_REPEATING.includes(error.code))) this.#replaces = undefined;
        this.#deps.events.failed(error);
        this.#onLost(link, 'refused');
      },
    );
  }

  #onReply(link: PeerLink, reply: { peerId: string; transport: PeerTransport }): void {
    link.peerId = reply.peerId;
    if (this.#next !== link) {
      this.#deps.signals.closePeer(reply.peerId);
      return;
    }
    link.peer.configure(reply.transport, reply.peerId);
    for (const signal of this.#early.splice(0)) {
      if (signal.peerId === reply.peerId) signal.deliver(link.peer);
    }
  }

  #onUp(link: PeerLink): void {
    if (this.#next !== link) return;
    this.#cancelTimer?.();
    const old = this.#current;
    this.#next = undefined;
    this.#current = link;
    this.#replaces = link.peerId;
    this.#failures = 0;
    this.#everUp = true;
    this.#deps.events.up(link);
    this.#tellStatus();
    if (!old) return;
    // The server closes the replaced peer at the agent; here only our end goes.
    this.#deps.events.closing();
    old.peer.close();
  }

  #onLost(link: PeerLink, _reason: string): void {
    if (link === this.#current) {
      // The server is not told: the next peer `replaces` this one, which keeps its place at the agent.
      this.#deps.events.closing();
      link.peer.close();
      this.#current = undefined;
      if (!this.#next) this.#attempt();
      else this.#tellStatus();
      return;
    }
    if (link !== this.#next) return;
    this.#drop();
    // A renewal that failed changes nothing: the old peer is still up.
    if (this.#current) return;
    this.#failures += 1;
    const delayMs = reconnectDelayMs(this.#failures, this.#deps.timing.random());
    this.#cancelTimer = this.#deps.timing.after(delayMs, () => this.#attempt());
    this.#tellStatus();
  }

  #drop(): void {
    this.#cancelTimer?.();
    if (this.#next) this.#discard(this.#next);
    this.#next = undefined;
  }

  #discard(link: PeerLink): void {
    link.peer.close();
    if (link.peerId) this.#deps.signals.closePeer(link.peerId);
  }

  #route(peerId: string, deliver: (peer: Peer) => void): void {
    const link = [this.#next, this.#current].find((one) => one?.peerId === peerId);
    if (link) deliver(link.peer);
    else if (this.#next && !this.#next.peerId && this.#early.length < MAX_EARLY) {
      this.#early.push({ peerId, deliver });
    }
  }

  #tellStatus(): void {
    const status = !this.#on ? 'off' : this.#current ? 'up' : this.#everUp ? 'down' : 'connecting';
    if (status === this.#status) return;
    this.#status = status;
    this.#deps.events.status(status);
  }
}
