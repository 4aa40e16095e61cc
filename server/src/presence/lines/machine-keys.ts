import { inArray } from 'drizzle-orm';
import type { Clock } from '../../core/clock.ts';
import type { Database } from '../../db/database.ts';
import { machines } from '../../db/schema/machines.ts';

export interface MachineKey {
  /** Raw P-256 key, 65 bytes in base64url. */
  readonly publicKey: string;
  readonly isRemoved: boolean;
}

interface Question {
  readonly resolve: (key: MachineKey | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/** Long enough that hundreds of agents a second share their queries, too short to be felt. */
const GATHER_MS = 15;

/** Reads the keys of machines that connect, many with one query: all of them come at once after a restart. */
export class MachineKeys {
  readonly #db: Database;
  readonly #clock: Clock;
  #questions = new Map<string, Question[]>();

  constructor(deps: { db: Database; clock: Clock }) {
    this.#db = deps.db;
    this.#clock = deps.clock;
  }

  /** undefined when there is no such machine. Rejects when the database does not answer. */
  find(machineId: string): Promise<MachineKey | undefined> {
    return new Promise((resolve, reject) => {
      if (this.#questions.size === 0) this.#clock.after(GATHER_MS, () => void this.#answer());
      const sameMachine = this.#questions.get(machineId);
      if (sameMachine) sameMachine.push({ resolve, reject });
      else this.#questions.set(machineId, [{ resolve, reject }]);
    });
  }

  async #answer(): Promise<void> {
    const questions = this.#questions;
    this.#questions = new Map();
    try {
      const rows = await this.#db
        .select({ id: machines.id, publicKey: machines.publicKey, removedAt: machines.removedAt })
        .from(machines)
        .where(inArray(machines.id, [...questions.keys()]));
      const keys = new Map(
        rows.map(({ id, publicKey, removedAt }) => [id, { publicKey, isRemoved: removedAt !== null }]),
      );
      for (const [machineId, askers] of questions) {
        for (const { resolve } of askers) resolve(keys.get(machineId));
      }
    } catch (error) {
      for (const askers of questions.values()) for (const { reject } of askers) reject(error);
    }
  }
}
