import type { Actor, ApiQuery, MachineRow } from '@guruconnect/shared';
import { getTableColumns, inArray, type SQL, sql } from 'drizzle-orm';
import type { MachineSearchDeps } from '../core/machine-features.ts';
import { machines } from '../db/schema/machines.ts';
import { groupPart } from './group-condition.ts';
import { parseOrRefuse } from './parse-or-refuse.ts';
import { queryCondition } from './query-condition.ts';
import type { SearchContexts } from './search-context.ts';
import { searchOrder } from './search-order.ts';

const DEFAULT_LIMIT = 100;

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
    const matches = queryCondition(terms, await contexts.of(actor));
    const where = group.condition ? sql`${matches} AND ${group.condition}` : matches;
    const words = terms.flatMap((term) => (term.kind === 'word' && !term.not ? [term.text] : []));
    const order = searchOrder(wish.sort, wish.direction, words);
    const { offset = 0, limit = DEFAULT_LIMIT } = wish;
    const [total, ids] = await Promise.all([
      this.#count(where),
      this.#ids(sql`${order.join} WHERE ${where} ORDER BY ${order.by} LIMIT ${limit} OFFSET ${offset}`),
    ]);
    return { machines: await this.#rows(actor, ids), total, offset };
  }

  async #count(where: SQL): Promise<number> {
    const { rows } = await this.#deps.db.execute<{ n: number }>(
      sql`SELECT count(*)::int AS n FROM machine_search s WHERE ${where}`,
    );
    return rows[0]?.n ?? 0;
  }

  async #ids(rest: SQL): Promise<string[]> {
    const { rows } = await this.#deps.db.execute<{ id: string }>(
      sql`SELECT s.machine_id AS id FROM machine_search s ${rest}`,
    );
    return rows.map((row) => row.id);
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
