import type { ApiReply, MachineRow, MachineSortKey } from '@guruconnect/shared';
import type { ApiClient } from '../../lib/api-client.ts';
import { offsetsOf, PAGE_SIZE, pageOf, totalOf } from './list-pages.ts';
import { RowWindow } from './row-window.ts';

/** Which list is wanted: a group, narrowed by a query, in an order; without a sort key as the server thinks best. */
export interface ListWish {
  readonly group: string;
  readonly query: string;
  readonly sort: MachineSortKey | null;
  readonly direction: 'up' | 'down';
}

export interface ListState {
  readonly status: 'loading' | 'ready' | 'failed';
  readonly error: unknown;
  /** Whether another list than the shown one was asked for and is on its way. */
  readonly isStale: boolean;
  readonly rows: RowWindow;
  /** Whether all that match are counted; until then the list is longer than its rows say. */
  readonly isCounted: boolean;
  /** Rises with every change of a row. */
  readonly revision: number;
  /** Rises when rows may have moved: another list, or the same one as it is now. */
  readonly generation: number;
  /** The wish that is shown now. */
  readonly wish: ListWish;
  /** So many more machines match now, or fewer: not shown yet, since that would move the rows. */
  readonly drift: number;
  /** Why rows further down could not be loaded. */
  readonly pageError: unknown;
}

/** A list of so many machines is brought up to date by itself; a longer one when the person asks for it. */
export const SHORT_LIST = PAGE_SIZE;
/** While somebody drags the scroll bar, pages in between are not worth a request. */
const SETTLE_MS = 60;
const NEWS_EVERY_MS = 1_000;
const MAX_LOADING = 3;

interface Deps {
  readonly api: Pick<ApiClient, 'call'>;
  readonly after: (ms: number, task: () => void) => () => void;
}

/** The machine list: a window of pages that the server sorted and filtered. An object outside React. */
export class MachineList {
  readonly #deps: Deps;
  readonly #listeners = new Set<() => void>();
  readonly #loading = new Map<number, AbortController>();
  #state: ListState;
  #wished: ListWish;
  #opening: AbortController | undefined;
  #range: readonly [number, number] = [0, 0];
  #cancelNeed: (() => void) | undefined;
  #cancelNews: (() => void) | undefined;
  #cancelMismatch: (() => void) | undefined;
  #newsWaiting = false;

