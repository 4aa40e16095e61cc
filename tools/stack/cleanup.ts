/** What must be undone, in the reverse order of how it was done; one failure does not keep the rest from it. */
export class Cleanup {
  readonly #tasks: (() => unknown)[] = [];

  /** Adds something to undo. */
  defer(task: () => unknown): void {
    this.#tasks.push(task);
  }

  /** Undoes everything; a second call has nothing left to do. Rejects with all failures together. */
  async run(): Promise<void> {
    const failures: unknown[] = [];
    for (let task = this.#tasks.pop(); task; task = this.#tasks.pop()) {
      try {
        await task();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, 'Not everything could be stopped.');
  }
}
