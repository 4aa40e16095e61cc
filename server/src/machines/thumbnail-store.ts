import type { MachineThumbnail } from '@guruconnect/shared';
import { and, eq, inArray, isNull, sql } from 'drizzle-orm';
import type { People } from '../core/ports.ts';
import type { Database } from '../db/database.ts';
import { type MachineThumbnailRow, machineThumbnails } from '../db/schema/machine-thumbnails.ts';
import { machines } from '../db/schema/machines.ts';

/** Erased by the thousand, they go in parts: each is one transaction that others wait for. */
const PART = 500;

const rise = { version: sql`${machines.version} + 1` };

/** The pictures of machines' screens. Each change gives the machine's row a new version, so that pages read it anew. */
export class ThumbnailStore {
  readonly #db: Database;
  readonly #people: People;

  constructor(deps: { db: Database; people: People }) {
    this.#db = deps.db;
    this.#people = deps.people;
  }

  /** What there is of the machine, without reading the picture. */
  async about(machineId: string): Promise<MachineThumbnail | null> {
    const { takenAt, takenBy, width, height } = machineThumbnails;
    const [row] = await this.#db
      .select({ takenAt, takenBy, width, height })
      .from(machineThumbnails)
      .where(eq(machineThumbnails.machineId, machineId));
    if (!row) return null;
    const person = row.takenBy === null ? undefined : await this.#people.find(row.takenBy);
    return { ...row, takenBy: person ? { userId: person.userId, name: person.name } : null };
  }

  async read(machineId: string): Promise<MachineThumbnailRow | undefined> {
    const [row] = await this.#db
      .select()
      .from(machineThumbnails)
      .where(eq(machineThumbnails.machineId, machineId));
    return row;
  }

  /** Takes the place of the one before; false, with nothing kept, when the machine is gone or removed meanwhile. */
  put(row: MachineThumbnailRow): Promise<boolean> {
    return this.#db.transaction(async (tx) => {
      const there = await tx
        .update(machines)
        .set(rise)
        .where(and(eq(machines.id, row.machineId), isNull(machines.removedAt)))
        .returning({ id: machines.id });
      if (there.length === 0) return false;
      await tx
        .insert(machineThumbnails)
        .values(row)
        .onConflictDoUpdate({ target: machineThumbnails.machineId, set: row });
      return true;
    });
  }

  /** Whether there was one. */
  async erase(machineId: string): Promise<boolean> {
    return (await this.#erase([machineId])).length > 0;
  }

  /** Erases at most {@link PART} of all; returns whose they were, none once all are gone. */
  async erasePart(): Promise<string[]> {
    const { machineId } = machineThumbnails;
    const rows = await this.#db.select({ machineId }).from(machineThumbnails).limit(PART);
    return rows.length === 0 ? [] : this.#erase(rows.map((row) => row.machineId));
  }

  #erase(machineIds: string[]): Promise<string[]> {
    return this.#db.transaction(async (tx) => {
      // In this order, as everybody who changes machines: two who do so at once then wait, and do not lock each other.
      await tx
        .select({ id: machines.id })
        .from(machines)
        .where(inArray(machines.id, machineIds))
        .orderBy(machines.id)
        .for('update');
      const gone = await tx
        .delete(machineThumbnails)
        .where(inArray(machineThumbnails.machineId, machineIds))
        .returning({ machineId: machineThumbnails.machineId });
      const ids = gone.map((row) => row.machineId);
      if (ids.length > 0) await tx.update(machines).set(rise).where(inArray(machines.id, ids));
      return ids;
    });
  }
}
