import { type Actor, type CompanyTarget, type MachineRow, may } from '@guruconnect/shared';
import { compareVersions } from '../core/compare-versions.ts';
import type { MachinesDeps } from '../core/machine-features.ts';
import type { MachineDbRow } from '../db/schema/machines.ts';
import { displayName } from './machine-store.ts';

type Deps = Pick<MachinesDeps, 'companies' | 'sessions' | 'agentVersion'>;

/** Whether the machine is shown to the actor: in scope, and not removed, unless they could bring it back. */
export function isShown(
  actor: Actor,
  company: CompanyTarget | undefined,
  row: Pick<MachineDbRow, 'removedAt'>,
): boolean {
  if (!company || !may(actor, 'machine:see', company)) return false;
  return row.removedAt === null || may(actor, 'machine:remove', company);
}

/** Machines as the list shows them to the actor, without those that are not shown. */
export function machineRows(deps: Deps, actor: Actor, rows: readonly MachineDbRow[]): MachineRow[] {
  return rows.flatMap((row) => {
    const company = deps.companies.find(row.companyId);
    return company && isShown(actor, company, row) ? [machineRow(deps, actor, row, company.name)] : [];
  });
}

function machineRow(deps: Deps, actor: Actor, row: MachineDbRow, companyName: string): MachineRow {
  const { hosts, sessionId } = deps.sessions().activityOf(row.id, actor);
  const siteName = deps.companies.siteName(row.siteId);
  return {
    machineId: row.id,
    version: row.version,
    name: displayName(row),
    hostname: row.hostname,
    company: { companyId: row.companyId, name: companyName },
    site: row.siteId === null || siteName === undefined ? null : { siteId: row.siteId, name: siteName },
    department: row.department,
    deviceType: row.deviceType,
    tags: row.tags,
    osFamily: row.osFamily,
    osName: row.osName,
    user: row.loggedOnUser,
    idleMs: row.idleMs,
    online: row.online,
    seenAt: row.seenAt,
    externalIp: row.externalIp,
    internalIps: row.internalIps,
    agentVersion: row.agentVersion,
    outdated: compareVersions(row.agentVersion, deps.agentVersion) < 0,
    attention: row.attention,
    cloned: row.clonedAt !== null,
    hosts: [...hosts],
    guestConnected: row.loggedOnUser !== '',
    lastAccessedAt: row.lastAccessedAt,
    lastCheckInAt: row.lastCheckInAt,
    removedAt: row.removedAt,
    sessionId,
  };
}
