import {
  type ApiReply,
  DEFAULT_SETTINGS,
  type DeploymentSettings,
  type MachineDetails,
  type UpdateReport,
} from '@guruconnect/shared';
import { eq, sql } from 'drizzle-orm';
import type { UpdatesFeature } from '../../../src/core/delivery-features.ts';
import type { MachineLines, SignedMachine } from '../../../src/core/machine-ports.ts';
import type { AuditEvent, Login } from '../../../src/core/ports.ts';
import { newId } from '../../../src/core/secrets.ts';
import type { DatabaseHandle } from '../../../src/db/database.ts';
import { machines } from '../../../src/db/schema/machines.ts';
import { Nudger } from '../../../src/updates/nudger.ts';
import { Rollout } from '../../../src/updates/rollout.ts';
import { createUpdatesFeature } from '../../../src/updates/updates-feature.ts';
import { createFakeLines } from '../../sessions/support/fake-lines.ts';
import { openTestDatabase } from '../../support/open-test-database.ts';
import { SILENT } from '../../support/start-test-server.ts';
import { createTestClock, type TestClock } from '../../support/test-clock.ts';
import type { DatabaseKind } from '../../support/test-databases.ts';

export interface FakeRelease {
  version: string;
  manifestSha256: string;
}

/** The updates of a server on a real database, with releases, lines and time held by the test. */
export interface UpdateStage {
  readonly handle: DatabaseHandle;
  readonly clock: TestClock;
  /** What wakes the feature for its own rounds: apart from the time of day, since those would run beside `nudge`. */
  readonly timers: TestClock;
  readonly audit: AuditEvent[];
  /** What machines that are online were told of, in order. */
  readonly told: { machineId: string; version: string }[];
  /** The release that is handed out; none at first. */
  release: FakeRelease | undefined;
  settings(changes: Partial<DeploymentSettings>): void;
  /** Machines of these versions, online unless told otherwise; returns their ids. */
  addMachines(count: number, options?: Partial<NewMachines>): Promise<string[]>;
  ask(machineId: string): Promise<ApiReply<'agentUpdate'>>;
  /** Asks for many at once; returns those that are wanted. */
  askAll(machineIds: readonly string[]): Promise<string[]>;
  report(machineId: string, outcome: UpdateReport['outcome'], changes?: Partial<UpdateReport>): Promise<void>;
  overview(): Promise<ApiReply<'getUpdates'>>;
  retry(machineIds: readonly string[]): Promise<number>;
  stateOf(machineId: string): Promise<MachineDetails['update']>;
  /** No machines, no roll-outs, no release, the settings that a new deployment has. */
  clear(): Promise<void>;
  /** A server stops and another one begins with the same data. */
  restart(): Promise<void>;
  /** One round of telling machines; returns how many were told. */
  nudge(): Promise<number>;
  close(): Promise<void>;
}

interface NewMachines {
  readonly version: string;
  readonly os: 'windows' | 'linux';
  readonly tags: readonly string[];
  readonly online: boolean;
}

export function releaseOf(version: string, seed = version): FakeRelease {
  return { version, manifestSha256: Buffer.from(seed).toString('hex').padEnd(64, '0').slice(0, 64) };
}

