import type { Flag, QueryTerm } from '@guruconnect/shared';
import { type SQL, sql } from 'drizzle-orm';
import { ageCondition } from './age-condition.ts';
import { propertyCondition, textCondition } from './text-condition.ts';
import { wordCondition } from './word-condition.ts';

/** What the meaning of a query depends on besides its text. */
export interface QueryContext {
  readonly now: number;
  /** Versions of agents that are older than what the server hands out. */
  readonly outdatedVersions: readonly string[];
  /** Machines with technicians on them, as far as the person may know. */
  readonly hostedIds: readonly string[];
  /** Whether the person finds removed machines at all. */
  readonly seesRemoved: boolean;
  /** Companies whose machines the person reaches. */
  readonly scope: 'all' | ReadonlySet<string>;
}

/**
 * The condition on `machine_search s` under which all terms hold for machines that the person may find. Removed ones
 * are found only by `is:removed`.
 */
export function queryCondition(terms: readonly QueryTerm[], context: QueryContext): SQL {
  const wantsRemoved = terms.some((term) => term.kind === 'flag' && term.flag === 'removed' && !term.not);
  const conditions = [wantsRemoved ? sql`s.removed` : sql`NOT s.removed`];
  if (wantsRemoved && !context.seesRemoved) conditions.push(sql`false`);
  if (context.scope !== 'all') conditions.push(inCompanies([...context.scope]));
  for (const term of terms) {
    const condition = termCondition(term, context, wantsRemoved);
    conditions.push(term.not ? sql`(${condition}) IS NOT TRUE` : condition);
  }
  return sql.join(conditions, sql` AND `);
}

export function inCompanies(companyIds: readonly string[]): SQL {
  return sql`s.company_id = ANY (${sql.param(companyIds)}::uuid[])`;
}

function termCondition(term: QueryTerm, context: QueryContext, wantsRemoved: boolean): SQL {
  switch (term.kind) {
    case 'word': {
      return wordCondition(term.text);
    }
    case 'text': {
      return textCondition(term.field, term.values);
    }
    case 'property': {
      return propertyCondition(term.key, term.values);
    }
    case 'age': {
      return ageCondition(term, context.now, wantsRemoved);
    }
    case 'flag': {
      return flagCondition(term.flag, context);
    }
  }
}

/** Machines that failed with the release that came last, and do not run it in spite of that. */
const FAILED_UPDATES = sql`SELECT u.machine_id FROM machine_updates u
  JOIN update_rollouts r USING (manifest_sha256) JOIN update_fleet f USING (machine_id)
  WHERE u.state IN ('rolled-back', 'refused', 'failed') AND f.version <> r.version
    AND u.manifest_sha256 = (SELECT manifest_sha256 FROM update_rollouts ORDER BY started_at DESC LIMIT 1)`;

function flagCondition(flag: Flag, context: QueryContext): SQL {
  switch (flag) {
    case 'online': {
      return sql`s.online`;
    }
    case 'offline': {
      return sql`NOT s.online`;
    }
    case 'flagged': {
      return sql`s.flagged`;
    }
    case 'guested': {
      return sql`s.guested`;
    }
    case 'cloned': {
      return sql`s.cloned`;
    }
    case 'removed': {
      return sql`s.removed`;
    }
    case 'hosted': {
      return sql`s.machine_id = ANY (${sql.param(context.hostedIds)}::uuid[])`;
    }
    case 'update-failed': {
      return sql`s.machine_id IN (${FAILED_UPDATES})`;
    }
    case 'outdated': {
      return sql`s.version = ANY (${sql.param(context.outdatedVersions)}::text[])`;
    }
  }
}
