import type { MachineInfo } from '@guruconnect/shared';
import { and, eq, lt } from 'drizzle-orm';
import type { MachineSummary, SignedMachine } from '../core/machine-ports.ts';
import type { Database } from '../db/database.ts';
import { type MachineDbRow, machines } from '../db/schema/machines.ts';

/** What of a row the summary is made of: without the inventory, which is large. */
const SUMMARY = {
  id: machines.id,
  publicKey: machines.publicKey,
  companyId: machines.companyId,
  name: machines.name,
  hostname: machines.hostname,
  osFamily: machines.osFamily,
  osName: machines.osName,
  agentVersion: machines.agentVersion,
  loggedOnUser: machines.loggedOnUser,
  removedAt: machines.removedAt,
};

const REPORTED = {
  hostname: machines.hostname,
  agentVersion: machines.agentVersion,
  loggedOnUser: machines.loggedOnUser,
  idleMs: machines.idleMs,
  externalIp: machines.externalIp,
  inventoryHash: machines.inventoryHash,
};

/** Reads of single machines. */
export class MachineStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async summary(machineId: string): Promise<MachineSummary | undefined> {
    const [row] = await this.#db.select(SUMMARY).from(machines).where(eq(machines.id, machineId));
    return row && summaryOf(row);
  }

  /** A machine that says it signed something, with what it reported last. */
  async signer(machineId: string): Promise<(MachineSummary & Pick<SignedMachine, 'reported'>) | undefined> {
    const [row] = await this.#db
      .select({ ...SUMMARY, ...REPORTED })
      .from(machines)
      .where(eq(machines.id, machineId));
    if (!row) return undefined;
    const { hostname, agentVersion, loggedOnUser, idleMs, externalIp, inventoryHash } = row;
    const reported = { hostname, agentVersion, loggedOnUser, idleMs, externalIp, inventoryHash };
    return { ...summaryOf(row), reported };
  }

  async row(machineId: string): Promise<MachineDbRow | undefined> {
    const [row] = await this.#db.select().from(machines).where(eq(machines.id, machineId));
    return row;
  }

  async byKey(publicKey: string): Promise<MachineDbRow | undefined> {
    const [row] = await this.#db.select().from(machines).where(eq(machines.publicKey, publicKey));
    return row;
  }

  /** Stores the time of a signed request; false when a request of that time or later was there before. */
  async storeTime(machineId: string, requestMs: number): Promise<boolean> {
    const used = await this.#db
      .update(machines)
      .set({ lastRequestMs: requestMs })
      .where(and(eq(machines.id, machineId), lt(machines.lastRequestMs, requestMs)))
      .returning({ id: machines.id });
    return used.length > 0;
  }
}

/** The name that people see: the given one, or that of the computer. */
export function displayName(row: Pick<MachineDbRow, 'name' | 'hostname'>): string {
  return row.name === '' ? row.hostname : row.name;
}

function summaryOf(row: Pick<MachineDbRow, keyof typeof SUMMARY>): MachineSummary {
  const info: MachineInfo = {
    hostname: row.hostname,
    user: row.loggedOnUser,
    os: row.osFamily,
    osName: row.osName,
    agentVersion: row.agentVersion,
    // Always-on agents run as a service of the system.
    elevated: true,
  };
  return {
    machineId: row.id,
    name: displayName(row),
    publicKey: row.publicKey,
    companyId: row.companyId,
    isRemoved: row.removedAt !== null,
    info,
  };
}
