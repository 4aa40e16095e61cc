import * as z from 'zod/mini';
import { DisplayName, Id } from '../ids.ts';
import { CompanyAccess, CompanyView, ConsentPolicy, SiteView } from '../machines/company.ts';
import { InstallerView, NewInstaller } from '../machines/installer.ts';
import type { ApiRoute } from './api-route.ts';

const Done = z.object({});

/** Companies with their sites and who reaches them (A8, S4), and installers with their enrolment tokens (B1). */
export const companyRoutes = {
  listCompanies: {
    method: 'GET',
    path: '/companies',
    summary: 'Companies that I may see, with their sites',
    tag: 'Companies',
    auth: 'login',
    permission: null,
    reply: z.object({ companies: z.array(CompanyView) }),
  },
  createCompany: {
    method: 'POST',
    path: '/companies',
    summary: 'Add a company',
    tag: 'Companies',
    auth: 'login',
    permission: 'company:create',
    body: z.object({ name: DisplayName }),
    reply: CompanyView,
  },
  changeCompany: {
    method: 'PATCH',
    path: '/companies/{companyId}',
    summary: 'Change a company: its name, who reaches it, consent for unattended sessions',
    tag: 'Companies',
    auth: 'login',
    permission: 'company:change',
    body: z.object({
      name: z.optional(DisplayName),
      access: z.optional(CompanyAccess),
      assignedUserIds: z.optional(z.array(Id).check(z.maxLength(500))),
      assignedTeamIds: z.optional(z.array(Id).check(z.maxLength(100))),
      consent: z.optional(ConsentPolicy),
    }),
    reply: CompanyView,
  },
  deleteCompany: {
    method: 'DELETE',
    path: '/companies/{companyId}',
    summary: 'Delete a company without machines',
    tag: 'Companies',
    auth: 'login',
    permission: 'company:change',
    reply: Done,
  },
  createSite: {
    method: 'POST',
    path: '/companies/{companyId}/sites',
    summary: 'Add a site to a company',
    tag: 'Companies',
    auth: 'login',
    permission: 'site:change',
    body: z.object({ name: DisplayName }),
    reply: SiteView,
  },
  changeSite: {
    method: 'PATCH',
    path: '/sites/{siteId}',
    summary: 'Rename a site',
    tag: 'Companies',
    auth: 'login',
    permission: 'site:change',
    body: z.object({ name: DisplayName }),
    reply: SiteView,
  },
  deleteSite: {
    method: 'DELETE',
    path: '/sites/{siteId}',
    summary: 'Delete a site; its machines stay in the company without one',
    tag: 'Companies',
    auth: 'login',
    permission: 'site:change',
    reply: Done,
  },
  listInstallers: {
    method: 'GET',
    path: '/installers',
    summary: 'Installers of the companies that I may see',
    tag: 'Installers',
    auth: 'login',
    permission: null,
    reply: z.object({ installers: z.array(InstallerView) }),
  },
  createInstaller: {
    method: 'POST',
    path: '/installers',
    summary: 'Make an installer: an enrolment token with what it gives to its machines; shown once',
    tag: 'Installers',
    auth: 'login',
    permission: 'installer:create',
    body: NewInstaller,
    reply: z.object({ installer: InstallerView, token: z.string() }),
  },
  revokeInstaller: {
    method: 'POST',
    path: '/installers/{installerId}/revoke',
    summary: 'Revoke an installer: nobody enrols with it any more; machines that did stay',
    tag: 'Installers',
    auth: 'login',
    permission: 'installer:revoke',
    reply: InstallerView,
  },
} as const satisfies Record<string, ApiRoute>;
