import { type Actor, GuruError, may, type SiteView } from '@guruconnect/shared';
import { eq } from 'drizzle-orm';
import type { ApiHandlers, ApiRequest } from '../core/api-handlers.ts';
import { newId } from '../core/secrets.ts';
import { type SiteRow, sites } from '../db/schema/machines.ts';
import type { CompanyHandlerDeps } from './company-deps.ts';
import type { CompanyDirectory, KnownCompany } from './company-directory.ts';
import { noSuchCompany, noSuchSite, refuseTakenName } from './company-errors.ts';
import { siteView } from './company-views.ts';
import { countMachines, touchMachines } from './machine-counts.ts';

type Handlers = Pick<ApiHandlers, 'createSite' | 'changeSite' | 'deleteSite'>;

const NAME_TAKEN = 'This company has a site of this name already.';

/** Sites of companies. */
export function createSiteHandlers(deps: CompanyHandlerDeps): Handlers {
  const { db, directory, audit, feed } = deps;
  return {
    createSite: (request) => createSite(deps, request),
    changeSite: async ({ params, body, login, address }) => {
      const { site, company } = changeableSite(directory, login.actor, params.siteId);
      const changed = await refuseTakenName(
        db.update(sites).set({ name: body.name }).where(eq(sites.id, site.id)).returning(),
        NAME_TAKEN,
      );
      const [after] = changed;
      if (!after) throw noSuchSite();
      await directory.refresh(company.companyId);
      feed.changed(await touchMachines(db, { siteId: site.id }));
      await audit.append({
        actor: `user:${login.userId}`,
        action: 'site.changed',
        address,
        details: {
          companyId: company.companyId,
          siteId: site.id,
          changes: { name: { from: site.name, to: after.name } },
        },
      });
      return siteView(after, await countMachines(db, company.companyId));
    },
    deleteSite: async ({ params, login, address }) => {
      const { site, company } = changeableSite(directory, login.actor, params.siteId);
      // Before the site goes, for afterwards nobody knows whose it was.
      const machineIds = await touchMachines(db, { siteId: site.id });
      const deleted = await db.delete(sites).where(eq(sites.id, site.id)).returning({ id: sites.id });
      if (deleted.length === 0) throw noSuchSite();
      await directory.refresh(company.companyId);
      feed.changed(machineIds);
      await audit.append({
        actor: `user:${login.userId}`,
        action: 'site.deleted',
        address,
        details: {
          companyId: company.companyId,
          siteId: site.id,
          name: site.name,
          machines: machineIds.length,
        },
      });
      return {};
    },
  };
}

async function createSite(
  deps: CompanyHandlerDeps,
  { params, body, login, address }: ApiRequest<'createSite'>,
): Promise<SiteView> {
  const { db, directory, audit, clock } = deps;
  const company = directory.find(params.companyId);
  if (!company || !may(login.actor, 'company:see', company)) throw noSuchCompany();
  if (!may(login.actor, 'site:change', company)) throw GuruError.notAllowed('add sites to this company');
  const { companyId } = company;
  const site: SiteRow = { id: newId(), companyId, name: body.name, createdAt: clock.now() };
  await refuseTakenName(db.insert(sites).values(site), NAME_TAKEN);
  await directory.refresh(companyId);
  await audit.append({
    actor: `user:${login.userId}`,
    action: 'site.created',
    address,
    details: { companyId, siteId: site.id, name: site.name },
  });
  return siteView(site, await countMachines(db, companyId));
}

/** Sites of hidden companies answer as sites that are not there. */
function changeableSite(
  directory: CompanyDirectory,
  actor: Actor,
  siteId: string,
): { site: SiteRow; company: KnownCompany } {
  const site = directory.site(siteId);
  const company = site && directory.find(site.companyId);
  if (!site || !company || !may(actor, 'company:see', company)) throw noSuchSite();
  if (!may(actor, 'site:change', company)) throw GuruError.notAllowed('change sites of this company');
  return { site, company };
}
