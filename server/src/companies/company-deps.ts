import type { CompaniesDeps } from '../core/machine-features.ts';
import type { CompanyDirectory } from './company-directory.ts';

/** What changes companies and sites. */
export interface CompanyHandlerDeps extends CompaniesDeps {
  readonly directory: CompanyDirectory;
}