export async function setUpdateStage(kind: DatabaseKind): Promise<UpdateStage> {
  const files = await kind.create();
  const handle = await openTestDatabase(files);
  const { db } = handle;
  const clock = createTestClock(Date.parse('2026-06-01T12:00:00Z'));
  const timers = createTestClock(clock.now());
  const audit: AuditEvent[] = [];
  const told: UpdateStage['told'] = [];
  const online = new Set<string>();
  const listeners = new Set<(settings: DeploymentSettings) => void>();
  let settings = DEFAULT_SETTINGS;
  const lines: MachineLines = {
    ...createFakeLines(),
    isOnline: (machineId) => online.has(machineId),
    update: (machineId, { version }) => {
      if (!online.has(machineId)) return false;
      told.push({ machineId, version });
      return true;
    },
  };
  const companyId = newId();
  await db.execute(sql`INSERT INTO companies (id, name, access, consent, created_at)
    VALUES (${companyId}, 'Acme', 'everyone', '{}', now())`);

  const common = {
    db,
    clock,
    audit: { append: async (event: AuditEvent) => void audit.push(event) },
    settings: {
      current: () => settings,
      onChanged: (listener: (settings: DeploymentSettings) => void) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    lines: () => lines,
  };
  const nudger = new Nudger({ ...common, rollout: new Rollout(common) });
  const begin = (): UpdatesFeature =>
    createUpdatesFeature({
      ...common,
      clock: {
        now: () => clock.now(),
        after: (ms, task) => timers.after(ms, task),
        every: (ms, task) => timers.every(ms, task),
      },
      log: SILENT,
      companies: unused('companies'),
      machines: unused('machines'),
      people: unused('people'),
      keys: unused('keys'),
      gate: { once: async () => undefined },
      releases: {
        windows: async () => stage.release,
      },
      feed: { changed: () => undefined, onChanged: () => () => undefined },
    });

  async function signer(machineId: string): Promise<SignedMachine> {
    const [row] = await db.select().from(machines).where(eq(machines.id, machineId));
    if (!row) throw new Error('There is no such machine.');
    const info = {
      hostname: row.hostname,
      user: '',
      os: row.osFamily,
      osName: '',
      agentVersion: row.agentVersion,
      elevated: true,
    };
    return {
      machineId,
      name: row.hostname,
      publicKey: row.publicKey,
      companyId,
      isRemoved: false,
      info,
      requestMs: 1,
      reported: row,
    };
  }
  const request = {
    params: {},
    query: undefined,
    address: '192.0.2.1',
    userAgent: '',
    origin: undefined,
    loginCookie: { set: () => undefined, clear: () => undefined },
  };
  const ofMachine = async (machineId: string) => ({
    ...request,
    login: undefined,
    machine: await signer(machineId),
  });
  const ofAdmin = { ...request, login: ADMIN_LOGIN, machine: undefined };
  let feature = begin();

  const stage: UpdateStage = {
    handle,
    clock,
    timers,
    audit,
    told,
    release: undefined,
    settings: (changes) => {
      settings = { ...settings, ...changes };
      for (const listener of listeners) listener(settings);
    },
    addMachines: async (
      count,
      { version = '1.0.0', os = 'windows', tags = [], online: isOnline = true } = {},
    ) => {
      const { rows } = await db.execute<{ id: string }>(sql`
        INSERT INTO machines (id, public_key, hardware_id, company_id, name, department, device_type, tags,
          hostname, os_family, agent_version, first_seen_at, online)
        SELECT gen_random_uuid(), gen_random_uuid()::text, '', ${companyId}, '', '', '',
          ${sql.param([...tags])}::text[], 'PC-' || n, ${os}, ${version}, now(), ${isOnline}
        FROM generate_series(1, ${count}) n RETURNING id`);
      const ids = rows.map(({ id }) => id);
      if (isOnline) for (const id of ids) online.add(id);
      return ids;
    },
    ask: async (machineId) =>
      feature.handlers.agentUpdate({ ...(await ofMachine(machineId)), body: undefined }),
    askAll: async (machineIds) => {
      const answers = await Promise.all(machineIds.map((machineId) => stage.ask(machineId)));
      return machineIds.filter((_, i) => answers[i]?.wanted);
    },
    report: async (machineId, outcome, changes = {}) => {
      if (!stage.release) throw new Error('There is no release.');
      const { version: toVersion, manifestSha256 } = stage.release;
      const reason = outcome === 'updated' ? '' : 'It did not connect.';
      const body = { toVersion, manifestSha256, outcome, reason, ...changes };
      await feature.handlers.agentUpdateReport({ ...(await ofMachine(machineId)), body });
    },
    overview: () => feature.handlers.getUpdates({ ...ofAdmin, body: undefined }),
    retry: async (machineIds) =>
      (await feature.handlers.retryUpdates({ ...ofAdmin, body: { machineIds: [...machineIds] } })).machines,
    stateOf: async (id) => {
      const { info } = await signer(id);
      return feature.stateOf({ id, osFamily: info.os, agentVersion: info.agentVersion });
    },
    clear: async () => {
      await db.execute(sql`DELETE FROM machines`);
      await db.execute(sql`DELETE FROM update_rollouts`);
      online.clear();
      audit.length = 0;
      told.length = 0;
      stage.release = undefined;
      stage.settings(DEFAULT_SETTINGS);
      nudger.forget();
    },
    restart: async () => {
      await feature.close();
      feature = begin();
    },
    nudge: async () => {
      if (!stage.release) throw new Error('There is no release.');
      return nudger.round(stage.release);
    },
    close: async () => {
      await feature.close();
      await handle.close();
      await files.remove();
    },
  };
  return stage;
}

const ADMIN_LOGIN: Login = {
  loginId: newId(),
  userId: newId(),
  username: 'ada',
  name: 'Ada',
  actor: { userId: newId(), role: 'admin', teamId: null },
  csrfToken: '',
};

/** A part that updates do not use: any use fails. */
function unused<T extends object>(what: string): T {
  return new Proxy({} as T, {
    get: () => {
      throw new Error(`Updates use ${what}.`);
    },
  });
}
