import type { MachineRow } from '@guruconnect/shared';
import type { Socket } from 'socket.io';
import type { Clock } from '../../core/clock.ts';
import type { Companies, MachineFeed, Machines } from '../../core/machine-ports.ts';
import type { Log, Login, Logins } from '../../core/ports.ts';
import type { Database } from '../../db/database.ts';
import { type CountsFor, CountTeller } from './count-teller.ts';
import { PageWatch } from './page-watch.ts';
import { RowReader } from './row-reader.ts';
import { WatchIndex } from './watch-index.ts';

export interface MachineWatchersDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly feed: MachineFeed;
  readonly machines: Machines;
  readonly companies: Companies;
  readonly logins: Logins;
  readonly search: { readonly countsFor: CountsFor };
}

/** Four times a second. */
const ROWS_MS = 250;
const APPEARED_MS = 1_000;
const COUNTS_MS = 1_000;
/** The counter may answer with what it counted up to so long ago: what changed since is in the next answer. */
const COUNTS_LAG_MS = 1_000;
/** Some groups change by the passing of time alone. */
const RECOUNT_MS = 60_000;
/** Of those that appear at once a page is told so many, and that there are more. */
const MAX_TOLD = 50;
/** Looked at in one go; the rest a second later. */
const MAX_APPEARED = 500;

/**
 * Tells pages what changes on the machines that they show. Rows are read once for all pages, and for each of them the
 * person's scope is asked again: whoever lost a company learns no more of it.
 */
export class MachineWatchers {
  readonly #deps: MachineWatchersDeps;
  readonly #pages = new WatchIndex();
  readonly #reader: RowReader;
  readonly #counts: CountTeller;
  readonly #appeared = new Set<string>();
  readonly #stops: (() => void)[];
  readonly #running = new Set<string>();
  #changedAt = 0;
  #countedAt = Number.NEGATIVE_INFINITY;

