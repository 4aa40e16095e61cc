import { readFile } from 'node:fs/promises';
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { PRODUCT_VERSION } from '@guruconnect/shared';
import { type App, createApp } from './app.ts';
import type { ServerConfig } from './config.ts';
import { type Clock, systemClock } from './core/clock.ts';
import type { CreateSessionsFeature } from './core/features.ts';
import type { Log } from './core/ports.ts';
import { scheduleBackups } from './db/backups.ts';
import type { DatabaseHandle } from './db/database.ts';
import { migrate } from './db/migrate.ts';
import { openDatabase } from './db/open-database.ts';
import { takeAbsoluteForm } from './http/absolute-form.ts';
import { createRelay, type Relay } from './relay/relay.ts';
import type { ServerPaths } from './server-paths.ts';
import { isLoopback } from './tls/loopback.ts';
import { prepareTls, type Tls } from './tls/prepare-tls.ts';

export interface StartServerOptions {
  readonly config: ServerConfig;
  readonly paths: ServerPaths;
  readonly log: Log;
  readonly createSessions: CreateSessionsFeature;
  readonly clock?: Clock;
}

export interface RunningServer {
  /** Origin under which people reach the server. */
  readonly url: string;
  /** Origin under which this computer reaches it. */
  readonly localUrl: string;
  /** The one-time link of first-run set-up while there is no admin. */
  setupUrl(): string | undefined;
  /** The file of the server's own certificate authority, when it uses that. */
  readonly authorityFile: string | undefined;
  /** Whether that authority only stands in until ACME gives a certificate. */
  readonly isCertificateProvisional: boolean;
  /** Settles when the server cannot go on: its embedded database has died. */
  readonly lost: Promise<Error>;
  /** Ends in reverse order of starting; nothing that was acknowledged is lost. May be called twice. */
  close(): Promise<void>;
}

/** How long requests that are being answered may take once the server closes. */
const DRAIN_MS = 3_000;

/** Opens the database, brings it up to date, and listens. Throws, with everything closed again, when one of them fails. */
export async function startServer(options: StartServerOptions): Promise<RunningServer> {
  const { config, paths, log, clock = systemClock } = options;
  const database = await openDatabase({
    databaseUrl: config.databaseUrl,
    dataDir: config.dataDir,
    pgliteEntry: paths.pgliteEntry,
    log,
  });
  try {
    await migrate({ db: database.db, directory: paths.migrations, log });
    return await serve({ ...options, clock }, database);
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function serve(
  options: StartServerOptions & { clock: Clock },
  database: DatabaseHandle,
): Promise<RunningServer> {
  const { config, clock, log } = options;
  const isPlain = isLoopback(config.host) && !config.tls && !config.acme;
  const tls = isPlain ? undefined : await prepareTls({ config, clock, log });
  try {
    return await serveWith(tls, options, database);
  } catch (error) {
    tls?.close();
    throw error;
  }
}

async function serveWith(
  tls: Tls | undefined,
  options: StartServerOptions & { clock: Clock },
  database: DatabaseHandle,
): Promise<RunningServer> {
  const { config, clock, log } = options;
  const server: HttpServer = tls ? createHttpsServer(tls.options) : createHttpServer();
  const relay = createRelay({
    config: config.relay,
    host: config.host,
    entry: options.paths.relayEntry,
    clock,
    log,
  });
  let localUrl = '';
  const app = await createApp({
    agentVersion: PRODUCT_VERSION,
    config,
    database,
    clock,
    log,
    server,
    isSecure: tls !== undefined,
    webDir: options.paths.web,
    downloadDir: options.paths.downloads,
    windowsDir: options.paths.windows,
    programWorkerEntry: options.paths.programWorkerEntry,
    signerEntry: options.paths.signerEntry,
    installersDir: options.paths.installers,
    authority: tls?.authorityFile === undefined ? '' : await readFile(tls.authorityFile, 'utf8'),
    localOrigin: () => localUrl,
    createSessions: options.createSessions,
    relays: relay,
  });
  takeAbsoluteForm(server);
  try {
    await listen(server, config);
  } catch (error) {
    await app.close();
    throw error;
  }
  localUrl = originOf(server, config.host, tls !== undefined);
  relay.start(tls?.options);
  if (tls) followCertificate(server, relay, tls);
  const stopBackups = scheduleBackups({
    database,
    clock,
    log,
    directory: join(config.dataDir, 'backups'),
    keepDays: config.backupDays,
  });
  const url = config.publicUrl ?? domainOrigin(server, config) ?? localUrl;
  let closed: Promise<void> | undefined;
  return {
    url,
    localUrl,
    setupUrl: () => {
      const token = app.setupToken();
      // After the hash it reaches neither logs nor proxies.
      return token === undefined ? undefined : `${url}/setup#${token}`;
    },
    authorityFile: tls?.authorityFile,
    isCertificateProvisional: tls?.isProvisional ?? false,
    lost: database.lost,
    close: () => {
      closed ??= closeAll(server, app, relay, database, [() => tls?.close(), stopBackups]);
      return closed;
    },
  };
}

async function closeAll(
  server: HttpServer,
  app: App,
  relay: Relay,
  database: DatabaseHandle,
  stops: (() => void)[],
): Promise<void> {
  for (const stop of stops) stop();
  const impatient = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
  await app.close();
  clearTimeout(impatient);
  await relay.close();
  await database.close();
}

/** A renewed certificate serves new connections; the old ones go on. */
function followCertificate(server: HttpServer, relay: Relay, tls: Tls): void {
  tls.onRenewed((options) => {
    relay.renew(options);
    if ('setSecureContext' in server && typeof server.setSecureContext === 'function') {
      server.setSecureContext(options);
    }
  });
}

function listen(server: HttpServer, { host, port }: ServerConfig): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(new Error(`Cannot listen on ${host}:${port}: ${error.message}.`)));
    server.listen({ host, port }, resolve);
  });
}

/** Under the first domain that ACME gives certificates for. */
function domainOrigin(server: HttpServer, { acme }: ServerConfig): string | undefined {
  return acme && new URL(`https://${acme.domains[0]}:${portOf(server)}`).origin;
}

function originOf(server: HttpServer, host: string, isTls: boolean): string {
  const port = portOf(server);
  const name = isLoopback(host) ? host : 'localhost';
  return `${isTls ? 'https' : 'http'}://${name.includes(':') ? `[${name}]` : name}:${port}`;
}

function portOf(server: HttpServer): number {
  // A TCP server that listens has such an address.
  return (server.address() as AddressInfo).port;
}
