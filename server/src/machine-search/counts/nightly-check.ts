import { sql } from 'drizzle-orm';
import type { Clock } from '../../core/clock.ts';
import type { AuditLog, Log } from '../../core/ports.ts';
import type { Database } from '../../db/database.ts';
import { machineCountChecks } from '../../db/schema/machine-search.ts';
import { foldDeltas } from './label-counts.ts';

const LOOK_EVERY_MS = 10 * 60_000;
/** Hour of the day, UTC, from which on the check of that day is due. */
const DUE_HOUR = 2;

/** What the check of one night found. */
export interface CheckResult {
  /** Counts that were not what the machines say; they are now. */
  readonly counts: number;
  /** Machines whose search text was not that of the machine; it is now. */
  readonly machines: number;
}

/**
 * Rebuilds search texts and counts from the machines once a night and compares: what differs is put right, logged and
 * audited, for it means that a fault is in the code. Company by company, so that nobody waits long. Of several servers
 * one does it.
 */
export class NightlyCheck {
  readonly #deps: { db: Database; clock: Clock; log: Log; audit: AuditLog };
  readonly #stop: () => void;
  #running: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(deps: { db: Database; clock: Clock; log: Log; audit: AuditLog }) {
    this.#deps = deps;
    this.#stop = deps.clock.every(LOOK_EVERY_MS, () => {
      this.#running = this.#running.then(() => this.#runWhenDue());
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#stop();
    await this.#running;
  }

  async #runWhenDue(): Promise<void> {
    const { db, clock, log } = this.#deps;
    const now = new Date(clock.now());
    if (this.#isClosed || now.getUTCHours() < DUE_HOUR) return;
    const day = now.toISOString().slice(0, 10);
    try {
      const mine = await db
        .insert(machineCountChecks)
        .values({ day, beganAt: now.getTime() })
        .onConflictDoNothing()
        .returning();
      if (mine.length === 0) return;
      const result = await this.run();
      await db
        .update(machineCountChecks)
        .set({ endedAt: clock.now(), differences: result.counts + result.machines })
        .where(sql`${machineCountChecks.day} = ${day}`);
    } catch (error) {
      log.error({ err: error }, 'the nightly check of counts of machines failed');
    }
  }

  /** The check itself; see the class. */
  async run(): Promise<CheckResult> {
    const { db, log, audit } = this.#deps;
    while ((await foldDeltas(db, 20_000)) > 0);
    const { rows } = await db.execute<{ id: string }>(
      sql`SELECT id FROM companies UNION SELECT company_id FROM machine_counts WHERE company_id <> ${NONE}::uuid`,
    );
    let [counts, machines] = [0, 0];
    for (const { id } of rows) {
      if (this.#isClosed) break;
      machines += await mendSearch(db, id);
      counts += await mendCounts(db, id);
    }
    counts += await mendSums(db);
    if (counts + machines > 0) {
      log.error({ counts, machines }, 'counts or search texts of machines were wrong and are right again');
      await audit.append({
        actor: 'server',
        action: 'machine-counts.corrected',
        details: { counts, machines },
      });
    }
    // The embedded database does neither by itself.
    await db.execute(sql`VACUUM (ANALYZE) machines`);
    await db.execute(sql`VACUUM (ANALYZE) machine_search`);
    await db.execute(sql`VACUUM (ANALYZE) machine_counts`);
    return { counts, machines };
  }
}

const NONE = '00000000-0000-0000-0000-000000000000';

/** Writes search texts anew that are not those of their machine; locks it, so that no newer one is overwritten. */
async function mendSearch(db: Database, companyId: string): Promise<number> {
  const suspects = await db.execute<{ id: string }>(sql`
    SELECT m.id FROM machines m CROSS JOIN LATERAL machine_search_row(m) r
    LEFT JOIN machine_search s ON s.machine_id = m.id
    WHERE m.company_id = ${companyId}::uuid AND s.* IS DISTINCT FROM r.*`);
  if (suspects.rows.length === 0) return 0;
  const ids = suspects.rows.map((row) => row.id);
  await db.execute(sql`
    WITH locked AS MATERIALIZED (SELECT * FROM machines WHERE id = ANY (${sql.param(ids)}::uuid[]) FOR UPDATE)
    SELECT machine_search_write(ROW(locked.*)::machines) FROM locked`);
  return ids.length;
}

/** In one statement, which sees machines, counts and deltas at one moment; what differs becomes a delta. */
async function mendCounts(db: Database, companyId: string): Promise<number> {
  const { rows } = await db.execute(sql`
    WITH truth AS (
      SELECT k.kind, k.value, max(k.title) AS title, count(*) AS n
      FROM machines m CROSS JOIN LATERAL machine_count_keys(m) k
      WHERE m.company_id = ${companyId}::uuid GROUP BY 1, 2
    ), told AS (
      SELECT kind, value, max(title) AS title, sum(n) AS n FROM (
        SELECT kind, value, title, n FROM machine_counts WHERE company_id = ${companyId}::uuid
        UNION ALL SELECT kind, value, title, n FROM machine_count_deltas WHERE company_id = ${companyId}::uuid
      ) counted GROUP BY 1, 2
    )
    INSERT INTO machine_count_deltas (kind, company_id, value, title, n)
    SELECT kind, ${companyId}::uuid, value, coalesce(truth.title, told.title),
      coalesce(truth.n, 0) - coalesce(told.n, 0)
    FROM truth FULL JOIN told USING (kind, value)
    WHERE coalesce(truth.n, 0) <> coalesce(told.n, 0) RETURNING kind`);
  return rows.length;
}

/** The sums over all companies, after the counts of each: they have no deltas of their own. */
async function mendSums(db: Database): Promise<number> {
  const { rows } = await db.execute(sql`
    WITH truth AS (
      SELECT kind, value, max(title) AS title, sum(n) AS n FROM machine_counts
      WHERE company_id <> ${NONE}::uuid AND kind NOT IN ('all', 'site') GROUP BY 1, 2
    ), told AS (SELECT kind, value, title, n FROM machine_counts WHERE company_id = ${NONE}::uuid)
    INSERT INTO machine_counts AS counts (kind, company_id, value, title, n)
    SELECT kind, ${NONE}::uuid, value, coalesce(truth.title, told.title), coalesce(truth.n, 0) - coalesce(told.n, 0)
    FROM truth FULL JOIN told USING (kind, value)
    WHERE coalesce(truth.n, 0) <> coalesce(told.n, 0) ORDER BY 1, 3
    ON CONFLICT (kind, company_id, value) DO UPDATE SET n = counts.n + excluded.n RETURNING kind`);
  return rows.length;
}
