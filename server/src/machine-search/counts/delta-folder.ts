import { sql } from 'drizzle-orm';
import type { Clock } from '../../core/clock.ts';
import type { Log } from '../../core/ports.ts';
import type { Database } from '../../db/database.ts';
import { foldDeltas } from './label-counts.ts';

const EVERY_MS = 5_000;
const AT_ONCE = 20_000;
/** After so many the space of what was deleted is freed: on the embedded database nobody else does that. */
const VACUUM_AFTER = 5_000;
/** And after so many the planner looks at the machines anew. */
const ANALYZE_AFTER = 20_000;

/** Keeps the deltas of the counts few. Counts are right without it, only slower to read. */
export class DeltaFolder {
  readonly #deps: { db: Database; log: Log };
  readonly #stop: () => void;
  #running: Promise<void> = Promise.resolve();
  #isRunning = false;
  #sinceVacuum = 0;
  #sinceAnalyze = 0;

  constructor(deps: { db: Database; clock: Clock; log: Log }) {
    this.#deps = deps;
    this.#stop = deps.clock.every(EVERY_MS, () => {
      if (!this.#isRunning) this.#running = this.fold();
    });
  }

  async fold(): Promise<void> {
    const { db, log } = this.#deps;
    this.#isRunning = true;
    try {
      let folded: number;
      do {
        folded = await foldDeltas(db, AT_ONCE);
        this.#sinceVacuum += folded;
        this.#sinceAnalyze += folded;
      } while (folded === AT_ONCE);
      if (this.#sinceVacuum >= VACUUM_AFTER) {
        this.#sinceVacuum = 0;
        await db.execute(sql`DELETE FROM machine_counts WHERE n = 0`);
        await db.execute(sql`VACUUM machine_count_deltas`);
      }
      if (this.#sinceAnalyze >= ANALYZE_AFTER) {
        this.#sinceAnalyze = 0;
        await db.execute(sql`ANALYZE machine_search`);
      }
    } catch (error) {
      log.warn({ err: error }, 'counts of machines were not folded; they are tried again');
    } finally {
      this.#isRunning = false;
    }
  }

  async close(): Promise<void> {
    this.#stop();
    await this.#running;
  }
}
