import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ApiQuery, Role } from '@guruconnect/shared';
import { type App, createApp } from '../../../src/app.ts';
import type { SessionsFeature } from '../../../src/core/features.ts';
import type { Log } from '../../../src/core/ports.ts';
import type { DatabaseHandle } from '../../../src/db/database.ts';
import { createSessionsFeature } from '../../../src/sessions/sessions-feature.ts';
import { type ApiClient, createApiClient } from '../../support/api-client.ts';
import { openTestDatabase } from '../../support/open-test-database.ts';
import { ADMIN, SILENT, testConfig } from '../../support/start-test-server.ts';
import { createTestClock, type TestClock } from '../../support/test-clock.ts';
import { type DatabaseKind, TEST_PATHS, type TestDatabase } from '../../support/test-databases.ts';

const PASSWORD = 'a password of some length';
/** The version of agents that the server of the stage hands out. */
export const AGENT_VERSION = '1.2.0';

/** The whole server with its database at hand, and time that the test moves. */
export interface SearchStage {
  readonly database: DatabaseHandle;
  readonly clock: TestClock;
  readonly admin: ApiClient;
  /** Machines on which technicians are, told by the test instead of by open sessions. */
  readonly hosted: Set<string>;
  hire(username: string, role: Role, teamId?: string | null): Promise<{ client: ApiClient; userId: string }>;
  /** Names and total of what somebody finds. */
  find(client: ApiClient, query: ApiQuery<'listMachines'>): Promise<{ total: number; names: string[] }>;
  /** Counts by key, once what was remembered of them is out of date. */
  counts(client: ApiClient): Promise<Map<string, number>>;
  close(): Promise<void>;
}

export async function setSearchStage(kind: DatabaseKind, log: Log = SILENT): Promise<SearchStage> {
  const files = await kind.create();
  const database = await openTestDatabase(files);
  const clock = createTestClock(Date.parse('2026-06-01T12:00:00Z'));
  const hosted = new Set<string>();
  const server = createServer();
  const app = await createApp({
    config: testConfig(files),
    database,
    clock,
    log,
    server,
    isSecure: false,
    webDir: TEST_PATHS.web,
    downloadDir: TEST_PATHS.downloads,
    windowsDir: TEST_PATHS.windows,
    programWorkerEntry: TEST_PATHS.programWorkerEntry,
    signerEntry: TEST_PATHS.signerEntry,
    installersDir: TEST_PATHS.installers,
    authority: '',
    localOrigin: () => url,
    createSessions: (deps) => withHosted(createSessionsFeature(deps), hosted),
    relays: { offer: () => undefined, urls: () => [] },
    agentVersion: AGENT_VERSION,
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const admin = createApiClient(url);
  await admin.call('setUp', {
    body: { token: app.setupToken() ?? '', companyName: 'Acme Support', ...ADMIN },
  });
  return {
    database,
    clock,
    admin,
    hosted,
    hire: async (username, role, teamId = null) => {
      const body = { username, role, teamId, name: `Mx ${username}`, password: PASSWORD };
      const { userId } = await admin.call('createUser', { body });
      const client = createApiClient(url);
      await client.call('signIn', { body: { username, password: PASSWORD } });
      return { client, userId };
    },
    find: async (client, query) => {
      const { machines, total } = await client.call('listMachines', { query });
      return { total, names: machines.map((machine) => machine.name) };
    },
    counts: async (client) => {
      clock.advance(1_000);
      const { counts } = await client.call('countMachines');
      return new Map(counts.map(({ key, count }) => [key, count]));
    },
    close: () => closeAll(app, server, database, files),
  };
}

/** The real feature, with the test's machines in place of those that sessions are on. */
function withHosted(feature: SessionsFeature, hosted: ReadonlySet<string>): SessionsFeature {
  const host = { userId: '00000000-0000-4000-8000-000000000001', name: 'Ada' };
  return {
    ...feature,
    machineSessions: {
      ...feature.machineSessions,
      hosted: () => hosted,
      activityOf: (machineId) => ({ hosts: hosted.has(machineId) ? [host] : [], sessionId: null }),
    },
  };
}

async function closeAll(
  app: App,
  server: ReturnType<typeof createServer>,
  database: DatabaseHandle,
  files: TestDatabase,
): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await app.close();
  await closed;
  await database.close();
  await files.remove();
}
