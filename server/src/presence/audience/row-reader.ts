import { and, asc, getTableColumns, inArray, isNull } from 'drizzle-orm';
import type { Database } from '../../db/database.ts';
import { type MachineDbRow, machines } from '../../db/schema/machines.ts';

/** In one query. */
const MAX_IDS = 1_000;

/** Reads rows as far as lists show them: what only the detail panel shows would be most of the bytes. */
export class RowReader {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async byIds(machineIds: readonly string[]): Promise<Map<string, MachineDbRow>> {
    const rows = new Map<string, MachineDbRow>();
    for (let at = 0; at < machineIds.length; at += MAX_IDS) {
      const part = await this.#select(inArray(machines.id, machineIds.slice(at, at + MAX_IDS)));
      for (const row of part) rows.set(row.id, row);
    }
    return rows;
  }

  /** The first machines of some companies by hostname. */
  ofCompanies(companyIds: readonly string[], limit: number): Promise<MachineDbRow[]> {
    return this.#select(inArray(machines.companyId, [...companyIds]), limit);
  }

  async #select(which: ReturnType<typeof inArray>, limit?: number): Promise<MachineDbRow[]> {
    const { inventory: _1, status: _2, notes: _3, properties: _4, ...listed } = getTableColumns(machines);
    const query = this.#db.select(listed).from(machines);
    const rows =
      limit === undefined
        ? await query.where(which)
        : await query
            .where(and(which, isNull(machines.removedAt)))
            .orderBy(asc(machines.hostname))
            .limit(limit);
    return rows.map((row) => ({ ...row, inventory: null, status: null, notes: '', properties: {} }));
  }
}
