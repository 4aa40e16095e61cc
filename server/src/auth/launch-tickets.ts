import { and, eq, gt, isNull, lt } from 'drizzle-orm';
import type { Clock } from '../core/clock.ts';
import { hashToken, newToken } from '../core/secrets.ts';
import type { Database } from '../db/database.ts';
import { launchTickets, users } from '../db/schema/people.ts';

export const LAUNCH_TICKET_MS = 60_000;
const KEPT_MS = 24 * 60 * 60_000;

export interface LaunchTickets {
  /** A token that signs the person in once, within a minute, and leads to `path`. */
  create(userId: string, path: string): Promise<string>;
  /** Uses a ticket up; undefined when it is unknown, used, too old, or its person disabled. */
  use(token: string): Promise<{ userId: string; path: string } | undefined>;
}

export function createLaunchTickets({ db, clock }: { db: Database; clock: Clock }): LaunchTickets {
  return {
    create: async (userId, path) => {
      const token = newToken();
      const now = clock.now();
      await db.delete(launchTickets).where(lt(launchTickets.expiresAt, now - KEPT_MS));
      await db
        .insert(launchTickets)
        .values({ tokenHash: hashToken(token), userId, path, expiresAt: now + LAUNCH_TICKET_MS });
      return token;
    },
    use: async (token) => {
      const now = clock.now();
      const [ticket] = await db
        .update(launchTickets)
        .set({ usedAt: now })
        .where(
          and(
            eq(launchTickets.tokenHash, hashToken(token)),
            isNull(launchTickets.usedAt),
            gt(launchTickets.expiresAt, now),
          ),
        )
        .returning({ userId: launchTickets.userId, path: launchTickets.path });
      if (!ticket) return undefined;
      const [user] = await db
        .select({ id: users.id })
        .from(users)
        .where(and(eq(users.id, ticket.userId), isNull(users.disabledAt)));
      return user ? ticket : undefined;
    },
  };
}
