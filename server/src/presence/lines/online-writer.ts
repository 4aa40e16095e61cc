import { sql } from 'drizzle-orm';
import type { Clock } from '../../core/clock.ts';
import type { MachineFeed } from '../../core/machine-ports.ts';
import type { Log } from '../../core/ports.ts';
import type { Database } from '../../db/database.ts';

interface OnlineChange {
  readonly online: boolean;
  readonly at: number;
  /** Where it connected from; empty when it went. */
  readonly address: string;
  /** Not written before: it may be undone until then. */
  readonly dueAt: number;
}

export interface OnlineWriterDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly feed: MachineFeed;
  /** Machines that have a line now. */
  readonly connected: () => string[];
}

const FLUSH_MS = 250;
/** A line that broke off is often back at once: a router restarts, an agent is updated. */
const BROKE_OFF_MS = 2_000;
/** After a restart of the server machines count as online for so long without a line: they are on their way back. */
export const RETURN_MS = 45_000;
/** Of machines that did not come back, in one statement, and the time that it leaves to others. */
const ABSENT_BATCH = 250;
const ABSENT_PAUSE_MS = 100;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';
/** In one statement; more wait for the next. */
const MAX_BATCH = 1_000;

/** Keeps `online` and `seen_at` in the database, with one statement for all machines that changed within a moment. */
export class OnlineWriter {
  readonly #deps: OnlineWriterDeps;
  readonly #changes = new Map<string, OnlineChange>();
  readonly #stops: (() => void)[];
  #writing: Promise<void> | undefined;

  constructor(deps: OnlineWriterDeps) {
    this.#deps = deps;
    this.#stops = [
      deps.clock.every(FLUSH_MS, () => void this.flush()),
      deps.clock.after(RETURN_MS, () => void this.#writeAbsent()),
    ];
  }

  came(machineId: string, address: string): void {
    const at = this.#deps.clock.now();
    this.#changes.set(machineId, { online: true, at, address, dueAt: at });
  }

  gone(machineId: string, brokeOff: boolean): void {
    const at = this.#deps.clock.now();
    this.#changes.set(machineId, {
      online: false,
      at,
      address: '',
      dueAt: at + (brokeOff ? BROKE_OFF_MS : 0),
    });
  }

  /** Writes what is due; a write that still runs is not doubled. */
  flush(): Promise<void> {
    this.#writing ??= this.#write(this.#deps.clock.now()).finally(() => {
      this.#writing = undefined;
    });
    return this.#writing;
  }

  /** Writes what came in before; who is connected stays shown as online. */
  async close(): Promise<void> {
    for (const stop of this.#stops) stop();
    await this.#writing;
    await this.flush();
  }

  async #write(now: number): Promise<void> {
    const batch = [...this.#changes].filter(([, change]) => change.dueAt <= now).slice(0, MAX_BATCH);
    if (batch.length === 0) return;
    for (const [machineId] of batch) this.#changes.delete(machineId);
    try {
      this.#deps.feed.changed(await this.#update(batch));
    } catch (error) {
      this.#deps.log.error({ err: error, machines: batch.length }, 'who is online could not be stored');
      for (const [machineId, change] of batch) {
        if (!this.#changes.has(machineId)) this.#changes.set(machineId, change);
      }
    }
  }

  /** Rows that are so already stay untouched: after a restart that is nearly all of them. */
  async #update(batch: readonly [string, OnlineChange][]): Promise<string[]> {
    const { rows } = await this.#deps.db.execute<{ id: string }>(sql`
      UPDATE machines SET
        version = machines.version + 1,
        seen_at = CASE WHEN machines.online = new.online THEN machines.seen_at
          ELSE to_timestamp(new.at_ms / 1000.0) END,
        online = new.online,
        external_ip = CASE WHEN new.address = '' THEN machines.external_ip ELSE new.address END
      FROM unnest(
        ${sql.param(batch.map(([machineId]) => machineId))}::uuid[],
        ${sql.param(batch.map(([, { online }]) => online))}::boolean[],
        ${sql.param(batch.map(([, { at }]) => at))}::double precision[],
        ${sql.param(batch.map(([, { address }]) => address))}::text[]
      ) AS new (id, online, at_ms, address)
      WHERE machines.id = new.id AND (machines.online <> new.online
        OR (new.address <> '' AND machines.external_ip <> new.address))
      RETURNING machines.id`);
    return rows.map(({ id }) => id);
  }

  /**
   * Those that were online when the server ended and have not come back. After the failure of a whole network these
   * may be most of many thousands: a few at a time, so that nobody's question waits behind them.
   */
  async #writeAbsent(after = FIRST_ID): Promise<void> {
    try {
      const { rows } = await this.#deps.db.execute<{ id: string }>(sql`
        UPDATE machines SET
          version = version + 1,
          -- Its last sign of life that is known.
          seen_at = greatest(seen_at, last_check_in_at),
          online = false
        WHERE id IN (
          SELECT id FROM machines
          WHERE online AND id > ${after} AND NOT (id = ANY (${sql.param(this.#deps.connected())}::uuid[]))
          ORDER BY id LIMIT ${ABSENT_BATCH})
        RETURNING id`);
      const ids = rows.map(({ id }) => id);
      this.#deps.feed.changed(ids);
      const last = ids.sort().at(-1);
      if (last === undefined || ids.length < ABSENT_BATCH) return;
      this.#stops.push(this.#deps.clock.after(ABSENT_PAUSE_MS, () => void this.#writeAbsent(last)));
    } catch (error) {
      this.#deps.log.error({ err: error }, 'who did not come back could not be stored');
    }
  }
}
