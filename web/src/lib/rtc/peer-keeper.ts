import {
  type Candidate,
  GuruError,
  type HandshakeCommit,
  type PeerPath,
  type PeerTransport,
} from '@guruconnect/shared';
import { EarlySignals } from './early-signals.ts';
import type { PathPolicy } from './path-policy.ts';
import type { MakePeer } from './peer.ts';
import { createPeerLink, type KeeperStatus, type PeerKeeperEvents, type PeerLink } from './peer-link.ts';
import type { PeerSignals } from './peer-signals.ts';
import { reconnectDelayMs } from './reconnect-delay.ts';
import type { Timing } from './timing.ts';

/** A try that is not up after this long is given up and made anew. */
export const ATTEMPT_MS = 10_000;

/** A link on its way up. */
interface Try {
  readonly link: PeerLink;
  readonly cancelTimeout: () => void;
}

/** Refusals that say nothing about the request itself. */
const WORTH_REPEATING: readonly string[] = [
  'unavailable',
  'endpoint-offline',
  'too-many-requests',
  'internal',
];

export interface PeerKeeperDeps {
  readonly signals: PeerSignals;
  readonly makePeer: MakePeer;
  readonly policy: PathPolicy;
  readonly timing: Timing;
  readonly events: PeerKeeperEvents;
}

/**
 * Keeps one good peer for as long as it is switched on: asks for it, notices its loss, asks for the next with growing
 * pauses, and lets the old one go only when the new one is up (make before break). WebRTC comes first; the relay is
 * tried beside it when that takes long, and the first to be up wins. From the relay it moves up to WebRTC by itself.
 */
export class PeerKeeper {
  readonly #deps: PeerKeeperDeps;
  readonly #tries = new Map<PeerPath, Try>();
  #on = false;
  #everUp = false;
  #current: PeerLink | undefined;
  /** The peer that is up does not answer: another is looked for while it may come back. */
  #stalled = false;
  /** The last peer that was up, which the next one replaces. */
  #replaces: string | undefined;
  #failures = 0;
  /** The next thing to try: a new search, the relay beside WebRTC, or WebRTC while on the relay. */
  #cancelPlan: (() => void) | undefined;
  readonly #early = new EarlySignals();
  #status: KeeperStatus = 'off';

  constructor(deps: PeerKeeperDeps) {
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
    this.#search();
  }

