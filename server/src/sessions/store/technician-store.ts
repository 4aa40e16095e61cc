import { DEFAULT_PREFERENCES, type Visibility } from '@guruconnect/shared';
import { eq, isNull } from 'drizzle-orm';
import type { Person } from '../../core/ports.ts';
import type { Database } from '../../db/database.ts';
import { users } from '../../db/schema/people.ts';

/** What sessions read of the technicians. */
export class TechnicianStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Everybody who may sign in. */
  async listActive(): Promise<Person[]> {
    const rows = await this.#db.select().from(users).where(isNull(users.disabledAt));
    return rows.map(({ id, name, role, teamId }) => ({ userId: id, name, role, teamId, disabled: false }));
  }

  /** What somebody chose to let their new sessions be seen by. */
  async visibilityOf(userId: string): Promise<Visibility> {
    const [row] = await this.#db
      .select({ preferences: users.preferences })
      .from(users)
      .where(eq(users.id, userId));
    return { ...DEFAULT_PREFERENCES, ...row?.preferences }.sessionVisibility;
  }
}
