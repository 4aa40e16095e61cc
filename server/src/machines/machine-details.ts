import { type Actor, type MachineDetails, may } from '@guruconnect/shared';
import { and, eq } from 'drizzle-orm';
import type { MachinesDeps } from '../core/machine-features.ts';
import type { CompanyInfo } from '../core/machine-ports.ts';
import { installers, type MachineDbRow } from '../db/schema/machines.ts';
import { sessions } from '../db/schema/sessions.ts';
import { noSuchMachine, requireShown } from './machine-access.ts';
import type { MachineStore } from './machine-store.ts';
import { machineRows } from './machine-views.ts';
import type { PendingWork } from './pending-work.ts';
import type { ThumbnailStore } from './thumbnail-store.ts';
import type { WakePeers } from './wake-peers.ts';

export interface DetailsDeps extends MachinesDeps {
  readonly store: MachineStore;
  readonly pending: PendingWork;
  readonly wakePeers: WakePeers;
  readonly thumbnails: ThumbnailStore;
}

/** Everything about one machine, as far as the actor is shown it. Throws `not-found`. */
export async function machineDetails(
  deps: DetailsDeps,
  actor: Actor,
  machineId: string,
): Promise<MachineDetails> {
  const { row, company } = requireShown(deps.companies, actor, await deps.store.row(machineId));
  const [view] = machineRows(deps, actor, [row]);
  if (!view) throw noSuchMachine();
  return {
    row: view,
    inventory: row.inventory,
    status: row.status,
    macs: row.macs,
    properties: row.properties,
    notes: row.notes,
    firstSeenAt: row.firstSeenAt,
    guestLastConnectedAt: row.guestLastConnectedAt,
    bootedAt: row.bootedAt,
    installer: may(actor, 'installer:list', company) ? await installerOf(deps, row) : null,
    consent: company.consent,
    pending: await pendingOf(deps, row),
    canBeWoken: !row.online && row.removedAt === null && (await deps.wakePeers.of(row)).length > 0,
    rights: rightsOf(actor, company, row),
    ...(await deliveryOf(deps, row, view.outdated)),
    ...(deps.settings.current().machineThumbnails ? { thumbnail: await deps.thumbnails.about(row.id) } : {}),
  };
}

/** An agent that is older than this server, and that nothing here makes newer, is for people to update. */
async function deliveryOf(
  deps: DetailsDeps,
  row: MachineDbRow,
  isOutdated: boolean,
): Promise<Pick<MachineDetails, 'update' | 'command' | 'openRequests'>> {
  const { update, ...others } = await deps.deliveryOf(row);
  if (update && !(isOutdated && update.state === 'current')) return { update, ...others };
  const reason = isOutdated ? 'This server has no newer version to give it. Install one there.' : '';
  return { update: { state: isOutdated ? 'outdated' : 'current', reason }, ...others };
}

function rightsOf(actor: Actor, company: CompanyInfo, row: MachineDbRow): MachineDetails['rights'] {
  const isThere = row.removedAt === null;
  return {
    connect: isThere && may(actor, 'machine:connect', company),
    wake: isThere && may(actor, 'machine:wake', company),
    edit: isThere && may(actor, 'machine:edit', company),
    move: isThere && may(actor, 'machine:move', company),
    remove: may(actor, 'machine:remove', company),
    command: isThere && may(actor, 'machine:command', company),
  };
}

async function installerOf({ db }: DetailsDeps, row: MachineDbRow): Promise<MachineDetails['installer']> {
  if (row.installerId === null) return null;
  const [installer] = await db
    .select({ installerId: installers.id, name: installers.name })
    .from(installers)
    .where(eq(installers.id, row.installerId));
  return installer ?? null;
}

async function pendingOf(
  { db, pending, wakingSince }: DetailsDeps,
  row: MachineDbRow,
): Promise<MachineDetails['pending']> {
  const list: MachineDetails['pending'] = [];
  const starting = await db
    .select({ createdAt: sessions.createdAt })
    .from(sessions)
    .where(and(eq(sessions.machineId, row.id), eq(sessions.phase, 'waiting')));
  for (const { createdAt } of starting) list.push({ what: 'session', since: createdAt });
  const since = wakingSince(row.id);
  if (since !== undefined) list.push({ what: 'wake', since });
  const relabelledAt = pending.relabelledAt(row.id);
  if (relabelledAt !== undefined) list.push({ what: 'reconfigure', since: relabelledAt });
  return list;
}
