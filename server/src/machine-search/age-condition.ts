import type { QueryTerm } from '@guruconnect/shared';
import { type SQL, sql } from 'drizzle-orm';

type AgeTerm = Extract<QueryTerm, { kind: 'age' }>;

/** A machine's clock may be ahead of the server's by so much. */
const CLOCK_SKEW_MS = 5 * 60_000;
const DAY = 24 * 60 * 60_000;
/** Few machines are away for longer, or were used more lately: they are found by an index. */
const FEW = { awayMs: 7 * DAY, accessedMs: 3 * DAY, bootedMs: DAY / 2 } as const;

/**
 * How long ago something was. Exactly as old as said counts as more. What never happened is older than everything; an
 * unknown time is neither. With `removed` the machines looked for are removed ones, which have no indexes.
 */
export function ageCondition({ field, than, ms }: AgeTerm, now: number, removed: boolean): SQL {
  const limit = instant(now - ms);
  const isLess = than === 'less';
  const isRare = (fits: boolean) => fits && !removed;
  switch (field) {
    case 'seen': {
      if (isLess) return sql`(s.online OR s.seen_at > ${limit})`;
      return awaySince(limit, isRare(ms >= FEW.awayMs));
    }
    case 'offline': {
      if (isLess) return sql`(NOT s.online AND s.seen_at > ${limit})`;
      return awaySince(limit, isRare(ms >= FEW.awayMs));
    }
    case 'checkin': {
      return orNever(sql`s.last_check_in_at`, isLess, limit);
    }
    case 'accessed': {
      const condition = orNever(sql`s.last_accessed_at`, isLess, limit);
      if (!isLess || !isRare(ms <= FEW.accessedMs)) return condition;
      return among(sql`last_accessed_at > ${limit}`, condition);
    }
    case 'booted': {
      if (!isLess) return sql`s.booted_at <= ${limit}`;
      const condition = sql`(s.booted_at > ${limit} AND s.booted_at <= ${instant(now + CLOCK_SKEW_MS)})`;
      return isRare(ms <= FEW.bootedMs) ? among(sql`booted_at > ${limit}`, condition) : condition;
    }
    case 'added': {
      return isLess ? sql`s.first_seen_at > ${limit}` : sql`s.first_seen_at <= ${limit}`;
    }
    case 'installed': {
      return isLess ? sql`s.os_installed_at > ${limit}` : sql`s.os_installed_at <= ${limit}`;
    }
  }
}

function awaySince(limit: SQL, isRare: boolean): SQL {
  const condition = sql`(NOT s.online AND s.seen_at <= ${limit})`;
  if (!isRare) return condition;
  const never = sql`seen_at IS NULL AND first_seen_at <= ${limit}`;
  return among(sql`NOT online AND (seen_at <= ${limit} OR (${never}))`, condition);
}

/** The condition itself decides; the machines that an index of the other table knows are only where it is looked for. */
function among(indexed: SQL, condition: SQL): SQL {
  return sql`(s.machine_id IN (SELECT id FROM machines WHERE removed_at IS NULL AND ${indexed}) AND ${condition})`;
}

function orNever(column: SQL, isLess: boolean, limit: SQL): SQL {
  return isLess ? sql`${column} > ${limit}` : sql`(${column} IS NULL OR ${column} <= ${limit})`;
}

function instant(ms: number): SQL {
  return sql`${new Date(ms).toISOString()}::timestamptz`;
}
