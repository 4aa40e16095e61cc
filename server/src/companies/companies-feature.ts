import { GuruError } from '@guruconnect/shared';
import type { CompaniesDeps, CompaniesFeature } from '../core/machine-features.ts';

const later = async (): Promise<never> => {
  throw new GuruError('unavailable', 'Not there yet.');
};

/** Companies, sites, and which technicians reach them; all of them are kept in memory. */
export async function createCompaniesFeature(_deps: CompaniesDeps): Promise<CompaniesFeature> {
  return {
    companies: {
      find: () => undefined,
      siteName: () => undefined,
      scopeOf: () => 'all',
      ensureSite: later,
      onChanged: () => () => undefined,
    },
    handlers: {
      listCompanies: later,
      createCompany: later,
      changeCompany: later,
      deleteCompany: later,
      createSite: later,
      changeSite: later,
      deleteSite: later,
    },
  };
}
