import { GuruError } from '@guruconnect/shared';
import { and, eq, lt, lte, sql } from 'drizzle-orm';
import type { ApiHandler, ApiRequest } from '../core/api-handlers.ts';
import { toStorable } from '../core/canonical-json.ts';
import { KeyedBuckets } from '../core/keyed-buckets.ts';
import type { MachinesDeps } from '../core/machine-features.ts';
import type { SignedMachine } from '../core/machine-ports.ts';
import { type MachineDbRow, machines } from '../db/schema/machines.ts';
import { agentSettings } from './agent-settings.ts';
import { columnsOf } from './inventory-columns.ts';
import type { FullMachineGate } from './machine-gate.ts';
import { labelsOf } from './machine-labels.ts';
import type { MachineStore } from './machine-store.ts';
import type { PendingWork } from './pending-work.ts';
import { reconfigure } from './reconfigure.ts';
import type { Refusals } from './refusals.ts';

/** One machine that went wrong must not keep the database busy. */
const CHECK_INS = { capacity: 60, refillPerSecond: 1 };

export interface CheckInDeps extends MachinesDeps {
  readonly store: MachineStore;
  readonly gate: FullMachineGate;
  readonly refusals: Refusals;
  readonly pending: PendingWork;
}

type Report = ApiRequest<'checkIn'>['body'];

/** Columns that a check-in is answered from. */
const ANSWERED = {
  name: machines.name,
  companyId: machines.companyId,
  siteId: machines.siteId,
  department: machines.department,
  deviceType: machines.deviceType,
  tags: machines.tags,
  properties: machines.properties,
  hostname: machines.hostname,
  inventoryHash: machines.inventoryHash,
};

/** Stores what a machine reports of itself, and tells it what is wanted. One write when nothing is new. */
export function createCheckIn(deps: CheckInDeps): ApiHandler<'checkIn'> {
  const { db, clock, feed, gate, store, pending } = deps;
  const budgets = new KeyedBuckets(CHECK_INS);

  return async ({ body, machine, address }) => {
    const { machineId, requestMs } = machine;
    const now = clock.now();
    const budget = budgets.of(machineId, now);
    if (!budget.take(now)) throw GuruError.tooManyRequests(budget.secondsUntilNext(now));
    const report = toStorable(body) as Report;
    if (report.reconfigure) {
      if (!(await store.storeTime(machineId, requestMs))) throw gate.replayed(machineId, address);
      await reconfigure(deps, machine, report.reconfigure, address);
    }
    const news = newsOf(machine.reported, report, address);
    const [after] = await db
      .update(machines)
      .set({
        ...news,
        ...(Object.keys(news).length > 0 ? { version: sql`${machines.version} + 1` } : {}),
        status: report.status,
        agentVersion: report.agentVersion,
        loggedOnUser: report.status.user,
        externalIp: address,
        idleMs: storableIdle(report.status.idleMs),
        lastRequestMs: requestMs,
        lastCheckInAt: now,
        ...(report.status.user === '' ? {} : { guestLastConnectedAt: now }),
      })
      .where(
        and(
          eq(machines.id, machineId),
          report.reconfigure ? lte(machines.lastRequestMs, requestMs) : lt(machines.lastRequestMs, requestMs),
        ),
      )
      .returning(ANSWERED);
    if (!after) throw gate.replayed(machineId, address);
    pending.told(machineId);
    if (report.commandResults) await deps.commandsAnswered(machineId, report.commandResults);
    if (Object.keys(news).length > 0) feed.changed([machineId]);
    return {
      serverTime: now,
      ...(await agentSettings(deps)),
      wantsInventory: after.inventoryHash !== report.inventoryHash,
      labels: labelsOf(deps.companies, after),
      wake: deps.takeWakes(machineId),
      commands: await deps.takeCommands(machineId),
    };
  };
}

/** Columns to set because people see something new. Idle time and free space change all the time, and are no news. */
function newsOf(before: SignedMachine['reported'], report: Report, address: string): Partial<MachineDbRow> {
  const { inventory, inventoryHash, agentVersion, status } = report;
  const isNew = inventory !== undefined && inventoryHash !== before.inventoryHash;
  const columns = isNew ? { ...columnsOf(inventory), inventory, inventoryHash } : {};
  return {
    ...columns,
    ...('hostname' in columns && columns.hostname === '' ? { hostname: before.hostname } : {}),
    ...(agentVersion === before.agentVersion ? {} : { agentVersion }),
    ...(status.user === before.loggedOnUser ? {} : { loggedOnUser: status.user }),
    ...(address === before.externalIp ? {} : { externalIp: address }),
    ...(idleStep(status.idleMs) === idleStep(before.idleMs) ? {} : { idleMs: storableIdle(status.idleMs) }),
  };
}

const IDLE_STEPS_MS = [5 * 60_000, 60 * 60_000];

/** Whether somebody works at the machine, is away for a while, or is gone; null when that is unknown. */
function idleStep(idleMs: number | null): number | null {
  return idleMs === null ? null : IDLE_STEPS_MS.filter((step) => idleMs >= step).length;
}

/** Whole milliseconds, as the column takes them. */
function storableIdle(idleMs: number | null): number | null {
  return idleMs === null ? null : Math.min(Math.round(idleMs), Number.MAX_SAFE_INTEGER);
}
