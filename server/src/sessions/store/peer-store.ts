import { and, asc, eq, inArray, isNull } from 'drizzle-orm';
import type { Database } from '../../db/database.ts';
import { type PeerRow, peers } from '../../db/schema/sessions.ts';

/** Peer connections that the server allowed and has not cut. */
export class PeerStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async open(peer: Omit<PeerRow, 'closedAt'>): Promise<void> {
    await this.#db.insert(peers).values(peer);
  }

  /** Also one that is closed. */
  async find(peerId: string): Promise<PeerRow | undefined> {
    const [row] = await this.#db.select().from(peers).where(eq(peers.id, peerId));
    return row;
  }

  async findOpen(peerId: string): Promise<PeerRow | undefined> {
    const [row] = await this.#db
      .select()
      .from(peers)
      .where(and(eq(peers.id, peerId), isNull(peers.closedAt)));
    return row;
  }

  /** Open peers of a session, oldest first. */
  openOfSession(sessionId: string): Promise<PeerRow[]> {
    return this.#db
      .select()
      .from(peers)
      .where(and(eq(peers.sessionId, sessionId), isNull(peers.closedAt)))
      .orderBy(asc(peers.createdAt));
  }

  openOfLogin(loginId: string): Promise<PeerRow[]> {
    return this.#db
      .select()
      .from(peers)
      .where(and(eq(peers.loginId, loginId), isNull(peers.closedAt)));
  }

  /** All open peers of all sessions. */
  allOpen(): Promise<PeerRow[]> {
    return this.#db.select().from(peers).where(isNull(peers.closedAt));
  }

  /** The page of this login joined: its peer is held back no longer. Nothing happens to one that is not its own. */
  async wake(peerId: string, loginId: string, sessionId: string): Promise<void> {
    await this.#db
      .update(peers)
      .set({ warm: false })
      .where(
        and(
          eq(peers.id, peerId),
          eq(peers.loginId, loginId),
          eq(peers.sessionId, sessionId),
          isNull(peers.closedAt),
        ),
      );
  }

  /** Closes those of the peers that are open; returns the ones this call closed. */
  async close(peerIds: readonly string[], now: number): Promise<PeerRow[]> {
    if (peerIds.length === 0) return [];
    return this.#db
      .update(peers)
      .set({ closedAt: now })
      .where(and(inArray(peers.id, [...peerIds]), isNull(peers.closedAt)))
      .returning();
  }
}
