import type { PeerPath } from '@guruconnect/shared';

/** What this browser remembers about the way to one session's machine. */
export interface PathMemory {
  /** Whether nothing but the relay worked the last time. */
  readonly wantsRelay: boolean;
  note(wantsRelay: boolean): void;
}

/** Which way is taken, and why it is not the better one. */
export interface Route {
  readonly path: PeerPath;
  readonly why: string | undefined;
}

/** WebRTC that works at all is up within this; then the relay is tried beside it. */
export const RELAY_AFTER_MS = 3_000;
/** Where it did not work before it gets a short lead only. */
export const RELAY_SOON_MS = 300;
const FIRST_UPGRADE_MS = 5_000;
const LONGEST_UPGRADE_MS = 60_000;

const BLOCKED = 'UDP seems to be blocked between this browser and the computer';
const SLOW = 'no direct connection came up in time';

/** When which path is tried: WebRTC first, the relay beside it when that takes long, WebRTC again while on the relay. */
export class PathPolicy {
  readonly #paths: readonly PeerPath[];
  readonly #memory: PathMemory;
  readonly #random: () => number;
  #upgrades = 0;
  #directFailed = false;

  constructor(deps: { paths: readonly PeerPath[]; memory: PathMemory; random: () => number }) {
    this.#paths = deps.paths;
    this.#memory = deps.memory;
    this.#random = deps.random;
  }

  /** Whether there is a relay to go to, as far as this browser goes. */
  get hasRelay(): boolean {
    return this.#paths.includes('relay');
  }

  /** How long WebRTC is waited for before the relay is tried, from the start of a search. */
  relayAfterMs(): number {
    return this.#memory.wantsRelay ? RELAY_SOON_MS : RELAY_AFTER_MS;
  }

  /** Until WebRTC is tried again while the relay is in use: longer each time, spread by half. */
  upgradeAfterMs(): number {
    const full = Math.min(LONGEST_UPGRADE_MS, FIRST_UPGRADE_MS * 2 ** this.#upgrades);
    this.#upgrades += 1;
    return full * (0.5 + this.#random() / 2);
  }

  /** Another network: what was learnt of the old one says nothing. */
  networkChanged(): void {
    this.#upgrades = 0;
    this.#directFailed = false;
  }

  /** A try over WebRTC led nowhere although both ends could be told of it. */
  directFailed(): void {
    this.#directFailed = true;
  }

  /** A peer is up over this path. */
  cameUp(path: PeerPath): Route {
    const neededRelay = this.#memory.wantsRelay;
    this.#memory.note(path === 'relay');
    if (path === 'webrtc') {
      this.#upgrades = 0;
      this.#directFailed = false;
      return { path, why: undefined };
    }
    return { path, why: this.#directFailed || neededRelay ? BLOCKED : SLOW };
  }
}
