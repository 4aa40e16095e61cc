import type { UpdateReport } from '@guruconnect/shared';
import { and, count, desc, eq, gt, gte, inArray, ne, sql } from 'drizzle-orm';
import type { Database } from '../db/database.ts';
import { type MachineUpdateRow, machineUpdates, updateRollouts } from '../db/schema/delivery.ts';
import { machines } from '../db/schema/machines.ts';

/** A machine that says nothing for so long after it was offered a version gives its place to another one. */
export const IN_FLIGHT_MS = 30 * 60_000;
/** Offers that a machine may take without a word of how it went. */
const MAX_ATTEMPTS = 5;
/** Failures shown at once. */
const LISTED = 200;

const FAILED = ['rolled-back', 'refused', 'failed'] as const;
const hasFailed = inArray(machineUpdates.state, [...FAILED]);

export interface Offer {
  readonly machineId: string;
  readonly manifestSha256: string;
  readonly fromVersion: string;
  readonly ring: number;
}

export interface FailedUpdate {
  readonly row: MachineUpdateRow;
  readonly version: string;
  readonly name: string;
}

/** What became of releases on machines, in its table. */
export class OfferStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async find(machineId: string, manifestSha256: string): Promise<MachineUpdateRow | undefined> {
    const [row] = await this.#db.select().from(machineUpdates).where(isOf(machineId, manifestSha256));
    return row;
  }

  /** Machines that are at it now, whatever the release. */
  async inFlight(now: number): Promise<number> {
    const [row] = await this.#db.select({ open: count() }).from(machineUpdates).where(isInFlight(now));
    return row?.open ?? 0;
  }

  /**
   * Gives the machine one of `atOnce` places, or lets it keep the one that it has. False when there is none, when the
   * roll-out stopped meanwhile, or when the machine took so many without a word that it counts as failed.
   */
  take(
    { machineId, manifestSha256, fromVersion, ring }: Offer,
    atOnce: number,
    now: number,
  ): Promise<boolean> {
    return this.#db.transaction(async (tx) => {
      // One after the other: two that count at once would both find the last place free.
      await tx.execute(sql`LOCK TABLE ${updateRollouts} IN SHARE ROW EXCLUSIVE MODE`);
      const [rollout] = await tx
        .select()
        .from(updateRollouts)
        .where(eq(updateRollouts.manifestSha256, manifestSha256));
      if (!rollout || rollout.stoppedAt !== null || ring > rollout.ring) return false;
      const [known] = await tx.select().from(machineUpdates).where(isOf(machineId, manifestSha256));
      if (known && isFailed(known)) return false;
      if (known && isAtIt(known, now)) return true;
      if (known?.state === 'offered' && known.attempts >= MAX_ATTEMPTS) {
        await tx
          .update(machineUpdates)
          .set({
            state: 'failed',
            endedAt: now,
            reason: 'It began several times and never said how it went.',
          })
          .where(isOf(machineId, manifestSha256));
        return false;
      }
      const [row] = await tx.select({ open: count() }).from(machineUpdates).where(isInFlight(now));
      if ((row?.open ?? 0) >= atOnce) return false;
      const offered = {
        state: 'offered' as const,
        ring,
        fromVersion,
        offeredAt: now,
        endedAt: null,
        reason: '',
      };
      await tx
        .insert(machineUpdates)
        .values({ machineId, manifestSha256, ...offered, attempts: 1 })
        .onConflictDoUpdate({
          target: [machineUpdates.machineId, machineUpdates.manifestSha256],
          set: { ...offered, attempts: sql`${machineUpdates.attempts} + 1` },
        });
      return true;
    });
  }

  /** How it went; undefined for a release that the machine was never offered, or when it said so before. */
  async end(
    machineId: string,
    { manifestSha256, outcome, reason }: UpdateReport,
    now: number,
  ): Promise<MachineUpdateRow | undefined> {
    const [row] = await this.#db
      .update(machineUpdates)
      .set({ state: outcome, reason: outcome === 'updated' ? '' : reason, endedAt: now, attempts: 0 })
      .where(and(isOf(machineId, manifestSha256), ne(machineUpdates.state, outcome)))
      .returning();
    return row;
  }

  /** By ring, how many said how it went since then, and how many of them failed. */
  async ended(
    manifestSha256: string,
    since: number,
  ): Promise<{ ring: number; all: number; failed: number }[]> {
    return this.#db
      .select({
        ring: machineUpdates.ring,
        all: sql<number>`count(*)::int`,
        failed: sql<number>`(count(*) FILTER (WHERE ${hasFailed}))::int`,
      })
      .from(machineUpdates)
      .where(
        and(
          eq(machineUpdates.manifestSha256, manifestSha256),
          ne(machineUpdates.state, 'offered'),
          gte(machineUpdates.endedAt, since),
        ),
      )
      .groupBy(machineUpdates.ring);
  }

  /** The newest first. */
  async failures(manifestSha256: string): Promise<FailedUpdate[]> {
    const rows = await this.#db
      .select({
        row: machineUpdates,
        version: updateRollouts.version,
        name: machines.name,
        hostname: machines.hostname,
      })
      .from(machineUpdates)
      .innerJoin(updateRollouts, eq(updateRollouts.manifestSha256, machineUpdates.manifestSha256))
      .innerJoin(machines, eq(machines.id, machineUpdates.machineId))
      .where(and(eq(machineUpdates.manifestSha256, manifestSha256), hasFailed))
      .orderBy(desc(machineUpdates.endedAt))
      .limit(LISTED);
    return rows.map(({ row, version, name, hostname }) => ({
      row,
      version,
      name: name === '' ? hostname : name,
    }));
  }

  /** Forgets that these failed; returns which of them had. */
  async forgetFailures(machineIds: readonly string[], manifestSha256: string): Promise<string[]> {
    if (machineIds.length === 0) return [];
    const rows = await this.#db
      .delete(machineUpdates)
      .where(
        and(
          inArray(machineUpdates.machineId, [...machineIds]),
          eq(machineUpdates.manifestSha256, manifestSha256),
          hasFailed,
        ),
      )
      .returning({ machineId: machineUpdates.machineId });
    return rows.map(({ machineId }) => machineId);
  }
}

export function isFailed({ state }: Pick<MachineUpdateRow, 'state'>): boolean {
  return FAILED.some((one) => one === state);
}

/** Whether the machine is at it now. */
export function isAtIt(
  { state, offeredAt }: Pick<MachineUpdateRow, 'state' | 'offeredAt'>,
  now: number,
): boolean {
  return state === 'offered' && offeredAt > now - IN_FLIGHT_MS;
}

function isInFlight(now: number) {
  return and(eq(machineUpdates.state, 'offered'), gt(machineUpdates.offeredAt, now - IN_FLIGHT_MS));
}

function isOf(machineId: string, manifestSha256: string) {
  return and(eq(machineUpdates.machineId, machineId), eq(machineUpdates.manifestSha256, manifestSha256));
}
