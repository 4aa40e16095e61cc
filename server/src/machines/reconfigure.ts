import { GuruError, type Reconfiguration } from '@guruconnect/shared';
import { eq, sql } from 'drizzle-orm';
import type { MachinesDeps } from '../core/machine-features.ts';
import type { SignedMachine } from '../core/machine-ports.ts';
import { machines } from '../db/schema/machines.ts';
import { type Differences, differencesOf, type LabelWishes, labelChanges } from './label-changes.ts';
import type { Refusals } from './refusals.ts';

type Deps = Pick<MachinesDeps, 'db' | 'audit' | 'companies' | 'feed'> & { refusals: Refusals };

/**
 * Changes what `--reconfigure` asks of its machine, inside its company (U9). Throws `invalid-message` for what cannot
 * be (too many sites or properties), having changed nothing: the agent shows why, and checks in without it.
 */
export async function reconfigure(
  deps: Deps,
  machine: SignedMachine,
  wanted: Reconfiguration,
  address: string,
): Promise<void> {
  try {
    const siteId = await siteOf(deps, machine.companyId, wanted.site);
    const { site: _named, ...labels } = wanted;
    const changes = await store(deps, machine, { ...labels, siteId });
    if (!changes) return;
    deps.feed.changed([machine.machineId]);
    await deps.audit.append({
      actor: `machine:${machine.machineId}`,
      action: 'machine.reconfigured',
      address,
      details: { machineId: machine.machineId, changes, ...(wanted.site ? { site: wanted.site } : {}) },
    });
  } catch (error) {
    if (!(error instanceof GuruError) || error.code !== 'conflict') throw error;
    deps.refusals.note({
      action: 'machine-request.refused',
      address,
      machineId: machine.machineId,
      details: { reason: error.message, reconfigure: wanted },
    });
    throw GuruError.invalid(error.message, error);
  }
}

/** undefined: stays; null: none. */
async function siteOf(
  { companies }: Deps,
  companyId: string,
  site: string | undefined,
): Promise<string | null | undefined> {
  if (site === undefined) return undefined;
  return (await companies.ensureSite(companyId, site)) ?? null;
}

function store(
  { db }: Deps,
  { machineId, companyId }: SignedMachine,
  wishes: LabelWishes,
): Promise<Differences | undefined> {
  return db.transaction(async (tx) => {
    // A technician may change the same machine at the same time.
    const [row] = await tx.select().from(machines).where(eq(machines.id, machineId)).for('update');
    if (!row) return undefined;
    if (row.companyId !== companyId) {
      throw new GuruError('unavailable', 'The machine was moved at this moment. Ask again.');
    }
    const set = labelChanges(row, wishes);
    if (Object.keys(set).length === 0) return undefined;
    await tx
      .update(machines)
      .set({ ...set, version: sql`${machines.version} + 1` })
      .where(eq(machines.id, machineId));
    return differencesOf(row, set);
  });
}
