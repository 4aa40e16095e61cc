import type { CompaniesDeps, CompaniesFeature } from '../core/machine-features.ts';
import { CompanyDirectory } from './company-directory.ts';
import { createCompanyHandlers } from './company-handlers.ts';
import { createSiteHandlers } from './site-handlers.ts';
import { ensureSite } from './site-maker.ts';

/** Companies, sites, and which technicians reach them; all of them are kept in memory. */
export async function createCompaniesFeature(deps: CompaniesDeps): Promise<CompaniesFeature> {
  const directory = await CompanyDirectory.load(deps);
  const withDirectory = { ...deps, directory };
  return {
    companies: {
      find: (companyId) => directory.find(companyId),
      siteName: (siteId) => (siteId === null ? undefined : directory.site(siteId)?.name),
      scopeOf: (actor) => directory.scopeOf(actor),
      ensureSite: (companyId, name) => ensureSite(withDirectory, companyId, name),
      onChanged: (listener) => directory.onChanged(listener),
    },
    handlers: { ...createCompanyHandlers(withDirectory), ...createSiteHandlers(withDirectory) },
  };
}
