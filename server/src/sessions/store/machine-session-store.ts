import { and, desc, eq, inArray, isNotNull, lt, ne, or, sql } from 'drizzle-orm';
import type { Database } from '../../db/database.ts';
import { machines } from '../../db/schema/machines.ts';
import { type SessionRow, sessions, sessionTokens } from '../../db/schema/sessions.ts';
import { isUniqueViolation } from '../../db/unique-violation.ts';
import type { NewSession } from './code-store.ts';

/** Sessions on machines with an always-on agent, and the little that sessions read and write of those machines. */
export class MachineSessionStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Stores a session on a machine; undefined, with nothing stored, when one is open there already. */
  async add(session: NewSession): Promise<SessionRow | undefined> {
    try {
      const [row] = await this.#db.insert(sessions).values(session).returning();
      return row;
    } catch (error) {
      if (isUniqueViolation(error)) return undefined;
      throw error;
    }
  }

  /** Takes back a session that never began. */
  async discard(sessionId: string): Promise<void> {
    await this.#db.transaction(async (tx) => {
      await tx.delete(sessionTokens).where(eq(sessionTokens.sessionId, sessionId));
      await tx.delete(sessions).where(and(eq(sessions.id, sessionId), eq(sessions.phase, 'waiting')));
    });
  }

  async find(sessionId: string): Promise<SessionRow | undefined> {
    const [row] = await this.#db.select().from(sessions).where(eq(sessions.id, sessionId));
    return row;
  }

  /** The one session of the machine that has not ended. */
  async findActive(machineId: string): Promise<SessionRow | undefined> {
    const [row] = await this.#db
      .select()
      .from(sessions)
      .where(and(eq(sessions.machineId, machineId), ne(sessions.phase, 'ended')));
    return row;
  }

  /** Sessions on machines that have not ended. */
  listActive(): Promise<SessionRow[]> {
    return this.#db
      .select()
      .from(sessions)
      .where(and(isNotNull(sessions.machineId), ne(sessions.phase, 'ended')));
  }

  /** Those of the machines of one company. */
  async listActiveOfCompany(companyId: string): Promise<SessionRow[]> {
    const rows = await this.#db
      .select({ session: sessions })
      .from(sessions)
      .innerJoin(machines, eq(machines.id, sessions.machineId))
      .where(and(eq(machines.companyId, companyId), ne(sessions.phase, 'ended')));
    return rows.map((row) => row.session);
  }

  /** All sessions of a machine, newest first, a page at a time. */
  listOfMachine(machineId: string, limit: number, after?: SessionRow): Promise<SessionRow[]> {
    const beyond = after
      ? or(
          lt(sessions.createdAt, after.createdAt),
          and(eq(sessions.createdAt, after.createdAt), lt(sessions.id, after.id)),
        )
      : undefined;
    return this.#db
      .select()
      .from(sessions)
      .where(and(eq(sessions.machineId, machineId), beyond))
      .orderBy(desc(sessions.createdAt), desc(sessions.id))
      .limit(limit);
  }

  /** The company that each of the machines belongs to now. */
  async companiesOf(machineIds: readonly string[]): Promise<Map<string, string>> {
    if (machineIds.length === 0) return new Map();
    const rows = await this.#db
      .select({ machineId: machines.id, companyId: machines.companyId })
      .from(machines)
      .where(inArray(machines.id, [...machineIds]));
    return new Map(rows.map((row) => [row.machineId, row.companyId]));
  }

  /** Notes when somebody used the machine; never moves back. */
  async markAccessed(machineId: string, at: number): Promise<void> {
    await this.#db
      .update(machines)
      .set({ lastAccessedAt: at, version: sql`${machines.version} + 1` })
      .where(
        and(
          eq(machines.id, machineId),
          or(sql`${machines.lastAccessedAt} IS NULL`, lt(machines.lastAccessedAt, at)),
        ),
      );
  }
}
