import { and, eq, isNotNull, sql } from 'drizzle-orm';
import type { ApiRequest } from '../core/api-handlers.ts';
import type { MachinesDeps } from '../core/machine-features.ts';
import { newId } from '../core/secrets.ts';
import type { Database } from '../db/database.ts';
import { type InstallerRow, type MachineDbRow, machines } from '../db/schema/machines.ts';
import { countUse } from './count-use.ts';
import type { MachineStore } from './machine-store.ts';
import type { Refusals } from './refusals.ts';

export interface EnrolmentDeps extends MachinesDeps {
  readonly store: MachineStore;
  readonly refusals: Refusals;
}

/** What a computer sends of itself. */
export type Enrolment = ApiRequest<'enrolMachine'>['body'];
export type EnrolmentOutcome = 'enrolled' | 'came back' | 'was enrolled';

interface Candidate {
  readonly body: Enrolment;
  /** The row that has this key already. */
  readonly known: MachineDbRow | undefined;
  readonly installer: InstallerRow;
  readonly siteId: string | null;
  readonly address: string;
}

type Transaction = Parameters<Parameters<Database['transaction']>[0]>[0];

/** Thrown inside the transaction, so that the installer's use is not counted. */
class EnrolledMeanwhile extends Error {}

/** Stores a machine and counts the installer's use, both or none; undefined when the installer has none left. */
export async function storeEnrolled(
  deps: EnrolmentDeps,
  candidate: Candidate,
): Promise<{ machine: MachineDbRow; outcome: EnrolmentOutcome } | undefined> {
  try {
    return await deps.db.transaction(async (tx) => {
      if (!(await countUse(tx, candidate.installer.id, deps.clock.now()))) return undefined;
      const { known } = candidate;
      if (known && known.companyId === candidate.installer.companyId) {
        return { machine: await bringBack(tx, known, candidate), outcome: 'came back' as const };
      }
      if (known) await giveUpKey(tx, known.id);
      return { machine: await insert(tx, deps, candidate), outcome: 'enrolled' as const };
    });
  } catch (error) {
    if (!(error instanceof EnrolledMeanwhile)) throw error;
    // The same computer asked twice at once.
    const machine = await deps.store.byKey(candidate.body.publicKey);
    return machine && { machine, outcome: 'was enrolled' };
  }
}

/** A removed machine keeps what people gave it. */
async function bringBack(
  tx: Transaction,
  known: MachineDbRow,
  { body, installer, address }: Candidate,
): Promise<MachineDbRow> {
  const [machine] = await tx
    .update(machines)
    .set({
      removedAt: null,
      version: sql`${machines.version} + 1`,
      installerId: installer.id,
      hardwareId: body.hardwareId,
      hostname: body.hostname,
      osFamily: body.osFamily,
      agentVersion: body.agentVersion,
      externalIp: address,
      clonedAt: null,
    })
    .where(and(eq(machines.id, known.id), isNotNull(machines.removedAt)))
    .returning();
  if (!machine) throw new EnrolledMeanwhile();
  return machine;
}

/**
 * A machine that was removed from one company and enrols in another is a new one there: its history, notes and
 * properties are the first company's and stay with it.
 */
async function giveUpKey(tx: Transaction, machineId: string): Promise<void> {
  const given = await tx
    .update(machines)
    .set({ publicKey: lostKeyOf(machineId) })
    .where(and(eq(machines.id, machineId), isNotNull(machines.removedAt)))
    .returning({ id: machines.id });
  if (given.length === 0) throw new EnrolledMeanwhile();
}

const LOST_KEY = 'lost:';

function lostKeyOf(machineId: string): string {
  return LOST_KEY + machineId;
}

/** Whether the computer of this row has enrolled elsewhere: it can never connect again. */
export function hasLostKey(row: Pick<MachineDbRow, 'publicKey'>): boolean {
  return row.publicKey.startsWith(LOST_KEY);
}

async function insert(
  tx: Transaction,
  { clock }: EnrolmentDeps,
  { body, installer, siteId, address }: Candidate,
): Promise<MachineDbRow> {
  const [machine] = await tx
    .insert(machines)
    .values({
      id: newId(),
      publicKey: body.publicKey,
      hardwareId: body.hardwareId,
      version: 1,
      companyId: installer.companyId,
      siteId,
      installerId: installer.id,
      name: installer.machineName,
      department: installer.department,
      deviceType: installer.deviceType,
      tags: installer.tags,
      notes: '',
      properties: {},
      hostname: body.hostname,
      osFamily: body.osFamily,
      osName: '',
      osBuild: '',
      manufacturer: '',
      model: '',
      serial: '',
      serviceTag: '',
      agentVersion: body.agentVersion,
      loggedOnUser: '',
      internalIps: [],
      macs: [],
      externalIp: address,
      lastRequestMs: 0,
      online: false,
      firstSeenAt: clock.now(),
    })
    .onConflictDoNothing({ target: machines.publicKey })
    .returning();
  if (!machine) throw new EnrolledMeanwhile();
  return machine;
}
