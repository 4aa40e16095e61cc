import { type Actor, isInScope } from '@guruconnect/shared';
import { eq } from 'drizzle-orm';
import type { CompanyInfo } from '../core/machine-ports.ts';
import type { Log } from '../core/ports.ts';
import type { Database } from '../db/database.ts';
import {
  type CompanyRow,
  companies,
  companyTeams,
  companyUsers,
  type SiteRow,
  sites,
} from '../db/schema/machines.ts';

/** A company as it is kept in memory. */
export interface KnownCompany extends CompanyInfo {
  readonly createdAt: number;
}

/** Scopes are the same for all who share role, team and assignments; this many are remembered between changes. */
const MAX_SCOPES = 1_000;

/**
 * All companies with their sites and assignments in memory: they are asked about with every search and every event,
 * and change seldom. Whoever writes one calls `refresh` afterwards.
 */
export class CompanyDirectory {
  readonly #db: Database;
  readonly #log: Log;
  readonly #companies = new Map<string, KnownCompany>();
  readonly #sites = new Map<string, SiteRow>();
  readonly #scopes = new Map<string, 'all' | ReadonlySet<string>>();
  readonly #listeners = new Set<(companyId: string) => void>();
  #lastRefresh: Promise<unknown> = Promise.resolve();

  private constructor(deps: { db: Database; log: Log }) {
    this.#db = deps.db;
    this.#log = deps.log;
  }

  /** The directory with everything that is stored. */
  static async load(deps: { db: Database; log: Log }): Promise<CompanyDirectory> {
    const directory = new CompanyDirectory(deps);
    const [rows, users, teams, siteRows] = await Promise.all([
      deps.db.select().from(companies),
      deps.db.select().from(companyUsers),
      deps.db.select().from(companyTeams),
      deps.db.select().from(sites),
    ]);
    const userIds = groupBy(users, (row) => [row.companyId, row.userId]);
    const teamIds = groupBy(teams, (row) => [row.companyId, row.teamId]);
    for (const row of rows) {
      directory.#companies.set(row.id, known(row, userIds.get(row.id) ?? [], teamIds.get(row.id) ?? []));
    }
    for (const row of siteRows) directory.#sites.set(row.id, row);
    return directory;
  }

  find(companyId: string): KnownCompany | undefined {
    return this.#companies.get(companyId);
  }

  all(): KnownCompany[] {
    return [...this.#companies.values()];
  }

  site(siteId: string): SiteRow | undefined {
    return this.#sites.get(siteId);
  }

  sitesOf(companyId: string): SiteRow[] {
    return [...this.#sites.values()].filter((site) => site.companyId === companyId);
  }

  scopeOf(actor: Actor): 'all' | ReadonlySet<string> {
    const key = `${actor.role} ${actor.teamId} ${actor.userId}`;
    const remembered = this.#scopes.get(key);
    if (remembered) return remembered;
    const companyIds = this.all()
      .filter((company) => isInScope(actor, company))
      .map((company) => company.companyId);
    const scope = companyIds.length === this.#companies.size ? 'all' : new Set(companyIds);
    if (this.#scopes.size >= MAX_SCOPES) this.#scopes.clear();
    this.#scopes.set(key, scope);
    return scope;
  }

  /** Reads one company anew and tells listeners. One after the other, so that the newest state is what stays. */
  refresh(companyId: string): Promise<void> {
    const done = this.#lastRefresh.then(() => this.#read(companyId));
    this.#lastRefresh = done.catch(() => undefined);
    return done;
  }

  onChanged(listener: (companyId: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async #read(companyId: string): Promise<void> {
    const [row] = await this.#db.select().from(companies).where(eq(companies.id, companyId));
    const users = await this.#db.select().from(companyUsers).where(eq(companyUsers.companyId, companyId));
    const teams = await this.#db.select().from(companyTeams).where(eq(companyTeams.companyId, companyId));
    const siteRows = await this.#db.select().from(sites).where(eq(sites.companyId, companyId));
    for (const site of this.sitesOf(companyId)) this.#sites.delete(site.id);
    for (const site of siteRows) this.#sites.set(site.id, site);
    if (row) {
      const userIds = users.map((one) => one.userId);
      this.#companies.set(
        companyId,
        known(
          row,
          userIds,
          teams.map((one) => one.teamId),
        ),
      );
    } else this.#companies.delete(companyId);
    this.#scopes.clear();
    for (const listener of [...this.#listeners]) {
      try {
        listener(companyId);
      } catch (error) {
        this.#log.error({ err: error }, 'a listener for changed companies failed');
      }
    }
  }
}

function known(row: CompanyRow, assignedUserIds: string[], assignedTeamIds: string[]): KnownCompany {
  const { id: companyId, name, access, consent, createdAt } = row;
  return { companyId, name, access, consent, createdAt, assignedUserIds, assignedTeamIds };
}

function groupBy<T>(rows: readonly T[], pair: (row: T) => [string, string]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const row of rows) {
    const [key, value] = pair(row);
    const group = groups.get(key);
    if (group) group.push(value);
    else groups.set(key, [value]);
  }
  return groups;
}
