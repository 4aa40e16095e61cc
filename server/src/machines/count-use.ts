import { and, eq, gt, isNull, lt, or, sql } from 'drizzle-orm';
import type { Database } from '../db/database.ts';
import { installers } from '../db/schema/machines.ts';

/** Counts one use where there is one left; in one statement, so that machines which enrol at once never get more. */
export async function countUse(
  tx: Pick<Database, 'update'>,
  installerId: string,
  now: number,
): Promise<boolean> {
  const used = await tx
    .update(installers)
    .set({ uses: sql`${installers.uses} + 1` })
    .where(
      and(
        eq(installers.id, installerId),
        isNull(installers.revokedAt),
        or(isNull(installers.expiresAt), gt(installers.expiresAt, now)),
        or(isNull(installers.maxUses), lt(installers.uses, installers.maxUses)),
      ),
    )
    .returning({ id: installers.id });
  return used.length > 0;
}
