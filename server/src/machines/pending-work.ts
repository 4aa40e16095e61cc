/** Machines remembered at most: those that never come back must not fill memory. */
const MAX_MACHINES = 100_000;

/** What the server changed of machines that they have not been told yet. In memory: after a restart they ask anyway. */
export class PendingWork {
  readonly #relabelledAt = new Map<string, number>();

  relabelled(machineIds: readonly string[], now: number): void {
    for (const machineId of machineIds) {
      if (this.#relabelledAt.size >= MAX_MACHINES) return;
      if (!this.#relabelledAt.has(machineId)) this.#relabelledAt.set(machineId, now);
    }
  }

  /** A check-in was answered. */
  told(machineId: string): void {
    this.#relabelledAt.delete(machineId);
  }

  /** Since when it waits for its new labels. */
  relabelledAt(machineId: string): number | undefined {
    return this.#relabelledAt.get(machineId);
  }
}
