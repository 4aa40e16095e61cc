import { and, desc, eq, inArray, lt, lte, ne, or, sql } from 'drizzle-orm';
import type { Database } from '../../db/database.ts';
import { knocks, type SessionRow, sessionCodes, sessions, sessionTokens } from '../../db/schema/sessions.ts';

/** What a change may set; the version rises by itself. */
export type SessionPatch = Partial<
  Omit<SessionRow, 'id' | 'version' | 'grantSequence' | 'createdAt' | 'origin' | 'createdBy'>
>;

/** The rows of remote sessions. Nothing here knows which change is legal. */
export class SessionStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async find(id: string): Promise<SessionRow | undefined> {
    const [row] = await this.#db.select().from(sessions).where(eq(sessions.id, id));
    return row;
  }

  /** The session whose code is in use, for the one question that everybody may ask. One indexed look-up. */
  async findByActiveCode(code: string): Promise<SessionRow | undefined> {
    const [row] = await this.#db
      .select({ session: sessions })
      .from(sessionCodes)
      .innerJoin(sessions, eq(sessions.id, sessionCodes.sessionId))
      .where(and(eq(sessionCodes.code, code), eq(sessionCodes.active, true)));
    return row?.session;
  }

  /** The sessions of many codes at once, by code. */
  async findByActiveCodes(codes: readonly string[]): Promise<Map<string, SessionRow>> {
    const rows = await this.#db
      .select({ code: sessionCodes.code, session: sessions })
      .from(sessionCodes)
      .innerJoin(sessions, eq(sessions.id, sessionCodes.sessionId))
      .where(and(inArray(sessionCodes.code, [...codes]), eq(sessionCodes.active, true)));
    return new Map(rows.map((row) => [row.code, row.session]));
  }

  /** Sessions that have not ended, newest first. */
  listActive(limit: number): Promise<SessionRow[]> {
    return this.#db
      .select()
      .from(sessions)
      .where(ne(sessions.phase, 'ended'))
      .orderBy(desc(sessions.createdAt), desc(sessions.id))
      .limit(limit);
  }

  /** Open sessions that are offered to somebody. */
  listOffered(): Promise<SessionRow[]> {
    return this.#db
      .select()
      .from(sessions)
      .where(and(eq(sessions.phase, 'open'), sql`${sessions.state}->'transfer'->>'toUserId' IS NOT NULL`));
  }

  /** Ended sessions, the last to end first, a page at a time. */
  listEnded(limit: number, after?: SessionRow): Promise<SessionRow[]> {
    const endedAt = after?.endedAt ?? undefined;
    const beyond =
      after && endedAt !== undefined
        ? or(lt(sessions.endedAt, endedAt), and(eq(sessions.endedAt, endedAt), lt(sessions.id, after.id)))
        : undefined;
    return this.#db
      .select()
      .from(sessions)
      .where(and(eq(sessions.phase, 'ended'), beyond))
      .orderBy(desc(sessions.endedAt), desc(sessions.id))
      .limit(limit);
  }

  /**
   * Sessions that may have to end or whose agent may be gone: a superset, to be judged one by one. `idleSince` and
   * `openedBefore` are null where there is no such limit.
   */
  listDue(limits: {
    now: number;
    idleSince: number | null;
    openedBefore: number | null;
  }): Promise<SessionRow[]> {
    const isOpen = eq(sessions.phase, 'open');
    const openedAt = sql`(${sessions.state}->'lifecycle'->>'openedAt')::double precision`;
    return this.#db
      .select()
      .from(sessions)
      .where(
        or(
          and(ne(sessions.phase, 'ended'), lte(sessions.codeExpiresAt, limits.now)),
          limits.idleSince === null ? undefined : and(isOpen, lte(sessions.lastActiveAt, limits.idleSince)),
          limits.openedBefore === null ? undefined : and(isOpen, sql`${openedAt} <= ${limits.openedBefore}`),
          and(isOpen, sql`${sessions.state}->'endpoint'->>'kind' = 'agent'`),
        ),
      );
  }

  /** Stores the patch if the row is still the one that was read; undefined if somebody was faster. */
  async compareAndSet(read: SessionRow, patch: SessionPatch): Promise<SessionRow | undefined> {
    const [row] = await this.#db
      .update(sessions)
      .set({ ...patch, version: read.version + 1 })
      .where(and(eq(sessions.id, read.id), eq(sessions.version, read.version)))
      .returning();
    return row;
  }

  /** Like {@link compareAndSet}, and frees the code and voids tokens and knocks in the same transaction. */
  compareAndEnd(read: SessionRow, patch: SessionPatch, now: number): Promise<SessionRow | undefined> {
    return this.#db.transaction(async (tx) => {
      const [row] = await tx
        .update(sessions)
        .set({ ...patch, version: read.version + 1 })
        .where(and(eq(sessions.id, read.id), eq(sessions.version, read.version)))
        .returning();
      if (!row) return undefined;
      await tx
        .update(sessionCodes)
        .set({ active: false, releasedAt: now })
        .where(and(eq(sessionCodes.sessionId, row.id), eq(sessionCodes.active, true)));
      await tx
        .update(sessionTokens)
        .set({ revokedAt: now })
        .where(and(eq(sessionTokens.sessionId, row.id), sql`${sessionTokens.revokedAt} IS NULL`));
      await tx
        .update(knocks)
        .set({ status: 'refused', answeredAt: now })
        .where(and(eq(knocks.sessionId, row.id), eq(knocks.status, 'waiting')));
      return row;
    });
  }

  /**
   * Raises the session's grant sequence and returns the row as it is at that very moment, so that a grant with
   * a higher sequence never says something older.
   */
  async nextGrant(id: string): Promise<SessionRow | undefined> {
    const [row] = await this.#db
      .update(sessions)
      .set({ grantSequence: sql`${sessions.grantSequence} + 1` })
      .where(eq(sessions.id, id))
      .returning();
    return row;
  }

  /** Notes when the session was last used; never moves back, is no change of state. */
  async markActive(id: string, at: number): Promise<void> {
    await this.#db
      .update(sessions)
      .set({ lastActiveAt: at })
      .where(and(eq(sessions.id, id), lt(sessions.lastActiveAt, at)));
  }
}
