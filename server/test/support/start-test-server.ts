import type { ServerConfig } from '../../src/config.ts';
import type { Clock } from '../../src/core/clock.ts';
import type { CreateSessionsFeature } from '../../src/core/features.ts';
import type { Log } from '../../src/core/ports.ts';
import { createSessionsFeature } from '../../src/sessions/sessions-feature.ts';
import { type RunningServer, startServer } from '../../src/start-server.ts';
import { type ApiClient, createApiClient } from './api-client.ts';

import { TEST_PATHS, type TestDatabase } from './test-databases.ts';

export const ADMIN = { username: 'ada', password: 'correct horse battery', name: 'Ada' } as const;

export interface TestServerOptions {
  readonly database: TestDatabase;
  readonly clock?: Clock;
  readonly config?: Partial<ServerConfig>;
  readonly log?: Log;
  readonly createSessions?: CreateSessionsFeature;
  /** The built web app, where a test needs other files than the real ones. */
  readonly webDir?: string;
}

export interface TestServer extends RunningServer {
  /** A browser that is not signed in. */
  browser(): ApiClient;
  /** Runs first-run set-up as {@link ADMIN} and returns the signed-in browser. */
  setUp(): Promise<ApiClient>;
  /** A signed-in browser of somebody. */
  signIn(username: string, password: string): Promise<ApiClient>;
}

/** The real server, on a free port of the loopback address. */
export async function startTestServer(options: TestServerOptions): Promise<TestServer> {
  const server = await startServer({
    config: testConfig(options.database, options.config),
    paths: { ...TEST_PATHS, ...(options.webDir === undefined ? {} : { web: options.webDir }) },
    log: options.log ?? SILENT,
    createSessions: options.createSessions ?? createSessionsFeature,
    ...(options.clock ? { clock: options.clock } : {}),
  });
  const browser = () => createApiClient(server.localUrl);
  return {
    ...server,
    browser,
    setUp: async () => {
      const token = server.setupUrl()?.split('#')[1];
      if (token === undefined) throw new Error('The server is set up already.');
      const admin = browser();
      await admin.call('setUp', { body: { token, companyName: 'Acme Support', ...ADMIN } });
      return admin;
    },
    signIn: async (username, password) => {
      const client = browser();
      await client.call('signIn', { body: { username, password } });
      return client;
    },
  };
}

export function testConfig(database: TestDatabase, changes: Partial<ServerConfig> = {}): ServerConfig {
  return {
    host: '127.0.0.1',
    port: 0,
    dataDir: database.dataDir,
    databaseUrl: database.databaseUrl,
    trustedProxies: [],
    tls: undefined,
    acme: undefined,
    publicUrl: undefined,
    logLevel: 'silent',
    iceServers: [],
    turnSecret: undefined,
    relay: undefined,
    backupDays: 0,
    downloadDir: undefined,
    windowsBuildDir: undefined,
    signing: undefined,
    mail: undefined,
    ...changes,
  };
}

export const SILENT: Log = { debug: ignore, info: ignore, warn: ignore, error: ignore };

function ignore(): void {}
