import { and, inArray, lt } from 'drizzle-orm';
import type { MachinesDeps } from '../core/machine-features.ts';
import { machines } from '../db/schema/machines.ts';
import { displayName } from './machine-store.ts';

const DAY_MS = 24 * 60 * 60_000;
/** How long a removed machine can be brought back. */
export const REMOVED_KEPT_MS = 30 * DAY_MS;
const SWEEP_MS = 60 * 60_000;
/** Removed long ago by the thousand, they go in parts: each is one statement that others wait for. */
const PART = 500;

/** Deletes machines for good that were removed long enough ago; the history of their sessions stays. */
export class MachinePurge {
  readonly #deps: Pick<MachinesDeps, 'db' | 'clock' | 'audit' | 'log'>;
  readonly #stop: () => void;
  #running: Promise<void> | undefined;

  constructor(deps: Pick<MachinesDeps, 'db' | 'clock' | 'audit' | 'log'>) {
    this.#deps = deps;
    this.#stop = deps.clock.every(SWEEP_MS, () => void this.sweep());
    void this.sweep();
  }

  /** One round; never rejects. A round that still runs is not doubled. */
  sweep(): Promise<void> {
    this.#running ??= this.#purge()
      .catch((error: unknown) => this.#deps.log.error({ err: error }, 'removed machines were not deleted'))
      .finally(() => {
        this.#running = undefined;
      });
    return this.#running;
  }

  async close(): Promise<void> {
    this.#stop();
    await this.#running;
  }

  async #purge(): Promise<void> {
    const { db, clock, audit } = this.#deps;
    const before = clock.now() - REMOVED_KEPT_MS;
    for (;;) {
      const due = db
        .select({ id: machines.id })
        .from(machines)
        .where(lt(machines.removedAt, before))
        .limit(PART);
      const gone = await db
        .delete(machines)
        // Again, for one that was brought back in between.
        .where(and(inArray(machines.id, due), lt(machines.removedAt, before)))
        .returning({ id: machines.id, name: machines.name, hostname: machines.hostname });
      if (gone.length === 0) return;
      await audit.append({
        actor: 'server',
        action: 'machine.purged',
        details: { machines: gone.map((row) => ({ machineId: row.id, name: displayName(row) })) },
      });
    }
  }
}
