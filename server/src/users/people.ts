import { eq } from 'drizzle-orm';
import type { People } from '../core/ports.ts';
import type { Database } from '../db/database.ts';
import { users } from '../db/schema/people.ts';

export function createPeople(db: Database): People {
  return {
    find: async (userId) => {
      const [user] = await db.select().from(users).where(eq(users.id, userId));
      if (!user) return undefined;
      const { id, name, role, teamId, disabledAt } = user;
      return { userId: id, name, role, teamId, disabled: disabledAt !== null };
    },
  };
}
