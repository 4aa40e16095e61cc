import type { Clock } from '../core/clock.ts';
import type { Log, Settings } from '../core/ports.ts';
import type { Database } from '../db/database.ts';
import {
  removeOldCommands,
  removeOldRequests,
  removeOldRollouts,
  removeOldThumbnails,
  removeOldUpdateReports,
} from './remove-old.ts';

const DAY_MS = 24 * 60 * 60_000;
/** Each part is one statement, short enough for others to wait for. */
const PART = 500;

export interface HistoryRetentionDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: Pick<Settings, 'current'>;
}

/**
 * Removes what is over and older than the deployment keeps it, at the start and once a day: commands, closed requests
 * for help, reports of updates with roll-outs that no report is left of, and pictures of screens. What somebody still
 * waits for stays, and the audit log stays whole. Several servers may do so at once: each takes what no other has.
 */
export class HistoryRetention {
  readonly #deps: HistoryRetentionDeps;
  readonly #stop: () => void;
  #running: Promise<void> | undefined;
  #isClosed = false;

  constructor(deps: HistoryRetentionDeps) {
    this.#deps = deps;
    this.#stop = deps.clock.every(DAY_MS, () => void this.sweep());
    void this.sweep();
  }

  /** One round; never rejects. A round that still runs is not doubled. */
  sweep(): Promise<void> {
    this.#running ??= this.#removeAll()
      .catch((error: unknown) => this.#deps.log.error({ err: error }, 'old history was not removed'))
      .finally(() => {
        this.#running = undefined;
      });
    return this.#running;
  }

  /** Waits for the part that is under way; the rest follows at the next start. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#stop();
    await this.#running;
  }

  async #removeAll(): Promise<void> {
    const { db, clock, log, settings } = this.#deps;
    const { historyDays } = settings.current();
    if (historyDays === null) return;
    const before = clock.now() - historyDays * DAY_MS;
    const removed = {
      commands: await this.#inParts(() => removeOldCommands(db, before, PART)),
      requests: await this.#inParts(() => removeOldRequests(db, before, PART)),
      updateReports: await this.#inParts(() => removeOldUpdateReports(db, before, PART)),
      // After the reports, which are about them.
      rollouts: await this.#inParts(() => removeOldRollouts(db, before, PART)),
      thumbnails: await this.#inParts(() => removeOldThumbnails(db, before, PART)),
    };
    if (Object.values(removed).some((count) => count > 0)) log.info(removed, 'old history removed');
  }

  async #inParts(removePart: () => Promise<number>): Promise<number> {
    let all = 0;
    while (!this.#isClosed) {
      const count = await removePart();
      all += count;
      if (count < PART) break;
    }
    return all;
  }
}
