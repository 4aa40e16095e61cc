import { type Actor, type CompanyTarget, may, type QueryTerm } from '@guruconnect/shared';
import { sql } from 'drizzle-orm';
import { compareVersions } from '../core/compare-versions.ts';
import type { MachineSearchDeps } from '../core/machine-features.ts';
import type { QueryContext } from './query-condition.ts';

type Deps = Pick<MachineSearchDeps, 'db' | 'clock' | 'companies' | 'sessions' | 'agentVersion'>;

/** A company that everybody reaches: what may be done there, may be done somewhere. */
const OPEN: CompanyTarget = { access: 'everyone', assignedUserIds: [], assignedTeamIds: [] };

/** What queries mean for one person now. */
export class SearchContexts {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** For queries made of these terms. */
  async of(actor: Actor, terms: readonly QueryTerm[]): Promise<QueryContext> {
    const { clock, companies } = this.#deps;
    const asksVersions = terms.some((term) => term.kind === 'flag' && term.flag === 'outdated');
    return {
      now: clock.now(),
      outdatedVersions: asksVersions ? await this.#outdatedVersions() : [],
      hostedIds: this.#hostedFor(actor),
      seesRemoved: may(actor, 'machine:remove', OPEN),
      scope: companies.scopeOf(actor),
    };
  }

  /** Versions that machines have and that are older than this server's. */
  async #outdatedVersions(): Promise<string[]> {
    const { db, agentVersion } = this.#deps;
    const { rows } = await db.execute<{ value: string }>(
      sql`SELECT value FROM machine_counts WHERE kind = 'version' AND company_id = ${ALL_COMPANIES}
          UNION SELECT value FROM machine_count_deltas WHERE kind = 'version'`,
    );
    return rows.map((row) => row.value).filter((version) => compareVersions(version, agentVersion) < 0);
  }

  /** A technician on a machine is known to those alone who may see the session. */
  #hostedFor(actor: Actor): string[] {
    const sessions = this.#deps.sessions();
    return [...sessions.hosted()].filter((id) => sessions.activityOf(id, actor).hosts.length > 0);
  }
}

/** In `machine_counts`: the sum over all companies. */
export const ALL_COMPANIES = '00000000-0000-0000-0000-000000000000';
