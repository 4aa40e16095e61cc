import type { Clock } from '../../core/clock.ts';
import { newId } from '../../core/secrets.ts';
import type { SessionRow } from '../../db/schema/sessions.ts';
import { participantIn } from '../participant-in.ts';
import type { PeerStore } from '../store/peer-store.ts';

/** A page joins and asks for its peer at the same moment; afterwards the stored peer tells the same. */
const BRIDGE_MS = 10_000;

/**
 * Which participant somebody is, or will be once they join: a peer that was made before belongs to them then.
 * Whoever leaves gives it up and comes back as somebody new.
 */
export class Reservations {
  readonly #clock: Clock;
  readonly #peers: Pick<PeerStore, 'openOfSession'>;
  readonly #reserved = new Map<string, { readonly id: Promise<string>; readonly until: number }>();

  constructor(deps: { clock: Clock; peers: Pick<PeerStore, 'openOfSession'> }) {
    this.#clock = deps.clock;
    this.#peers = deps.peers;
  }

  participantIdOf(row: SessionRow, userId: string): Promise<string> {
    const present = participantIn(row, userId);
    if (present) return Promise.resolve(present);
    const now = this.#clock.now();
    for (const [key, { until }] of this.#reserved) if (until < now) this.#reserved.delete(key);
    const key = keyOf(row.id, userId);
    const known = this.#reserved.get(key);
    if (known) return known.id;
    const id = this.#peers
      .openOfSession(row.id)
      .then((open) => open.find((peer) => peer.userId === userId)?.participantId ?? newId());
    this.#reserved.set(key, { id, until: now + BRIDGE_MS });
    // A failed read is tried again by the next caller.
    id.catch(() => this.#reserved.delete(key));
    return id;
  }

  release(sessionId: string, userId: string): void {
    this.#reserved.delete(keyOf(sessionId, userId));
  }
}

function keyOf(sessionId: string, userId: string): string {
  return `${sessionId} ${userId}`;
}
