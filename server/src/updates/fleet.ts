import { and, eq, gt, inArray, isNotNull, type SQL, sql } from 'drizzle-orm';
import { compareVersions } from '../core/compare-versions.ts';
import type { Database } from '../db/database.ts';
import { machineUpdates, updateFleet } from '../db/schema/delivery.ts';
import { machines } from '../db/schema/machines.ts';
import { type RingStep, ringOf } from './ring-plan.ts';

/** What is rolled out, to whom. */
export interface Target {
  readonly version: string;
  readonly manifestSha256: string;
  readonly plan: readonly RingStep[];
}

export interface FleetCounts {
  readonly versions: { version: string; machines: number }[];
  readonly rings: { machines: number; updated: number }[];
}

/** The machines that releases go to: those with Windows. Other systems update their packages themselves. */
const isManaged = eq(updateFleet.osFamily, 'windows');

/** Reads which machines run which versions. */
export class Fleet {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Whether there is any machine that releases go to. */
  async hasManaged(): Promise<boolean> {
    const rows = await this.#db
      .select({ machineId: updateFleet.machineId })
      .from(updateFleet)
      .where(isManaged)
      .limit(1);
    return rows.length > 0;
  }

  /** The machine's ring; undefined for one that is in none, or not there. */
  async ringOf(machineId: string, { plan, version }: Target): Promise<number | undefined> {
    const [row] = await this.#db
      .select({ ring: ringOf(plan, version) })
      .from(updateFleet)
      .where(eq(updateFleet.machineId, machineId));
    return row?.ring ?? undefined;
  }

  /**
   * Machines that are online, in a ring up to `ring`, older than the version, and not offered it or failed with it;
   * in the order of their ids from behind `after`.
   */
  async candidates(
    target: Target,
    ring: number,
    after: string | undefined,
    limit: number,
  ): Promise<string[]> {
    const older = await this.#olderVersions(target.version);
    if (older.length === 0) return [];
    const { machineId } = updateFleet;
    const known = sql`EXISTS (SELECT FROM ${machineUpdates}
      WHERE ${machineUpdates.machineId} = ${updateFleet.machineId}
        AND ${machineUpdates.manifestSha256} = ${target.manifestSha256}
        AND ${machineUpdates.state} IN ('rolled-back', 'refused', 'failed'))`;
    const rows = await this.#db
      .select({ machineId })
      .from(updateFleet)
      .innerJoin(machines, and(eq(machines.id, machineId), eq(machines.online, true)))
      .where(
        and(
          isManaged,
          inArray(updateFleet.version, older),
          sql`${ringOf(target.plan, target.version)} <= ${ring}`,
          sql`NOT ${known}`,
          ...(after === undefined ? [] : [gt(machineId, after)]),
        ),
      )
      .orderBy(machineId)
      .limit(limit);
    return rows.map((row) => row.machineId);
  }

  /** Everything at once, in one pass over the narrow rows. */
  async counts(target: Target | undefined): Promise<FleetCounts> {
    const ring: SQL<number | null> = target ? ringOf(target.plan, target.version) : sql`NULL::int`;
    const rows = await this.#db
      .select({
        osFamily: updateFleet.osFamily,
        version: updateFleet.version,
        ring: sql<number | null>`${ring}`.as('ring'),
        machines: sql<number>`count(*)::int`,
      })
      .from(updateFleet)
      .groupBy(updateFleet.osFamily, updateFleet.version, sql`ring`);
    const byVersion = new Map<string, number>();
    const rings = (target?.plan ?? []).map(() => ({ machines: 0, updated: 0 }));
    for (const row of rows) {
      byVersion.set(row.version, (byVersion.get(row.version) ?? 0) + row.machines);
      const counted = row.ring === null || row.osFamily !== 'windows' ? undefined : rings[row.ring];
      if (!counted || !target) continue;
      counted.machines += row.machines;
      if (compareVersions(row.version, target.version) >= 0) counted.updated += row.machines;
    }
    const versions = [...byVersion].map(([version, count]) => ({ version, machines: count }));
    return { versions: versions.sort((a, b) => compareVersions(b.version, a.version)), rings };
  }

  async #olderVersions(version: string): Promise<string[]> {
    const rows = await this.#db
      .selectDistinct({ version: updateFleet.version })
      .from(updateFleet)
      .where(and(isManaged, isNotNull(updateFleet.version)));
    return rows.map((row) => row.version).filter((one) => compareVersions(one, version) < 0);
  }
}
