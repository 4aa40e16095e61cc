import { sql } from 'drizzle-orm';
import type { Database } from '../../db/database.ts';
import { ALL_COMPANIES } from '../search-context.ts';

/** What is counted by label; `all` and `site` by company, the others over all companies of a scope. */
export type CountKind =
  | 'all'
  | 'site'
  | 'os'
  | 'type'
  | 'tag'
  | 'department'
  | 'version'
  | 'flagged'
  | 'guested';

export interface LabelCount {
  readonly kind: CountKind;
  /** Of `all` and `site` only. */
  readonly companyId: string | null;
  readonly value: string;
  readonly title: string;
  readonly n: number;
}

export type Scope = 'all' | ReadonlySet<string>;

const BY_COMPANY = sql`('all', 'site')`;
/** A sum of numbers in PostgreSQL is a bigint, which the driver hands over as text. */
const SUM = sql`sum(n)::int`;

/**
 * The counts of a scope from the table of counts and of what is not folded into it yet, in one statement: it sees both
 * at one moment, so they are right also while another server folds.
 */
export async function readLabelCounts(db: Database, scope: Scope): Promise<LabelCount[]> {
  const source =
    scope === 'all'
      ? sql`SELECT kind, company_id, value, title, n FROM machine_counts WHERE kind IN ${BY_COMPANY}
            UNION ALL SELECT kind, company_id, value, title, n FROM machine_counts
              WHERE company_id = ${ALL_COMPANIES}::uuid
            UNION ALL SELECT kind, company_id, value, title, n FROM machine_count_deltas`
      : sql`SELECT kind, company_id, value, title, n FROM machine_counts
              WHERE company_id = ANY (${sql.param([...scope])}::uuid[])
            UNION ALL SELECT kind, company_id, value, title, n FROM machine_count_deltas
              WHERE company_id = ANY (${sql.param([...scope])}::uuid[])`;
  const { rows } = await db.execute<{ [K in keyof LabelCount]: LabelCount[K] }>(
    sql`SELECT kind, CASE WHEN kind IN ${BY_COMPANY} THEN company_id END AS "companyId", value,
          max(title) AS title, ${SUM} AS n
        FROM (${source}) counted GROUP BY 1, 2, 3 HAVING sum(n) > 0`,
  );
  return rows;
}

/** Folds deltas into the counts, at most so many at once; returns how many. Several servers may do it at once. */
export async function foldDeltas(db: Database, limit: number): Promise<number> {
  const { rows } = await db.execute<{ n: number }>(sql`
    WITH taken AS (
      DELETE FROM machine_count_deltas WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM machine_count_deltas LIMIT ${limit} FOR UPDATE SKIP LOCKED))
      RETURNING kind, company_id, value, title, n
    ), change AS (
      SELECT kind, company_id, value, max(title) AS title, sum(n) AS n FROM taken GROUP BY 1, 2, 3
      UNION ALL
      SELECT kind, ${ALL_COMPANIES}::uuid, value, max(title), sum(n) FROM taken
        WHERE kind NOT IN ${BY_COMPANY} GROUP BY 1, 3
    ), folded AS (
      INSERT INTO machine_counts AS counts (kind, company_id, value, title, n)
      -- In one order, so that two servers wait for one another instead of both for ever.
      SELECT kind, company_id, value, title, n FROM change WHERE n <> 0 ORDER BY 1, 2, 3
      ON CONFLICT (kind, company_id, value) DO UPDATE SET n = counts.n + excluded.n, title = excluded.title
    ) SELECT count(*)::int AS n FROM taken`);
  return rows[0]?.n ?? 0;
}
