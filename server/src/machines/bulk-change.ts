import { type Actor, type ApiBody, GuruError, may } from '@guruconnect/shared';
import { eq, inArray, sql } from 'drizzle-orm';
import { toStorable } from '../core/canonical-json.ts';
import type { Login } from '../core/ports.ts';
import type { Database } from '../db/database.ts';
import { machineThumbnails } from '../db/schema/machine-thumbnails.ts';
import { type MachineDbRow, machines, sites } from '../db/schema/machines.ts';
import { type BulkChange, type BulkColumns, type BulkPlan, planOf } from './bulk-plan.ts';
import { requireRight, requireShown, requireThere } from './machine-access.ts';
import type { DetailsDeps } from './machine-details.ts';
import { displayName } from './machine-store.ts';
import { tellLabels } from './tell-labels.ts';

type Transaction = Parameters<Parameters<Database['transaction']>[0]>[0];
interface Edited {
  readonly row: MachineDbRow;
  readonly set: BulkColumns;
}

/** Machines named in one row of the audit log. */
const MACHINES_PER_ENTRY = 100;

/**
 * Changes many machines, all or none; returns how many were not so already. Throws `not-found` when one of them is not
 * shown to whoever asks, `not-allowed` when one may not be changed by them.
 */
export async function changeMachines(
  deps: DetailsDeps,
  body: ApiBody<'changeMachines'>,
  login: Login,
  address: string,
): Promise<number> {
  const machineIds = [...new Set(body.machineIds)];
  const change = toStorable(body.change) as BulkChange;
  const plan = planOf(deps, change, login);
  const edited = await deps.db.transaction(async (tx) => {
    const rows = await readShown(deps, tx, login.actor, plan, machineIds);
    if (change.kind === 'move') await checkTarget(deps, tx, login.actor, change);
    const changed = rows
      .map((row) => ({ row, set: plan.columnsFor(row) }))
      .filter(({ set }) => Object.keys(set).length > 0);
    await write(tx, changed);
    if (change.kind === 'remove') await forgetPictures(tx, changed);
    return changed;
  });
  if (edited.length === 0) return 0;
  const ids = edited.map(({ row }) => row.id);
  if (change.kind === 'remove') await cutOff(deps, ids);
  deps.feed.changed(ids, plan.feedKind);
  if (plan.isLabel) tellLabels(deps, ids);
  await audit(deps, plan, edited, `user:${login.userId}`, address);
  return edited.length;
}

async function checkTarget(
  { companies }: DetailsDeps,
  tx: Transaction,
  actor: Actor,
  { companyId, siteId }: BulkChange & { kind: 'move' },
): Promise<void> {
  const company = companies.find(companyId);
  if (!company || !may(actor, 'company:see', company)) throw GuruError.notFound('This company');
  requireRight(actor, 'machine:move', company);
  if (siteId === null) return;
  const [site] = await tx.select().from(sites).where(eq(sites.id, siteId));
  if (site?.companyId !== companyId) throw GuruError.notFound('This site');
}

/** Locked in one order, so that two people who change the same machines at once do not wait for each other. */
async function readShown(
  { companies }: DetailsDeps,
  tx: Transaction,
  actor: Actor,
  plan: BulkPlan,
  machineIds: readonly string[],
): Promise<MachineDbRow[]> {
  const found = await tx
    .select()
    .from(machines)
    .where(inArray(machines.id, [...machineIds]))
    .orderBy(machines.id)
    .for('update');
  const byId = new Map(found.map((row) => [row.id, row]));
  return machineIds.map((machineId) => {
    const { row, company } = requireShown(companies, actor, byId.get(machineId));
    requireRight(actor, plan.action, company);
    if (!plan.isForRemoved) requireThere(row);
    return row;
  });
}

/** One statement: columns are the same for all, but for tags. */
async function write(tx: Transaction, edited: readonly Edited[]): Promise<void> {
  const [first] = edited;
  if (!first) return;
  if (first.set.tags) {
    const tags = edited.map(({ row, set }) => ({ id: row.id, tags: set.tags }));
    await tx.execute(sql`
      UPDATE machines SET
        tags = ARRAY(SELECT jsonb_array_elements_text(new.tags)), version = machines.version + 1
      FROM jsonb_to_recordset(${JSON.stringify(tags)}::jsonb) AS new (id uuid, tags jsonb)
      WHERE machines.id = new.id`);
    return;
  }
  await tx
    .update(machines)
    .set({ ...first.set, version: sql`${machines.version} + 1` })
    .where(
      inArray(
        machines.id,
        edited.map(({ row }) => row.id),
      ),
    );
}

/** Whoever gave the machine away did not leave the picture of its screen behind. */
async function forgetPictures(tx: Transaction, edited: readonly Edited[]): Promise<void> {
  const gone = edited.map(({ row }) => row.id);
  await tx.delete(machineThumbnails).where(inArray(machineThumbnails.machineId, gone));
}

/** Ends what is open on machines that go, then their lines. A failure is no reason to keep the machine. */
async function cutOff({ sessions, lines, log }: DetailsDeps, machineIds: readonly string[]): Promise<void> {
  for (const machineId of machineIds) {
    try {
      await sessions().endAll(machineId);
    } catch (error) {
      log.error({ err: error, machineId }, 'sessions of a removed machine were not ended');
    }
    lines().drop(machineId);
  }
}

async function audit(
  deps: DetailsDeps,
  plan: BulkPlan,
  edited: readonly Edited[],
  actor: string,
  address: string,
): Promise<void> {
  for (let from = 0; from < edited.length; from += MACHINES_PER_ENTRY) {
    await deps.audit.append({
      actor,
      action: plan.auditAction,
      address,
      details: { machines: edited.slice(from, from + MACHINES_PER_ENTRY).map(entryOf) },
    });
  }
}

function entryOf({ row, set }: Edited): Record<string, unknown> {
  const changes = Object.entries(set).map(([key, to]) => [key, { from: row[key as keyof BulkColumns], to }]);
  return { machineId: row.id, name: displayName(row), changes: Object.fromEntries(changes) };
}
