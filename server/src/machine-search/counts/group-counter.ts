import { createHash } from 'node:crypto';
import {
  type Actor,
  type GroupCount,
  parseMachineQuery,
  type QueryTerm,
  SMART_GROUPS,
} from '@guruconnect/shared';
import { type SQL, sql } from 'drizzle-orm';
import { compareVersions } from '../../core/compare-versions.ts';
import type { MachineSearchDeps } from '../../core/machine-features.ts';
import { rareMachines } from '../age-condition.ts';
import { type QueryContext, queryCondition } from '../query-condition.ts';
import type { SearchContexts } from '../search-context.ts';
import { FreshMemory } from './fresh-memory.ts';
import { type LabelCount, readLabelCounts, type Scope } from './label-counts.ts';

/**
 * What the sidebar shows may be 2 s old in all; what asks for it again and again adds to this. While somebody looks,
 * counts are made anew before they are that old, so that nobody waits for them.
 */
const LIFE_MS = 1_000;
const RENEW_MS = 600;
const WANTED_MS = 3_000;
const MAX_REMEMBERED = 200;

/** A filter that somebody pinned to the sidebar. */
export interface PinnedFilter {
  readonly filterId: string;
  readonly name: string;
  readonly query: string;
}

interface CounterDeps extends Pick<MachineSearchDeps, 'db' | 'clock' | 'companies' | 'agentVersion'> {
  readonly contexts: SearchContexts;
  readonly pinnedBy: (actor: Actor) => Promise<readonly PinnedFilter[]>;
}

/** A query that is to be counted for somebody. */
interface Asked {
  readonly actor: Actor;
  readonly text: string;
  readonly terms: readonly QueryTerm[];
  readonly context: QueryContext;
}

/**
 * The counts of the sidebar's groups as one person sees them. Labels are counted as machines change; groups by time
 * and pinned filters when somebody asks, once for all who see the same.
 */
export class GroupCounter {
  readonly #deps: CounterDeps;
  readonly #labels: FreshMemory<readonly LabelCount[]>;
  readonly #byCompany: FreshMemory<ReadonlyMap<string, number>>;

  constructor(deps: CounterDeps) {
    this.#deps = deps;
    const options = {
      clock: deps.clock,
      renewMs: RENEW_MS,
      lifeMs: LIFE_MS,
      wantedMs: WANTED_MS,
      limit: MAX_REMEMBERED,
    };
    this.#labels = new FreshMemory(options);
    this.#byCompany = new FreshMemory(options);
  }

  async countsFor(actor: Actor): Promise<GroupCount[]> {
    const pinned = await this.#deps.pinnedBy(actor);
    const groups = [
      ...SMART_GROUPS.map(({ id, title, query }) => ({ key: `smart:${id}`, title, query })),
      ...pinned.map(({ filterId, name, query }) => ({ key: `filter:${filterId}`, title: name, query })),
    ].flatMap((group) => {
      // A filter that another version of the server saved may be no query here.
      const parsed = parseMachineQuery(group.query);
      return parsed.ok ? [{ ...group, terms: parsed.query.terms }] : [];
    });
    const context = await this.#deps.contexts.of(
      actor,
      groups.flatMap(({ terms }) => terms),
    );
    const labels = await this.labelsOf(context.scope);
    const counted = groups.map(async ({ key, title, query, terms }) =>
      group(key, title, await this.#countQuery({ actor, text: query, terms, context }, labels)),
    );
    return [...this.#labelGroups(labels), ...(await Promise.all(counted))];
  }

  /** The counts of labels in a scope. */
  labelsOf(scope: Scope): Promise<readonly LabelCount[]> {
    return this.#labels.get(scopeKey(scope), () => readLabelCounts(this.#deps.db, scope));
  }

  #labelGroups(labels: readonly LabelCount[]): GroupCount[] {
    const { companies } = this.#deps;
    const groups: GroupCount[] = [];
    let total = 0;
    for (const { kind, companyId, value, title, n } of labels) {
      if (kind === 'all' && companyId !== null) {
        total += n;
        const company = companies.find(companyId);
        if (company) groups.push(group(`company:${companyId}`, company.name, n));
      } else if (kind === 'site' && companyId !== null) {
        const name = companies.siteName(value);
        if (name !== undefined) groups.push(group(`site:${value}`, name, n, `company:${companyId}`));
      } else if (kind === 'os' || kind === 'type' || kind === 'tag') {
        groups.push(group(`${kind}:${value}`, title, n));
      }
    }
    groups.unshift(group('all', 'All machines', total));
    return groups;
  }

