import { and, eq, isNull, lt, or, sql } from 'drizzle-orm';
import type { Clock } from '../../core/clock.ts';
import type { MachineFeed } from '../../core/machine-ports.ts';
import type { AuditEvent, Log } from '../../core/ports.ts';
import type { Database } from '../../db/database.ts';
import { machines } from '../../db/schema/machines.ts';
import type { AgentLine } from './agent-line.ts';

export interface CloneFlagsDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly feed: MachineFeed;
  readonly append: (event: AuditEvent) => void;
}

/** The second computer tries again and again: one row and one write in so long. */
const QUIET_MS = 10 * 60_000;
/** A machine whose identity was in use once only for so long is a clone no more. */
const FLAG_MS = 24 * 60 * 60_000;
const SWEEP_MS = 10 * 60_000;

/** Keeps in the database which identities are in use on two computers (U4). */
export class CloneFlags {
  readonly #deps: CloneFlagsDeps;
  readonly #toldAt = new Map<string, number>();
  readonly #stop: () => void;

  constructor(deps: CloneFlagsDeps) {
    this.#deps = deps;
    this.#stop = deps.clock.every(SWEEP_MS, () => void this.#sweep());
  }

  /** Two lines proved the same key, and the first still answers. */
  readonly note = (first: AgentLine, newcomer: AgentLine): void => {
    const { clock, append } = this.#deps;
    const { machineId } = first;
    const now = clock.now();
    if (now - (this.#toldAt.get(machineId) ?? Number.NEGATIVE_INFINITY) < QUIET_MS) return;
    this.#toldAt.set(machineId, now);
    append({
      actor: `machine:${machineId}`,
      action: 'machine.cloned',
      address: newcomer.address,
      details: { machineId, firstAddress: first.address, secondAddress: newcomer.address },
    });
    void this.#flag(machineId, now);
  };

  close(): void {
    this.#stop();
  }

  async #flag(machineId: string, now: number): Promise<void> {
    // A flag that is fresh stays: every write shows the row anew.
    const isStale = or(isNull(machines.clonedAt), lt(machines.clonedAt, now - QUIET_MS));
    await this.#write({ clonedAt: now }, and(eq(machines.id, machineId), isStale));
  }

  async #sweep(): Promise<void> {
    const now = this.#deps.clock.now();
    for (const [machineId, at] of this.#toldAt) if (now - at >= QUIET_MS) this.#toldAt.delete(machineId);
    await this.#write({ clonedAt: null }, lt(machines.clonedAt, now - FLAG_MS));
  }

  async #write(change: { clonedAt: number | null }, which: ReturnType<typeof and>): Promise<void> {
    const { db, feed, log } = this.#deps;
    try {
      const rows = await db
        .update(machines)
        .set({ ...change, version: sql`${machines.version} + 1` })
        .where(which)
        .returning({ id: machines.id });
      feed.changed(rows.map(({ id }) => id));
    } catch (error) {
      log.error({ err: error }, 'a cloned identity could not be flagged');
    }
  }
}
