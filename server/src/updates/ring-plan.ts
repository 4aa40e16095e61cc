import { createHash } from 'node:crypto';
import type { UpdateRing } from '@guruconnect/shared';
import { type SQL, sql } from 'drizzle-orm';
import { updateFleet } from '../db/schema/delivery.ts';

/** Places that a machine can have in a roll-out: hundredths of a percent. */
const PLACES = 10_000;

/** One ring, with what of the rings before it reaches further. */
export interface RingStep {
  readonly name: string;
  /** Machines whose place is lower belong to it, or to a ring before it. */
  readonly below: number;
  /** In lower case. */
  readonly tags: readonly string[];
}

/** The rings in order. A percentage that is lower than the one before it adds nobody, and takes nobody out. */
export function ringPlan(rings: readonly UpdateRing[]): RingStep[] {
  let below = 0;
  return rings.map(({ name, percent, tags }) => {
    below = Math.max(below, (percent * PLACES) / 100);
    return { name, below, tags: tags.map((tag) => tag.toLowerCase()) };
  });
}

/**
 * The ring of a row of `update_fleet` in the roll-out of a version, from 0; null for machines that are in none. Where a
 * machine stands depends on its id and the version alone: it stays there, and others go first the next time.
 */
export function ringOf(plan: readonly RingStep[], version: string): SQL<number | null> {
  const seed = createHash('sha256').update(version).digest().readBigInt64BE().toString();
  const place = sql`((uuid_hash_extended(${updateFleet.machineId}, ${seed}::bigint) & 9223372036854775807) % ${PLACES})`;
  const steps = plan.map(({ below, tags }, ring) => {
    const tagged =
      tags.length === 0 ? sql`` : sql` OR ${updateFleet.tags} && ${sql.param([...tags])}::text[]`;
    return sql`WHEN ${place} < ${below}${tagged} THEN ${ring}::int`;
  });
  return sql<number | null>`CASE ${sql.join(steps, sql` `)} END`;
}