  close(): void {
    this.#labels.close();
    this.#byCompany.close();
  }

  async #countQuery({ actor, text, terms, context }: Asked, labels: readonly LabelCount[]): Promise<number> {
    const counted = this.#countedFlag(terms, labels);
    if (counted !== undefined) return counted;
    if (isPersonal(terms)) return sumOf(await this.#countByCompany(terms, context), context.scope);
    // The same for all but for the scope: counted for all companies at once.
    const byCompany = await this.#byCompany.get(text, async () => {
      // It is made again later, and then is about that time.
      const shared = await this.#deps.contexts.of(actor, terms);
      return this.#countByCompany(terms, { ...shared, scope: 'all' });
    });
    return sumOf(byCompany, context.scope);
  }

  /** Flags that are counted as machines change. */
  #countedFlag(terms: readonly QueryTerm[], labels: readonly LabelCount[]): number | undefined {
    const [term, another] = terms;
    if (another || term?.kind !== 'flag' || term.not) return undefined;
    const sum = (isMeant: (label: LabelCount) => boolean) =>
      labels.filter(isMeant).reduce((total, { n }) => total + n, 0);
    if (term.flag === 'flagged' || term.flag === 'guested') return sum(({ kind }) => kind === term.flag);
    if (term.flag !== 'outdated') return undefined;
    const { agentVersion } = this.#deps;
    return sum(({ kind, value }) => kind === 'version' && compareVersions(value, agentVersion) < 0);
  }

  async #countByCompany(
    terms: readonly QueryTerm[],
    context: QueryContext,
  ): Promise<ReadonlyMap<string, number>> {
    const { rows } = await this.#deps.db.execute<{ id: string; n: number }>(
      byAge(terms, context) ??
        sql`SELECT s.company_id AS id, count(*)::int AS n FROM machine_search s
            WHERE ${queryCondition(terms, context)} GROUP BY 1`,
    );
    return new Map(rows.map((row) => [row.id, row.n]));
  }
}

/** An age alone over all companies, where few machines are meant: their index knows all that is counted. */
function byAge(terms: readonly QueryTerm[], { now, scope }: QueryContext): SQL | undefined {
  const [term, another] = terms;
  if (another || term?.kind !== 'age' || term.not || scope !== 'all') return undefined;
  const parts = rareMachines(term, now)?.map(
    (condition) => sql`SELECT company_id FROM machines WHERE removed_at IS NULL AND ${condition}`,
  );
  if (!parts) return undefined;
  return sql`SELECT company_id AS id, count(*)::int AS n
    FROM (${sql.join(parts, sql` UNION ALL `)}) rare GROUP BY 1`;
}

function group(key: string, title: string, count: number, parent: string | null = null): GroupCount {
  return { key, title, parent, count };
}

/** Whether the answer depends on more of the person than the scope. */
function isPersonal(terms: readonly QueryTerm[]): boolean {
  return terms.some((term) => term.kind === 'flag' && (term.flag === 'hosted' || term.flag === 'removed'));
}

function sumOf(byCompany: ReadonlyMap<string, number>, scope: Scope): number {
  let sum = 0;
  for (const [companyId, n] of byCompany) {
    if (scope === 'all' || scope.has(companyId)) sum += n;
  }
  return sum;
}

function scopeKey(scope: Scope): string {
  if (scope === 'all') return 'all';
  return createHash('sha256')
    .update([...scope].sort().join())
    .digest('base64');
}
