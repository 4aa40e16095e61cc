import { asc, eq, lte } from 'drizzle-orm';
import type { Database } from '../../db/database.ts';
import { type SessionQualityRow, sessionQuality } from '../../db/schema/session-quality.ts';

/** A session of many reconnects is told by its first so many peers. */
const MAX_OF_SESSION = 200;

/** How well the pictures of peers came: the newest report of each. */
export class QualityStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Replaces the peer's report, unless that one tells of a longer time: it came later. */
  async put(row: SessionQualityRow): Promise<void> {
    await this.#db
      .insert(sessionQuality)
      .values(row)
      .onConflictDoUpdate({
        target: sessionQuality.peerId,
        set: row,
        setWhere: lte(sessionQuality.seconds, row.seconds),
      });
  }

  /** The oldest peer first. */
  ofSession(sessionId: string): Promise<SessionQualityRow[]> {
    return this.#db
      .select()
      .from(sessionQuality)
      .where(eq(sessionQuality.sessionId, sessionId))
      .orderBy(asc(sessionQuality.startedAt))
      .limit(MAX_OF_SESSION);
  }
}
