import type { Peer } from './peer.ts';

interface EarlySignal {
  readonly peerId: string;
  readonly deliver: (peer: Peer) => void;
}
const MAX_EARLY = 64;

/** Offers and candidates that overtook the answer which tells whose they are. */
export class EarlySignals {
  #kept: EarlySignal[] = [];

  keep(peerId: string, deliver: (peer: Peer) => void): void {
    if (this.#kept.length < MAX_EARLY) this.#kept.push({ peerId, deliver });
  }

  /** Hands over what came for this peer. */
  deliver(peerId: string, peer: Peer): void {
    const mine = this.#kept.filter((one) => one.peerId === peerId);
    this.#kept = this.#kept.filter((one) => one.peerId !== peerId);
    for (const signal of mine) signal.deliver(peer);
  }

  clear(): void {
    this.#kept = [];
  }
}
