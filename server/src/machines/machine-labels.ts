import type { MachineLabels } from '@guruconnect/shared';
import type { Companies } from '../core/machine-ports.ts';
import type { MachineDbRow } from '../db/schema/machines.ts';
import { displayName } from './machine-store.ts';

/** How the server names a machine, for its agent to show. */
export function labelsOf(
  companies: Companies,
  row: Pick<
    MachineDbRow,
    'name' | 'hostname' | 'companyId' | 'siteId' | 'department' | 'deviceType' | 'tags' | 'properties'
  >,
): MachineLabels {
  return {
    name: displayName(row),
    company: companies.find(row.companyId)?.name ?? '',
    site: companies.siteName(row.siteId) ?? '',
    department: row.department,
    deviceType: row.deviceType,
    tags: row.tags,
    properties: row.properties,
  };
}
