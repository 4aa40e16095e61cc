import { type CompanyView, DEFAULT_CONSENT_POLICY, GuruError, may } from '@guruconnect/shared';
import { eq, inArray } from 'drizzle-orm';
import type { ApiHandlers, ApiRequest } from '../core/api-handlers.ts';
import { newId } from '../core/secrets.ts';
import type { Database } from '../db/database.ts';
import { companies, companyTeams, companyUsers } from '../db/schema/machines.ts';
import { teams, users } from '../db/schema/people.ts';
import type { CompanyHandlerDeps } from './company-deps.ts';
import type { KnownCompany } from './company-directory.ts';
import { noSuchCompany, refuseTakenName } from './company-errors.ts';
import { byName, companyView } from './company-views.ts';
import { deleteCompany } from './delete-company.ts';
import { countMachines, machinesOf, touchMachines } from './machine-counts.ts';

type Handlers = Pick<ApiHandlers, 'listCompanies' | 'createCompany' | 'changeCompany' | 'deleteCompany'>;

const NAME_TAKEN = 'There is a company of this name already.';

/** Companies and who reaches them. */
export function createCompanyHandlers(deps: CompanyHandlerDeps): Handlers {
  const { db, directory } = deps;
  return {
    listCompanies: async ({ login }) => {
      await forgetDeletedTeams(deps);
      const counts = await countMachines(db);
      const seen = directory.all().filter((company) => may(login.actor, 'company:see', company));
      return { companies: seen.map((company) => companyView(directory, company, counts)).sort(byName) };
    },
    createCompany: (request) => createCompany(deps, request),
    changeCompany: (request) => changeCompany(deps, request),
    deleteCompany: async ({ params, login, address }) => {
      const company = directory.find(params.companyId);
      if (!company) throw noSuchCompany();
      await deleteCompany(deps, company, { userId: login.userId, address });
      return {};
    },
  };
}

/** A deleted team takes its assignments along in the database; memory learns of it here. */
async function forgetDeletedTeams({ db, directory }: CompanyHandlerDeps): Promise<void> {
  const rows = await db.select({ id: teams.id }).from(teams);
  const teamIds = new Set(rows.map((row) => row.id));
  for (const company of directory.all()) {
    if (company.assignedTeamIds.some((id) => !teamIds.has(id))) await directory.refresh(company.companyId);
  }
}

async function createCompany(
  deps: CompanyHandlerDeps,
  { body, login, address }: ApiRequest<'createCompany'>,
): Promise<CompanyView> {
  const companyId = newId();
  const row = {
    id: companyId,
    name: body.name,
    access: 'everyone' as const,
    consent: DEFAULT_CONSENT_POLICY,
    createdAt: deps.clock.now(),
  };
  await refuseTakenName(deps.db.insert(companies).values(row), NAME_TAKEN);
  await deps.directory.refresh(companyId);
  await deps.audit.append({
    actor: `user:${login.userId}`,
    action: 'company.created',
    address,
    details: { companyId, name: body.name, access: row.access, consent: row.consent },
  });
  return viewOf(deps, companyId);
}

async function changeCompany(
  deps: CompanyHandlerDeps,
  { params, body, login, address }: ApiRequest<'changeCompany'>,
): Promise<CompanyView> {
  const { db, directory, audit, feed } = deps;
  const { companyId } = params;
  const before = directory.find(companyId);
  if (!before) throw noSuchCompany();
  await checkAssigned(db, body);
  await refuseTakenName(storeChange(db, companyId, body), NAME_TAKEN);
  await directory.refresh(companyId);
  const after = directory.find(companyId);
  if (!after) throw noSuchCompany();
  const changes = differences(before, after);
  // From here on whoever lost the company is refused; what they still see is taken away by these.
  if ('name' in changes) feed.changed(await touchMachines(db, { companyId }));
  else if ('access' in changes || 'assignedUserIds' in changes || 'assignedTeamIds' in changes) {
    feed.changed(await machinesOf(db, companyId));
  }
  await audit.append({
    actor: `user:${login.userId}`,
    action: 'company.changed',
    address,
    details: { companyId, name: after.name, changes },
  });
  return viewOf(deps, companyId);
}

/** All or nothing; two admins who change one company at once come one after the other. */
async function storeChange(
  db: Database,
  companyId: string,
  body: ApiRequest<'changeCompany'>['body'],
): Promise<void> {
  const { name, access, consent, assignedUserIds, assignedTeamIds } = body;
  await db.transaction(async (tx) => {
    const [row] = await tx.select().from(companies).where(eq(companies.id, companyId)).for('update');
    if (!row) throw noSuchCompany();
    await tx
      .update(companies)
      .set({ name: name ?? row.name, access: access ?? row.access, consent: consent ?? row.consent })
      .where(eq(companies.id, companyId));
    if (assignedUserIds) {
      await tx.delete(companyUsers).where(eq(companyUsers.companyId, companyId));
      const rows = [...new Set(assignedUserIds)].map((userId) => ({ companyId, userId }));
      if (rows.length > 0) await tx.insert(companyUsers).values(rows);
    }
    if (assignedTeamIds) {
      await tx.delete(companyTeams).where(eq(companyTeams.companyId, companyId));
      const rows = [...new Set(assignedTeamIds)].map((teamId) => ({ companyId, teamId }));
      if (rows.length > 0) await tx.insert(companyTeams).values(rows);
    }
  });
}

async function checkAssigned(
  db: Database,
  { assignedUserIds = [], assignedTeamIds = [] }: ApiRequest<'changeCompany'>['body'],
): Promise<void> {
  if (assignedUserIds.length > 0) {
    const found = await db.select({ id: users.id }).from(users).where(inArray(users.id, assignedUserIds));
    if (found.length < new Set(assignedUserIds).size) throw GuruError.notFound('One of these people');
  }
  if (assignedTeamIds.length > 0) {
    const found = await db.select({ id: teams.id }).from(teams).where(inArray(teams.id, assignedTeamIds));
    if (found.length < new Set(assignedTeamIds).size) throw GuruError.notFound('One of these teams');
  }
}

const COMPARED = ['name', 'access', 'consent', 'assignedUserIds', 'assignedTeamIds'] as const;

function differences(
  before: KnownCompany,
  after: KnownCompany,
): Record<string, { from: unknown; to: unknown }> {
  const changed = COMPARED.filter((key) => textOf(before[key]) !== textOf(after[key]));
  return Object.fromEntries(changed.map((key) => [key, { from: before[key], to: after[key] }]));
}

/** Assignments have no order. */
function textOf(value: unknown): string {
  return JSON.stringify(Array.isArray(value) ? [...value].sort() : value);
}

async function viewOf(deps: CompanyHandlerDeps, companyId: string): Promise<CompanyView> {
  const company = deps.directory.find(companyId);
  if (!company) throw noSuchCompany();
  return companyView(deps.directory, company, await countMachines(deps.db, companyId));
}