  /** Closes everything and stays closed until `start`. */
  stop(): void {
    if (!this.#on) return;
    this.#on = false;
    if (this.#current) this.#deps.events.closing();
    this.#dropTries();
    if (this.#current) this.#discard(this.#current);
    this.#current = undefined;
    this.#stalled = false;
    this.#everUp = false;
    this.#tellStatus();
  }

  /**
   * Something came back (server, agent, network): do not wait for the back-off. A request that is still
   * unanswered goes on, unless the line it was sent on is gone.
   */
  hurry(isNewLine = false): void {
    if (!this.#on || (this.#current && !this.#stalled)) return;
    // Also for what is on its way: it may have been refused a moment before.
    this.#failures = 0;
    const links = [...this.#tries.values()].map(({ link }) => link);
    if (links.length > 0 && (!isNewLine || links.some(({ peerId }) => peerId))) return;
    this.#dropTries();
    this.#search();
  }

  /** Asks for a fresh peer over WebRTC while the old one goes on: the network changed. */
  renew(): void {
    this.#deps.policy.networkChanged();
    if (this.#on && this.#current) this.#try('webrtc');
  }

  onOffer(peerId: string, sdp: string, commit?: HandshakeCommit): void {
    this.#route(peerId, (link) => {
      link.isOffered = true;
      link.peer.offer(sdp, commit);
    });
  }
  onCandidate(peerId: string, candidate: Candidate): void {
    this.#route(peerId, ({ peer }) => peer.candidate(candidate));
  }
  /** The server or the agent closed a peer. */
  onClosed(peerId: string): void {
    const link = this.#links().find((one) => one.peerId === peerId);
    if (link) this.#onLost(link, 'closed by the server');
  }

  /** Looks for a peer over every path: `relayAfterMs` later over the relay too. */
  #search(relayAfterMs = this.#deps.policy.relayAfterMs()): void {
    this.#cancelPlan?.();
    this.#cancelPlan = undefined;
    this.#try('webrtc');
    if (this.#deps.policy.hasRelay) this.#plan(relayAfterMs, () => this.#try('relay'));
  }

  #plan(ms: number, step: () => void): void {
    this.#cancelPlan?.();
    this.#cancelPlan = this.#deps.timing.after(ms, () => {
      this.#cancelPlan = undefined;
      step();
    });
  }

  #try(path: PeerPath): void {
    if (this.#tries.has(path)) return;
    const { signals, timing, events } = this.#deps;
    const link: PeerLink = createPeerLink(this.#deps, path, this.#replaces, {
      up: () => this.#onUp(link),
      lost: (reason) => this.#onLost(link, reason),
      stalled: (isStalled) => this.#onStalled(link, isStalled),
    });
    if (this.#tries.size === 0) this.#early.clear();
    const cancelTimeout = timing.after(ATTEMPT_MS, () => this.#onLost(link, 'no connection in time'));
    this.#tries.set(path, { link, cancelTimeout });
    this.#tellStatus();
    signals.request(link.replaces, path).then(
      (reply) => this.#onReply(link, reply),
      (error: unknown) => {
        if (!this.#isTried(link)) return;
        // A server that has forgotten the old peer may refuse to replace it.
        if (!(error instanceof GuruError && WORTH_REPEATING.includes(error.code))) this.#replaces = undefined;
        this.#onLost(link, 'refused');
        if (this.#tries.size === 0 && !this.#current) events.failed(error);
      },
    );
  }

  #onReply(link: PeerLink, reply: { peerId: string; transport: PeerTransport }): void {
    link.peerId = reply.peerId;
    if (!this.#isTried(link)) {
      this.#deps.signals.closePeer(reply.peerId);
      return;
    }
    link.peer.configure(reply.transport, reply.peerId);
    this.#early.deliver(reply.peerId, link);
  }

  #onUp(link: PeerLink): void {
    if (!this.#isTried(link)) return;
    const { events, policy } = this.#deps;
    this.#forget(link);
    const old = this.#current;
    this.#current = link;
    this.#stalled = false;
    this.#replaces = link.peerId;
    this.#failures = 0;
    this.#everUp = true;
    this.#cancelPlan?.();
    this.#cancelPlan = undefined;
    // WebRTC that is still on its way goes on beside the relay, the other way round there is no need.
    if (link.path === 'webrtc') this.#dropTries();
    events.up(link, policy.cameUp(link.path));
    this.#tellStatus();
    if (old) this.#replaced(old, link);
    this.#planUpgrade();
  }

  /** The server closes the replaced peer at the agent when it was told of it; here our end goes. */
  #replaced(old: PeerLink, by: PeerLink): void {
    this.#deps.events.closing();
    old.peer.close();
    if (old.peerId && by.replaces !== old.peerId) this.#deps.signals.closePeer(old.peerId);
  }

  #planUpgrade(): void {
    if (this.#current?.path !== 'relay' || this.#tries.has('webrtc')) return;
    this.#plan(this.#deps.policy.upgradeAfterMs(), () => this.#try('webrtc'));
  }

  /** A short break heals by itself, sooner than a new peer is made; a long one does not. Both are tried. */
  #onStalled(link: PeerLink, isStalled: boolean): void {
    if (link !== this.#current || this.#stalled === isStalled) return;
    this.#stalled = isStalled;
    if (isStalled) this.#search();
    else {
      // One that the agent is at work on replaces this one without a gap.
      for (const { link: tried } of [...this.#tries.values()]) if (!tried.isOffered) this.#abandon(tried);
      this.#cancelPlan?.();
      this.#cancelPlan = undefined;
      this.#planUpgrade();
    }
    this.#tellStatus();
  }

  #onLost(link: PeerLink, reason: string): void {
    if (link === this.#current) this.#onCurrentLost(link);
    else if (this.#isTried(link)) this.#onTryLost(link, reason);
  }

  #onCurrentLost(link: PeerLink): void {
    // The server is not told: the next peer `replaces` this one, which keeps its place at the agent.
    this.#deps.events.closing();
    link.peer.close();
    this.#current = undefined;
    this.#stalled = false;
    // What was on the relay knows that WebRTC is not quick.
    this.#search(link.path === 'relay' ? 0 : undefined);
    this.#tellStatus();
  }

  #onTryLost(link: PeerLink, reason: string): void {
    const { policy, events, timing } = this.#deps;
    this.#forget(link);
    this.#discard(link);
    const isRefused = reason === 'refused';
    if (link.path === 'webrtc' && !isRefused) {
      policy.directFailed();
      if (!policy.hasRelay) events.stranded();
    }
    if (this.#current && !this.#stalled) {
      // A renewal that failed changes nothing: the old peer is still up.
      this.#planUpgrade();
      return;
    }
    // A server that refuses one path refuses the other for the same reason.
    if (!isRefused && this.#cancelPlan) {
      this.#plan(0, () => this.#try('relay'));
      return;
    }
    this.#failures += 1;
    const pauseMs = reconnectDelayMs(this.#failures, timing.random());
    if (this.#tries.size === 0) this.#plan(pauseMs, () => this.#search());
    // WebRTC takes its time to fail; a relay that starts again is there long before.
    else if (link.path === 'relay') this.#plan(pauseMs, () => this.#try('relay'));
    this.#tellStatus();
  }

  #dropTries(): void {
    this.#cancelPlan?.();
    this.#cancelPlan = undefined;
    for (const { link } of [...this.#tries.values()]) this.#abandon(link);
  }

  #abandon(link: PeerLink): void {
    this.#forget(link);
    this.#discard(link);
  }

  #isTried(link: PeerLink): boolean {
    return this.#tries.get(link.path)?.link === link;
  }

  #forget(link: PeerLink): void {
    this.#tries.get(link.path)?.cancelTimeout();
    this.#tries.delete(link.path);
  }

  #discard(link: PeerLink): void {
    link.peer.close();
    if (link.peerId) this.#deps.signals.closePeer(link.peerId);
  }

  #links(): PeerLink[] {
    const tried = [...this.#tries.values()].map(({ link }) => link);
    return this.#current ? [...tried, this.#current] : tried;
  }

  #route(peerId: string, deliver: (link: PeerLink) => void): void {
    const link = this.#links().find((one) => one.peerId === peerId);
    if (link) deliver(link);
    else if (this.#links().some((one) => !one.peerId)) this.#early.keep(peerId, deliver);
  }

  #tellStatus(): void {
    const isUp = this.#current && !this.#stalled;
    const status = !this.#on ? 'off' : isUp ? 'up' : this.#everUp ? 'down' : 'connecting';
    if (status === this.#status) return;
    this.#status = status;
    this.#deps.events.status(status);
  }
}
