import type { PageWatch } from './page-watch.ts';

/** The pages that watch, and which of them watch a machine: thousands change in a moment, and few are looked at. */
export class WatchIndex {
  readonly #pages = new Map<string, PageWatch>();
  readonly #ofMachine = new Map<string, Set<PageWatch>>();

  get size(): number {
    return this.#pages.size;
  }

  get(connectionId: string): PageWatch | undefined {
    return this.#pages.get(connectionId);
  }

  all(): PageWatch[] {
    return [...this.#pages.values()];
  }

  entries(): [string, PageWatch][] {
    return [...this.#pages];
  }

  of(machineId: string): ReadonlySet<PageWatch> {
    return this.#ofMachine.get(machineId) ?? NONE;
  }

  add(connectionId: string, page: PageWatch): void {
    this.#pages.set(connectionId, page);
  }

  /** Replaces what the page watches. */
  watch(page: PageWatch, machineIds: ReadonlySet<string>): void {
    for (const machineId of page.machineIds) if (!machineIds.has(machineId)) this.#unwatch(page, machineId);
    for (const machineId of machineIds) {
      const pages = this.#ofMachine.get(machineId);
      if (pages) pages.add(page);
      else this.#ofMachine.set(machineId, new Set([page]));
    }
    page.machineIds = machineIds;
    for (const known of [page.shown, page.stale, page.removed]) {
      for (const machineId of known) if (!machineIds.has(machineId)) known.delete(machineId);
    }
  }

  remove(connectionId: string): void {
    const page = this.#pages.get(connectionId);
    if (!page) return;
    this.#pages.delete(connectionId);
    this.watch(page, new Set());
  }

  #unwatch(page: PageWatch, machineId: string): void {
    const pages = this.#ofMachine.get(machineId);
    pages?.delete(page);
    if (pages?.size === 0) this.#ofMachine.delete(machineId);
  }
}

const NONE: ReadonlySet<PageWatch> = new Set();
