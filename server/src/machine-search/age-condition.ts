import type { QueryTerm } from '@guruconnect/shared';
import { type SQL, sql } from 'drizzle-orm';

type AgeTerm = Extract<QueryTerm, { kind: 'age' }>;

/** A machine's clock may be ahead of the server's by so much. */
const CLOCK_SKEW_MS = 5 * 60_000;
const DAY = 24 * 60 * 60_000;
/** Few machines are away for longer, or were used more lately: they are found by an index. */
const FEW = { awayMs: 7 * DAY, silentMs: 7 * DAY, accessedMs: 7 * DAY, bootedMs: DAY / 2 } as const;

/**
 * How long ago something was. Exactly as old as said counts as more. What never happened is older than everything; an
 * unknown time is neither. With `removed` the machines looked for are removed ones, which have no indexes.
 */
export function ageCondition(term: AgeTerm, now: number, removed: boolean): SQL {
  const condition = plainCondition(term, now);
  const rare = removed ? undefined : rareMachines(term, now);
  if (!rare) return condition;
  // The condition itself decides; the machines that an index of the other table knows are only where it is looked for.
  const ids = rare.map((one) => sql`SELECT id FROM machines WHERE removed_at IS NULL AND ${one}`);
  return sql`(s.machine_id IN (${sql.join(ids, sql` UNION ALL `)}) AND ${condition})`;
}

/**
 * The same as conditions on `machines` of which no two hold for one machine, each with an index of its own that knows
 * the company as well; undefined where many machines are meant, or nothing is indexed.
 */
export function rareMachines({ field, than, ms }: AgeTerm, now: number): SQL[] | undefined {
  const limit = instant(now - ms);
  const isLess = than === 'less';
  if ((field === 'seen' || field === 'offline') && !isLess && ms >= FEW.awayMs) {
    return [
      sql`(NOT online AND seen_at <= ${limit})`,
      sql`(NOT online AND seen_at IS NULL AND first_seen_at <= ${limit})`,
    ];
  }
  if (field === 'checkin' && !isLess && ms >= FEW.silentMs) {
    const day = sql`${new Date(now - ms).toISOString().slice(0, 10)}::date`;
    return [sql`(check_in_day <= ${day} AND last_check_in_at <= ${limit})`, sql`(check_in_day IS NULL)`];
  }
  if (field === 'accessed' && isLess && ms <= FEW.accessedMs) return [sql`(last_accessed_at > ${limit})`];
  if (field === 'booted' && isLess && ms <= FEW.bootedMs) {
    return [sql`(booted_at > ${limit} AND booted_at <= ${instant(now + CLOCK_SKEW_MS)})`];
  }
  return undefined;
}

function plainCondition({ field, than, ms }: AgeTerm, now: number): SQL {
  const limit = instant(now - ms);
  const isLess = than === 'less';
  switch (field) {
    case 'seen': {
      return isLess ? sql`(s.online OR s.seen_at > ${limit})` : sql`(NOT s.online AND s.seen_at <= ${limit})`;
    }
    case 'offline': {
      return sql`(NOT s.online AND s.seen_at ${isLess ? sql`>` : sql`<=`} ${limit})`;
    }
    case 'checkin': {
      return orNever(sql`s.last_check_in_at`, isLess, limit);
    }
    case 'accessed': {
      return orNever(sql`s.last_accessed_at`, isLess, limit);
    }
    case 'booted': {
      if (!isLess) return sql`s.booted_at <= ${limit}`;
      return sql`(s.booted_at > ${limit} AND s.booted_at <= ${instant(now + CLOCK_SKEW_MS)})`;
    }
    case 'added': {
      return isLess ? sql`s.first_seen_at > ${limit}` : sql`s.first_seen_at <= ${limit}`;
    }
    case 'installed': {
      return isLess ? sql`s.os_installed_at > ${limit}` : sql`s.os_installed_at <= ${limit}`;
    }
  }
}

function orNever(column: SQL, isLess: boolean, limit: SQL): SQL {
  return isLess ? sql`${column} > ${limit}` : sql`(${column} IS NULL OR ${column} <= ${limit})`;
}

function instant(ms: number): SQL {
  return sql`${new Date(ms).toISOString()}::timestamptz`;
}