  constructor(deps: MachineWatchersDeps) {
    this.#deps = deps;
    this.#reader = new RowReader(deps.db);
    this.#counts = new CountTeller(deps.search.countsFor);
    const { clock, feed, companies, logins } = deps;
    this.#stops = [
      feed.onChanged((machineIds, kind) => this.#note(machineIds, kind)),
      companies.onChanged((companyId) => this.#rescope(companyId)),
      logins.onEnded(({ loginId }) => this.#end(loginId)),
      clock.every(ROWS_MS, () => this.#run('rows', () => this.#tellRows())),
      clock.every(APPEARED_MS, () => this.#run('new machines', () => this.#tellAppeared())),
      clock.every(COUNTS_MS, () => this.#run('counts', () => this.#tellCounts())),
    ];
  }

  async watch(
    socket: Socket,
    login: Login,
    wish: { machineIds: readonly string[]; counts: boolean },
  ): Promise<MachineRow[]> {
    if (!socket.connected) return [];
    const page = this.#pageOf(socket, login);
    const wished = new Set(wish.machineIds);
    page.wantsCounts = wish.counts;
    // Watched before it is read: a change in between is told after the reply.
    this.#pages.watch(page, wished);
    const rows = await this.#deps.machines.rowsFor(login.actor, wish.machineIds);
    // The page went, or wishes for others by now.
    if (page.machineIds !== wished) return rows;
    this.#pages.watch(page, new Set(rows.map(({ machineId }) => machineId)));
    for (const { machineId } of rows) page.shown.add(machineId);
    return rows;
  }

  leave(connectionId: string): void {
    this.#pages.remove(connectionId);
  }

  close(): void {
    for (const stop of this.#stops) stop();
  }

  #pageOf(socket: Socket, login: Login): PageWatch {
    const known = this.#pages.get(socket.id);
    if (known) return known;
    const page = new PageWatch(socket, login, this.#deps.companies.scopeOf(login.actor));
    this.#pages.add(socket.id, page);
    return page;
  }

  #note(machineIds: readonly string[], kind: 'changed' | 'appeared' | 'removed'): void {
    this.#changedAt = this.#deps.clock.now();
    if (this.#pages.size === 0) return;
    for (const machineId of machineIds) {
      if (kind === 'appeared') this.#appeared.add(machineId);
      for (const page of this.#pages.of(machineId)) {
        page.stale.add(machineId);
        if (kind === 'removed') page.removed.add(machineId);
        else page.removed.delete(machineId);
      }
    }
  }

  /** Who reaches what has changed, or how a company or a site is called. */
  #rescope(companyId: string): void {
    this.#changedAt = this.#deps.clock.now();
    for (const page of this.#pages.all()) {
      page.rescope(this.#deps.companies.scopeOf(page.login.actor), companyId);
      for (const machineId of page.machineIds) page.stale.add(machineId);
    }
  }

  #end(loginId: string): void {
    for (const [connectionId, page] of this.#pages.entries()) {
      if (page.login.loginId === loginId) this.#pages.remove(connectionId);
    }
  }

  /** A round that still runs is not doubled. */
  #run(what: string, round: () => Promise<void>): void {
    if (this.#pages.size === 0 || this.#running.has(what)) return;
    this.#running.add(what);
    round()
      .catch((error: unknown) => this.#deps.log.error({ err: error, what }, 'pages could not be told'))
      .finally(() => this.#running.delete(what));
  }

  async #tellRows(): Promise<void> {
    const due = this.#pages.all().filter((page) => page.stale.size > 0 && !page.isBusy);
    if (due.length === 0) return;
    const taken = due.map((page) => ({ page, ...page.takeStale() }));
    const rows = await this.#reader.byIds([...new Set(taken.flatMap(({ ids }) => ids))]).catch((error) => {
      for (const { page, ids } of taken) for (const id of ids) page.stale.add(id);
      throw error;
    });
    for (const { page, ids, removed } of taken) {
      const watched = ids.filter((id) => page.machineIds.has(id));
      const found = watched.flatMap((id) => rows.get(id) ?? []);
      const views = this.#deps.machines.viewsOf(page.login.actor, found);
      const seen = new Set(views.map(({ machineId }) => machineId));
      const gone = watched.filter((id) => page.shown.has(id) && (!seen.has(id) || removed.has(id)));
      for (const id of seen) page.shown.add(id);
      for (const id of gone) page.shown.delete(id);
      if (!page.isConnected) continue;
      if (views.length > 0) page.tell('machines:changed', { machines: views });
      if (gone.length > 0) page.tell('machines:gone', { machineIds: gone });
    }
  }

  async #tellAppeared(): Promise<void> {
    const ids = [...this.#appeared].slice(0, MAX_APPEARED);
    for (const id of ids) this.#appeared.delete(id);
    const rows = ids.length === 0 ? [] : [...(await this.#reader.byIds(ids)).values()];
    const present = rows.filter((row) => row.removedAt === null);
    for (const page of this.#pages.all()) {
      const gained = await this.#gainedBy(page);
      const isNew = (id: string) => !ids.includes(id);
      const both = [...present, ...gained.filter(({ id }) => isNew(id))];
      const views = this.#deps.machines.viewsOf(page.login.actor, both);
      if (views.length === 0 || !page.isConnected) continue;
      page.tell('machines:appeared', {
        machines: views.slice(0, MAX_TOLD),
        more: views.length > MAX_TOLD,
      });
    }
  }

  async #gainedBy(page: PageWatch) {
    if (page.gained.size === 0) return [];
    const companyIds = [...page.gained];
    page.gained.clear();
    return this.#reader.ofCompanies(companyIds, MAX_TOLD + 1);
  }

  async #tellCounts(): Promise<void> {
    const now = this.#deps.clock.now();
    const isStale = this.#changedAt + COUNTS_LAG_MS >= this.#countedAt || now - this.#countedAt >= RECOUNT_MS;
    const due = this.#pages
      .all()
      .filter((page) => page.wantsCounts && (isStale || page.counts === undefined));
    if (due.length === 0) return;
    if (isStale) this.#countedAt = now;
    await this.#counts.tell(due).catch((error) => {
      this.#countedAt = Number.NEGATIVE_INFINITY;
      throw error;
    });
  }
}
