import type { Actor, ApiQuery } from '@guruconnect/shared';
import { sql } from 'drizzle-orm';
import type { MachineSearchDeps } from '../core/machine-features.ts';
import type { GroupCounter } from './counts/group-counter.ts';
import type { CountKind, LabelCount } from './counts/label-counts.ts';
import { escapeLike, storable } from './like-pattern.ts';
import { queryCondition } from './query-condition.ts';
import type { SearchContexts } from './search-context.ts';

const MAX_VALUES = 20;
const KINDS = {
  company: 'all',
  site: 'site',
  department: 'department',
  deviceType: 'type',
  tag: 'tag',
  os: 'os',
  version: 'version',
} as const satisfies Record<string, CountKind>;

interface SuggesterDeps extends Pick<MachineSearchDeps, 'db' | 'companies'> {
  readonly contexts: SearchContexts;
  readonly counter: Pick<GroupCounter, 'labelsOf'>;
}

/** Values of a label on machines that the actor finds, the most used first; those that begin with the prefix. */
export async function suggestLabels(
  deps: SuggesterDeps,
  actor: Actor,
  { label, prefix = '' }: ApiQuery<'suggestLabels'>,
): Promise<string[]> {
  if (label === 'user') return suggestUsers(deps, actor, prefix);
  const { companies } = deps;
  const nameOf = ({ kind, companyId, value, title }: LabelCount) => {
    if (kind === 'all') return companies.find(companyId ?? '')?.name;
    return kind === 'site' ? companies.siteName(value) : title;
  };
  const labels = await deps.counter.labelsOf(companies.scopeOf(actor));
  const uses = new Map<string, number>();
  for (const one of labels) {
    if (one.kind !== KINDS[label]) continue;
    const name = nameOf(one);
    if (name) uses.set(name, (uses.get(name) ?? 0) + one.n);
  }
  const wanted = prefix.toLowerCase();
  return [...uses]
    .filter(([name]) => name.toLowerCase().startsWith(wanted))
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .slice(0, MAX_VALUES)
    .map(([name]) => name);
}

async function suggestUsers(deps: SuggesterDeps, actor: Actor, prefix: string): Promise<string[]> {
  const matches = queryCondition([], await deps.contexts.of(actor, []));
  const { rows } = await deps.db.execute<{ name: string }>(
    sql`SELECT s.logged_on_user AS name FROM machine_search s
        WHERE ${matches} AND s.logged_on_user <> ''
          AND s.logged_on_user LIKE lower(${`${escapeLike(storable(prefix))}%`})
        GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT ${MAX_VALUES}`,
  );
  return rows.map((row) => row.name);
}
