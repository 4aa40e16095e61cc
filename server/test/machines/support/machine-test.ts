import type { ApiReply } from '@guruconnect/shared';
import { afterAll, beforeAll, vi } from 'vitest';
import { createShiftedClock, type ShiftedClock } from '../../sessions/support/shifted-clock.ts';
import { type Stage, setStage } from '../../sessions/support/stage.ts';
import type { DatabaseKind } from '../../support/test-databases.ts';
import { enrolMachine, type FakeMachine, type FakeMachineOptions, makeInstaller } from './enrol-machine.ts';

const WAIT = { timeout: 10_000, interval: 20 };

type AuditEntry = ApiReply<'listAudit'>['entries'][number];

/** A server with a company whose installer never ends, for the tests of one `describe`. */
export interface MachineTest {
  readonly stage: Stage;
  /** The server's. */
  readonly clock: ShiftedClock;
  readonly companyId: string;
  readonly token: string;
  enrol(options?: FakeMachineOptions): Promise<FakeMachine>;
  /** As an administrator sees the machine. */
  details(machineId: string): Promise<ApiReply<'getMachine'>>;
  /** The newest entries of that action, newest first. */
  audit(action: string): Promise<AuditEntry[]>;
  /** The newest entry of that action that fits, once it is written: answers to machines do not wait for it. */
  audited(action: string, fits: (entry: AuditEntry) => boolean): Promise<AuditEntry>;
}

export function machineTest(kind?: DatabaseKind): MachineTest {
  const clock = createShiftedClock();
  const held: { stage?: Stage; companyId?: string; token?: string } = {};
  const of = <K extends keyof typeof held>(key: K): NonNullable<(typeof held)[K]> => {
    const value = held[key];
    if (value === undefined) throw new Error('The stage is not set.');
    return value;
  };
  beforeAll(async () => {
    held.stage = await setStage({ kind, clock });
    Object.assign(held, await makeInstaller(held.stage.admin.client));
  });
  afterAll(() => held.stage?.close());
  const audit: MachineTest['audit'] = async (action) => {
    const { entries } = await of('stage').admin.client.call('listAudit', { query: { limit: 500 } });
    return entries.filter((entry) => entry.action === action);
  };
  return {
    clock,
    get stage() {
      return of('stage');
    },
    get companyId() {
      return of('companyId');
    },
    get token() {
      return of('token');
    },
    enrol: (options) => enrolMachine(of('stage').url, of('token'), options),
    details: (machineId) => of('stage').admin.client.call('getMachine', { params: { machineId } }),
    audit,
    audited: (action, fits) =>
      vi.waitFor(async () => {
        const entries = await audit(action);
        const found = entries.find(fits);
        if (!found) throw new Error(`No such entry: ${JSON.stringify(entries.slice(0, 3))}`);
        return found;
      }, WAIT),
  };
}
