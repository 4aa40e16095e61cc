import type { PeerRow } from '../../db/schema/sessions.ts';

/** Peers of one login that may stand ready in dashboards. */
export const MAX_HELD_PER_LOGIN = 4;
/** One that stood ready for so long without being used is closed. */
const IDLE_MS = 10 * 60_000;

interface Warm {
  readonly peer: PeerRow;
  isConnected: boolean;
}

/** The peers that stand ready and show nothing yet. Lost with the process; agents tell anew which they hold. */
export class WarmPeers {
  readonly #warm = new Map<string, Warm>();

  note(peer: PeerRow, isConnected = false): void {
    const known = this.#warm.get(peer.id);
    this.#warm.set(peer.id, { peer, isConnected: isConnected || (known?.isConnected ?? false) });
  }

  /** The peer stands. Returns whether it is a warm one. */
  connected(peerId: string): boolean {
    const known = this.#warm.get(peerId);
    if (known) known.isConnected = true;
    return known !== undefined;
  }

  /** The peer is warm no more: it is live, or closed. Returns whether it was warm and stood. */
  forget(peerId: string): boolean {
    const known = this.#warm.get(peerId);
    this.#warm.delete(peerId);
    return known?.isConnected ?? false;
  }

  /** How many peers of a login wait for somebody to click. */
  heldOf(loginId: string): number {
    return [...this.#warm.values()].filter(({ peer }) => peer.warm && peer.loginId === loginId).length;
  }

  /** Those that nobody has used for too long. */
  idleAt(now: number): PeerRow[] {
    return [...this.#warm.values()].map(({ peer }) => peer).filter((peer) => now - peer.createdAt >= IDLE_MS);
  }
}
