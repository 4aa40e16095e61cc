import type { PeerLink } from './peer-link.ts';

interface EarlySignal {
  readonly peerId: string;
  readonly deliver: (link: PeerLink) => void;
}
const MAX_EARLY = 64;

/** Offers and candidates that overtook the answer which tells whose they are. */
export class EarlySignals {
  #kept: EarlySignal[] = [];

  keep(peerId: string, deliver: (link: PeerLink) => void): void {
    if (this.#kept.length < MAX_EARLY) this.#kept.push({ peerId, deliver });
  }

  /** Hands over what came for this peer. */
  deliver(peerId: string, link: PeerLink): void {
    const mine = this.#kept.filter((one) => one.peerId === peerId);
    this.#kept = this.#kept.filter((one) => one.peerId !== peerId);
    for (const signal of mine) signal.deliver(link);
  }

  clear(): void {
    this.#kept = [];
  }
}
