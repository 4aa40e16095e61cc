import type { CompanyView, SiteView } from '@guruconnect/shared';
import type { SiteRow } from '../db/schema/machines.ts';
import type { CompanyDirectory, KnownCompany } from './company-directory.ts';
import type { MachineCounts } from './machine-counts.ts';

export function companyView(
  directory: CompanyDirectory,
  company: KnownCompany,
  counts: MachineCounts,
): CompanyView {
  const { companyId, name, access, consent, createdAt } = company;
  return {
    companyId,
    name,
    access,
    assignedUserIds: [...company.assignedUserIds],
    assignedTeamIds: [...company.assignedTeamIds],
    consent,
    machines: counts.ofCompany(companyId),
    sites: directory
      .sitesOf(companyId)
      .map((site) => siteView(site, counts))
      .sort(byName),
    createdAt,
  };
}

export function siteView(site: SiteRow, counts: MachineCounts): SiteView {
  return { siteId: site.id, companyId: site.companyId, name: site.name, machines: counts.ofSite(site.id) };
}

/** For people: case and accents do not matter, numbers count as numbers. */
export function byName(left: { name: string }, right: { name: string }): number {
  return left.name.localeCompare(right.name, 'en', { sensitivity: 'base', numeric: true });
}
