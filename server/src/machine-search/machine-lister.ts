import type { Actor, ApiQuery, MachineRow } from '@guruconnect/shared';
import { getTableColumns, inArray, type SQL, sql } from 'drizzle-orm';
import type { MachineSearchDeps } from '../core/machine-features.ts';
import { machines } from '../db/schema/machines.ts';
import { groupPart } from './group-condition.ts';
import { parseOrRefuse } from './parse-or-refuse.ts';
import { queryCondition } from './query-condition.ts';
import type { SearchContexts } from './search-context.ts';
import { ORDER_COLUMNS, type SearchOrder, searchOrder } from './search-order.ts';
import { isNamed, textsOf } from './word-condition.ts';

const DEFAULT_LIMIT = 100;
/** So many are found, counted and sorted at once in less time than it takes to walk through all in their order. */
const FEW = 10_000;

export interface MachinePage {
  readonly machines: MachineRow[];
  readonly total: number;
  readonly isTotalExact: boolean;
  readonly offset: number;
}

/** What a person looks for, and the part of it that is shown. */
interface Search {
  readonly where: SQL;
  readonly words: readonly string[];
  readonly order: SearchOrder;
  readonly isRanked: boolean;
  readonly offset: number;
  readonly limit: number;
}

interface ListerDeps extends Pick<MachineSearchDeps, 'db' | 'machines'> {
  readonly contexts: SearchContexts;
  /** The text of a filter that the actor may see; throws `not-found`. */
  readonly filterQuery: (actor: Actor, filterId: string) => Promise<string>;
}

/** Windows of the sorted list of machines that a person finds. */
export class MachineLister {
  readonly #deps: ListerDeps;

  constructor(deps: ListerDeps) {
    this.#deps = deps;
  }

  /** Throws `invalid-message` with `details.problem` for what is no query. */
  async page(actor: Actor, wish: ApiQuery<'listMachines'>): Promise<MachinePage> {
    const { contexts, filterQuery } = this.#deps;
    const query = parseOrRefuse(wish.query ?? '');
    const group = await groupPart(wish.group ?? 'all', (filterId) => filterQuery(actor, filterId));
    const terms = [...group.terms, ...query.terms];
    const matches = queryCondition(terms, await contexts.of(actor, terms));
    const where = group.condition ? sql`${matches} AND ${group.condition}` : matches;
    const words = terms.flatMap((term) => (term.kind === 'word' && !term.not ? [term.text] : []));
    const { offset = 0, limit = DEFAULT_LIMIT } = wish;
    const search: Search = {
      where,
      words,
      order: searchOrder(wish.sort, wish.direction, words),
      isRanked: wish.direction !== 'down' && (wish.sort ?? 'rank') === 'rank' && textsOf(words).length > 0,
      offset,
      limit,
    };
    const few = terms.length > 0 ? await this.#few(search) : undefined;
    if (few) {
      const rows = await this.#rows(actor, few.ids);
      return { machines: rows, total: few.total, isTotalExact: true, offset };
    }
    const isTotalExact = terms.length === 0 || wish.count !== 'quick';
    const [total, ids] = await Promise.all([
      isTotalExact ? this.#count(where) : FEW,
      search.isRanked ? this.#bestOfMany(search) : this.#ids(search),
    ]);
    return { machines: await this.#rows(actor, ids), total, isTotalExact, offset };
  }

  /**
   * Counts and sorts what is found, unless it is too many. The planner cannot know how many will be found, and is slow
   * where it guesses wrong: few by an index on the order, or many by sorting them all.
   */
  async #few({ where, order, offset, limit }: Search): Promise<{ total: number; ids: string[] } | undefined> {
    const { rows } = await this.#deps.db.execute<{ total: number; ids: string[] | null }>(
      sql`WITH s AS MATERIALIZED (SELECT ${ORDER_COLUMNS} FROM machine_search s WHERE ${where} LIMIT ${FEW + 1})
          SELECT total, CASE WHEN total <= ${FEW} THEN ARRAY(
            SELECT s.machine_id::text FROM s ${order.join} ORDER BY ${order.by} LIMIT ${limit} OFFSET ${offset}
          ) END AS ids FROM (SELECT count(*)::int AS total FROM s) counted`,
    );
    const [found] = rows;
    return found?.ids ? { total: found.total, ids: found.ids } : undefined;
  }

  async #count(where: SQL): Promise<number> {
    const { rows } = await this.#deps.db.execute<{ n: number }>(
      sql`SELECT count(*)::int AS n FROM machine_search s WHERE ${where}`,
    );
    return rows[0]?.n ?? 0;
  }

  async #ids({
    where,
    order,
    offset,
    limit,
  }: Pick<Search, 'where' | 'order' | 'offset' | 'limit'>): Promise<string[]> {
    const { rows } = await this.#deps.db.execute<{ id: string }>(
      sql`SELECT s.machine_id AS id FROM machine_search s ${order.join}
          WHERE ${where} ORDER BY ${order.by} LIMIT ${limit} OFFSET ${offset}`,
    );
    return rows.map((row) => row.id);
  }

  /** The same order as by rank: first those that have a word in their name, ranked, then the others by name. */
  async #bestOfMany({ where, words, order, offset, limit }: Search): Promise<string[]> {
    const named = sql`${where} AND ${isNamed(words)}`;
    const others = sql`${where} AND NOT ${isNamed(words)}`;
    const best = await this.#ids({ where: named, order, offset, limit });
    if (best.length === limit) return best;
    // None on this page may also mean that they all came before it.
    const before = best.length > 0 || offset === 0 ? offset + best.length : await this.#count(named);
    const rest = await this.#ids({
      where: others,
      order: searchOrder('name', 'up', []),
      offset: Math.max(0, offset - before),
      limit: limit - best.length,
    });
    return [...best, ...rest];
  }

  /** In the order of the ids. What a list does not show, and may be long, is not read. */
  async #rows(actor: Actor, ids: readonly string[]): Promise<MachineRow[]> {
    if (ids.length === 0) return [];
    const { inventory: _inventory, status: _status, notes: _notes, ...columns } = getTableColumns(machines);
    const rows = await this.#deps.db
      .select(columns)
      .from(machines)
      .where(inArray(machines.id, [...ids]));
    const byId = new Map(rows.map((row) => [row.id, row]));
    const inOrder = ids.flatMap((id) => byId.get(id) ?? []);
    return this.#deps.machines.viewsOf(
      actor,
      inOrder.map((row) => ({ ...row, inventory: null, status: null, notes: '' })),
    );
  }
}
