import { inArray, sql } from 'drizzle-orm';
import type { Database } from '../db/database.ts';
import { machines } from '../db/schema/machines.ts';
import type { MachineFeed } from './machine-ports.ts';

/** Has pages read machines anew for what is no column of theirs: a row that is told must be newer than the one before. */
export async function showAnew(
  { db, feed }: { db: Database; feed: MachineFeed },
  machineIds: readonly string[],
): Promise<void> {
  if (machineIds.length === 0) return;
  await db
    .update(machines)
    .set({ version: sql`${machines.version} + 1` })
    .where(inArray(machines.id, [...machineIds]));
  feed.changed(machineIds);
}
