import { type SQL, sql } from 'drizzle-orm';
import type { Database } from '../db/database.ts';

/*
 * Each removes at most `limit` rows that ended before `before` (ms since the epoch) in one statement, which is one
 * transaction, and returns how many. Rows that another server removes just now are passed over, not waited for. The
 * common table expressions are materialised, since the planner could run a limited subquery more than once.
 */

/** Commands that are answered, cancelled or expired. */
export function removeOldCommands(db: Database, before: number, limit: number): Promise<number> {
  return countOf(
    db,
    sql`WITH old AS MATERIALIZED (
      SELECT id FROM machine_commands
      WHERE status NOT IN ('waiting', 'sent') AND issued_at < ${instantOf(before)}
      ORDER BY issued_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)
    DELETE FROM machine_commands USING old WHERE machine_commands.id = old.id`,
  );
}

/** Requests for help that somebody closed; the open ones stay, however old. */
export function removeOldRequests(db: Database, before: number, limit: number): Promise<number> {
  return countOf(
    db,
    sql`WITH old AS MATERIALIZED (
      SELECT id FROM support_requests
      WHERE closed_at IS NOT NULL AND closed_at < ${instantOf(before)}
      ORDER BY closed_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)
    DELETE FROM support_requests USING old WHERE support_requests.id = old.id`,
  );
}

/** Reports of updates, but for the newest of each machine: that one says whether it is offered the release again. */
export function removeOldUpdateReports(db: Database, before: number, limit: number): Promise<number> {
  return countOf(
    db,
    sql`WITH old AS MATERIALIZED (
      SELECT machine_id, manifest_sha256 FROM machine_updates report
      WHERE offered_at < ${instantOf(before)} AND EXISTS (
        SELECT FROM machine_updates newer
        WHERE newer.machine_id = report.machine_id
          AND (newer.offered_at, newer.manifest_sha256) > (report.offered_at, report.manifest_sha256))
      ORDER BY offered_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)
    DELETE FROM machine_updates USING old
    WHERE machine_updates.machine_id = old.machine_id AND machine_updates.manifest_sha256 = old.manifest_sha256`,
  );
}

/**
 * Roll-outs that no report is about any more, but for the newest, which says how far the release has come. A release
 * that somebody goes back to after that time begins with its first ring again.
 */
export function removeOldRollouts(db: Database, before: number, limit: number): Promise<number> {
  return countOf(
    db,
    sql`WITH old AS MATERIALIZED (
      SELECT manifest_sha256 FROM update_rollouts rollout
      WHERE started_at < ${instantOf(before)}
        AND EXISTS (
          SELECT FROM update_rollouts newer
          WHERE (newer.started_at, newer.manifest_sha256) > (rollout.started_at, rollout.manifest_sha256))
        AND NOT EXISTS (
          SELECT FROM machine_updates report WHERE report.manifest_sha256 = rollout.manifest_sha256)
      ORDER BY started_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)
    DELETE FROM update_rollouts USING old WHERE update_rollouts.manifest_sha256 = old.manifest_sha256`,
  );
}

/** Small pictures of machines' screens. */
export function removeOldThumbnails(db: Database, before: number, limit: number): Promise<number> {
  return countOf(
    db,
    sql`WITH old AS MATERIALIZED (
      SELECT machine_id FROM machine_thumbnails
      WHERE taken_at < ${instantOf(before)}
      ORDER BY taken_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)
    DELETE FROM machine_thumbnails USING old WHERE machine_thumbnails.machine_id = old.machine_id`,
  );
}

function instantOf(ms: number): SQL {
  return sql`${new Date(ms).toISOString()}::timestamptz`;
}

async function countOf(db: Database, statement: SQL): Promise<number> {
  const { rowCount } = await db.execute(statement);
  return rowCount ?? 0;
}