  constructor(deps: Deps, wish: ListWish) {
    this.#deps = deps;
    this.#wished = wish;
    this.#state = {
      status: 'loading',
      error: undefined,
      isStale: false,
      rows: new RowWindow(),
      isCounted: true,
      revision: 0,
      generation: 0,
      wish,
      drift: 0,
      pageError: undefined,
    };
  }

  readonly getState = (): ListState => this.#state;
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Shows another list; what is shown stays until the first page of that one is here. */
  open(wish: ListWish): void {
    this.#wished = wish;
    this.#set({ isStale: this.#state.status === 'ready' });
    void this.#loadAnew(wish, [0, 0]);
  }

  /** The same list as it is now, from the pages that the person looks at. */
  refresh(): void {
    const isSame = this.#wished === this.#state.wish && this.#state.status === 'ready';
    void this.#loadAnew(this.#wished, isSame ? this.#range : [0, 0]);
  }

  /** Rows that are on the screen, or nearly: loads those that are missing, once the scrolling settles. */
  need(first: number, last: number): void {
    this.#range = [first, last];
    if (this.#cancelNeed || !this.#hasHoles()) return;
    this.#cancelNeed = this.#deps.after(SETTLE_MS, () => {
      this.#cancelNeed = undefined;
      this.#loadHoles();
    });
  }

  retryPages(): void {
    this.#set({ pageError: undefined });
    this.#loadHoles();
  }

  changed(rows: readonly MachineRow[]): void {
    if (this.#state.rows.replace(rows)) this.#set({ revision: this.#state.revision + 1 });
  }

  /** Takes rows out that this person removed or moved away, or may not see any more. */
  drop(machineIds: readonly string[]): void {
    const rows = this.#state.rows.without(new Set(machineIds));
    if (rows === this.#state.rows) return;
    this.#set({ rows, revision: this.#state.revision + 1, generation: this.#state.generation + 1 });
  }

  /**
   * Something came, went or moved to another group: a short list is loaded again at once, a long one only counted.
   * Called as often as told; the server is asked once a second.
   */
  news(): void {
    if (this.#cancelNews) {
      this.#newsWaiting = true;
      return;
    }
    void this.#lookForNews();
    this.#cancelNews = this.#deps.after(NEWS_EVERY_MS, () => {
      this.#cancelNews = undefined;
      if (!this.#newsWaiting) return;
      this.#newsWaiting = false;
      this.news();
    });
  }

  /** Ids of the rows between two places, loading what is missing. */
  async idsBetween(first: number, last: number): Promise<string[]> {
    const { rows, wish } = this.#state;
    for (const offset of rows.missingPages(first, last, PAGE_SIZE)) {
      const page = await this.#fetch(wish, offset, PAGE_SIZE);
      if (this.#state.rows !== rows) break;
      rows.put(offset, page.machines, totalOf(page, rows));
    }
    this.#set({ revision: this.#state.revision + 1 });
    return this.#state.rows.idsBetween(first, last);
  }

  close(): void {
    this.#opening?.abort();
    for (const controller of this.#loading.values()) controller.abort();
    this.#loading.clear();
    this.#cancelNeed?.();
    this.#cancelNeed = undefined;
    this.#cancelNews?.();
    this.#cancelNews = undefined;
    this.#cancelMismatch?.();
    this.#cancelMismatch = undefined;
  }

  async #loadAnew(wish: ListWish, [first, last]: readonly [number, number]): Promise<void> {
    this.#opening?.abort();
    const mine = new AbortController();
    this.#opening = mine;
    try {
      let pages = await Promise.all(
        offsetsOf(first, last).map((offset) => this.#fetch(wish, offset, PAGE_SIZE, mine.signal)),
      );
      const total = pages[0]?.total ?? 0;
      // The list became so short that these pages are none of it.
      if (total > 0 && pages.every((page) => page.machines.length === 0))
        pages = [await this.#fetch(wish, pageOf(total - 1), PAGE_SIZE, mine.signal)];
      if (!mine.signal.aborted) this.#show(wish, pages);
    } catch (error) {
      if (mine.signal.aborted) return;
      if (wish === this.#state.wish && this.#state.status === 'ready') return this.#set({ pageError: error });
      this.#set({ status: 'failed', error, isStale: false, rows: new RowWindow(), wish, drift: 0 });
    }
  }

  #show(wish: ListWish, pages: readonly ApiReply<'listMachines'>[]): void {
    for (const controller of this.#loading.values()) controller.abort();
    this.#loading.clear();
    const rows = new RowWindow();
    for (const page of pages) rows.put(page.offset, page.machines, totalOf(page, rows));
    const isCounted = pages.every((page) => page.isTotalExact);
    this.#set({
      status: 'ready',
      error: undefined,
      isStale: false,
      rows,
      isCounted,
      revision: this.#state.revision + 1,
      generation: this.#state.generation + 1,
      wish,
      drift: 0,
      pageError: undefined,
    });
    if (this.#hasHoles()) this.#loadHoles();
    if (!isCounted) void this.#countAll();
  }

  /** The rows do not wait for this: where very many match, counting them takes longer than finding the first. */
  async #countAll(): Promise<void> {
    const { wish, rows } = this.#state;
    try {
      const { total } = await this.#fetch(wish, 0, 1, undefined, 'exact');
      if (this.#state.rows !== rows) return;
      rows.put(0, [], total);
      this.#set({ isCounted: true, revision: this.#state.revision + 1 });
    } catch {
      // What is said stays true: there are more. The next list is counted anew.
    }
  }

  async #lookForNews(): Promise<void> {
    const { wish, rows, status } = this.#state;
    if (status !== 'ready' || this.#wished !== wish) return this.refresh();
    if (rows.total <= SHORT_LIST) return this.refresh();
    if (!this.#state.isCounted) return;
    try {
      const { total } = await this.#fetch(wish, 0, 1, undefined, 'exact');
      if (this.#state.rows === rows) this.#set({ drift: total - rows.total });
    } catch {
      // Only a hint: the next news asks again.
    }
  }

  #hasHoles(): boolean {
    const [first, last] = this.#range;
    return this.#state.rows.missingPages(first, last, PAGE_SIZE).length > 0;
  }

  #loadHoles(): void {
    const [first, last] = this.#range;
    const wanted = this.#state.rows.missingPages(first, last, PAGE_SIZE);
    for (const [offset, controller] of this.#loading) {
      if (wanted.includes(offset)) continue;
      controller.abort();
      this.#loading.delete(offset);
    }
    for (const offset of wanted)
      if (!this.#loading.has(offset) && this.#loading.size < MAX_LOADING) void this.#loadPage(offset);
  }

  async #loadPage(offset: number): Promise<void> {
    const { rows, wish } = this.#state;
    const mine = new AbortController();
    this.#loading.set(offset, mine);
    try {
      const page = await this.#fetch(wish, offset, PAGE_SIZE, mine.signal);
      if (mine.signal.aborted || this.#state.rows !== rows) return;
      this.#loading.delete(offset);
      if (totalOf(page, rows) !== rows.total && !this.#cancelMismatch) {
        // Machines came or went: this page does not fit those that are here. Once a second, whatever comes and goes.
        this.#cancelMismatch = this.#deps.after(NEWS_EVERY_MS, () => {
          this.#cancelMismatch = undefined;
        });
        this.refresh();
        return;
      }
      rows.put(offset, page.machines, totalOf(page, rows));
      this.#set({ revision: this.#state.revision + 1, pageError: undefined });
      if (page.machines.length > 0) this.#loadHoles();
    } catch (error) {
      if (mine.signal.aborted) return;
      this.#loading.delete(offset);
      this.#set({ pageError: error });
    }
  }

  #fetch(
    wish: ListWish,
    offset: number,
    limit: number,
    signal?: AbortSignal,
    count: 'quick' | 'exact' = 'quick',
  ) {
    const query = {
      ...(wish.query ? { query: wish.query } : {}),
      ...(wish.group === 'all' ? {} : { group: wish.group }),
      ...(wish.sort ? { sort: wish.sort, direction: wish.direction } : {}),
      offset,
      limit,
      count,
    };
    return this.#deps.api.call('listMachines', { query, ...(signal ? { signal } : {}) });
  }

  #set(change: Partial<ListState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of [...this.#listeners]) listener();
  }
}
