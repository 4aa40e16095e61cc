import type { Actor, ApiQuery, MachineRow } from '@guruconnect/shared';
import { getTableColumns, inArray, type SQL, sql } from 'drizzle-orm';
import type { MachineSearchDeps } from '../core/machine-features.ts';
import { machines } from '../db/schema/machines.ts';
import { groupPart } from './group-condition.ts';
import { parseOrRefuse } from './parse-or-refuse.ts';
import { queryCondition } from './query-condition.ts';
import type { SearchContexts } from './search-context.ts';
import { type SearchOrder, searchOrder } from './search-order.ts';
import { isNamed, textsOf } from './word-condition.ts';

const DEFAULT_LIMIT = 100;
/** So many are counted and ranked in no time. */
const FEW = 2_000;

export interface MachinePage {
  readonly machines: MachineRow[];
  readonly total: number;
  readonly offset: number;
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
    const ranked = wish.direction !== 'down' && (wish.sort ?? 'rank') === 'rank' && textsOf(words).length > 0;
    const listed = ranked
      ? this.#ranked(where, words, offset, limit)
      : this.#ids(where, searchOrder(wish.sort, wish.direction, words), offset, limit);
    // Counting very many takes longest, so it waits for nothing.
    const [total, ids] = await Promise.all([this.#count(where), listed]);
    return { machines: await this.#rows(actor, ids), total, offset };
  }

  /** At most `limit`, where one is given: what is counted then is little. */
  async #count(where: SQL, limit?: number): Promise<number> {
    const all = sql`FROM machine_search s WHERE ${where}`;
    const { rows } = await this.#deps.db.execute<{ n: number }>(
      limit === undefined
        ? sql`SELECT count(*)::int AS n ${all}`
        : sql`SELECT count(*)::int AS n FROM (SELECT ${all} LIMIT ${limit}) few`,
    );
    return rows[0]?.n ?? 0;
  }

  async #ids(where: SQL, order: SearchOrder, offset: number, limit: number): Promise<string[]> {
    const { rows } = await this.#deps.db.execute<{ id: string }>(
      sql`SELECT s.machine_id AS id FROM machine_search s ${order.join}
          WHERE ${where} ORDER BY ${order.by} LIMIT ${limit} OFFSET ${offset}`,
    );
    return rows.map((row) => row.id);
  }

  async #ranked(where: SQL, words: readonly string[], offset: number, limit: number): Promise<string[]> {
    // Ranking many costs more than finding those that rank high.
    if ((await this.#count(where, FEW + 1)) > FEW) return this.#bestOfMany(where, words, offset, limit);
    return this.#ids(where, searchOrder('rank', 'up', words), offset, limit);
  }

  /** The same order as by rank: first those that have a word in their name, ranked, then the others by name. */
  async #bestOfMany(where: SQL, words: readonly string[], offset: number, limit: number): Promise<string[]> {
    const named = sql`${where} AND ${isNamed(words)}`;
    const others = sql`${where} AND NOT ${isNamed(words)}`;
    const best = await this.#ids(named, searchOrder('rank', 'up', words), offset, limit);
    if (best.length === limit) return best;
    // None on this page may also mean that they all came before it.
    const before = best.length > 0 || offset === 0 ? offset + best.length : await this.#count(named);
    const byName = searchOrder('name', 'up', []);
    const rest = await this.#ids(others, byName, Math.max(0, offset - before), limit - best.length);
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
