import { and, desc, eq, isNotNull, isNull, sql } from 'drizzle-orm';
import type { Database } from '../db/database.ts';
import { type RolloutRow, updateRollouts } from '../db/schema/delivery.ts';

/** Roll-outs in their table: what a restart of the server finds again. */
export class RolloutStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async find(manifestSha256: string): Promise<RolloutRow | undefined> {
    const [row] = await this.#db
      .select()
      .from(updateRollouts)
      .where(eq(updateRollouts.manifestSha256, manifestSha256));
    return row;
  }

  /**
   * True for whoever began it; two servers that do so at once agree on one. A manifest that is made anew of the same
   * version, for another company name say, goes on in the ring that was open, unless too many machines failed there.
   */
  async begin(manifestSha256: string, version: string, now: number): Promise<boolean> {
    const [before] = await this.#db
      .select({ ring: updateRollouts.ring, ringOpenedAt: updateRollouts.ringOpenedAt })
      .from(updateRollouts)
      .where(and(eq(updateRollouts.version, version), isNull(updateRollouts.stoppedAt)))
      .orderBy(desc(updateRollouts.startedAt))
      .limit(1);
    const rows = await this.#db
      .insert(updateRollouts)
      .values({
        manifestSha256,
        version,
        startedAt: now,
        ring: before?.ring ?? 0,
        ringOpenedAt: before?.ringOpenedAt ?? now,
        stoppedReason: '',
        countedFrom: now,
      })
      .onConflictDoNothing()
      .returning({ manifestSha256: updateRollouts.manifestSha256 });
    return rows.length > 0;
  }

  /** Opens the next ring; false when that was done already, or the roll-out stopped. */
  async openNext({ manifestSha256, ring }: RolloutRow, now: number): Promise<boolean> {
    const rows = await this.#db
      .update(updateRollouts)
      .set({ ring: sql`${updateRollouts.ring} + 1`, ringOpenedAt: now })
      .where(
        and(
          eq(updateRollouts.manifestSha256, manifestSha256),
          eq(updateRollouts.ring, ring),
          isNull(updateRollouts.stoppedAt),
        ),
      )
      .returning({ ring: updateRollouts.ring });
    return rows.length > 0;
  }

  async stop(manifestSha256: string, reason: string, now: number): Promise<boolean> {
    const rows = await this.#db
      .update(updateRollouts)
      .set({ stoppedAt: now, stoppedReason: reason })
      .where(and(eq(updateRollouts.manifestSha256, manifestSha256), isNull(updateRollouts.stoppedAt)))
      .returning({ ring: updateRollouts.ring });
    return rows.length > 0;
  }

  /** Goes on; what failed before counts no more. False when it had not stopped. */
  async resume(manifestSha256: string, now: number): Promise<boolean> {
    const rows = await this.#db
      .update(updateRollouts)
      .set({ stoppedAt: null, stoppedReason: '', countedFrom: now })
      .where(and(eq(updateRollouts.manifestSha256, manifestSha256), isNotNull(updateRollouts.stoppedAt)))
      .returning({ ring: updateRollouts.ring });
    return rows.length > 0;
  }
}
