import type { Server as HttpServer, IncomingMessage, RequestListener } from 'node:http';
import { join } from 'node:path';
import { Server as SocketServer } from 'socket.io';
import { createAuditHeads } from './audit/audit-heads.ts';
import { createAuditLog } from './audit/audit-log.ts';
import { createAuditReader } from './audit/audit-reader.ts';
import { createAccountHandlers } from './auth/account-handlers.ts';
import { createLaunchTickets } from './auth/launch-tickets.ts';
import { clearLoginCookie, setLoginCookie } from './auth/login-cookie.ts';
import { createLogins } from './auth/logins.ts';
import { createSignIn } from './auth/sign-in.ts';
import { createCompaniesFeature } from './companies/companies-feature.ts';
import type { ServerConfig } from './config.ts';
import type { ApiHandlers } from './core/api-handlers.ts';
import type { Clock } from './core/clock.ts';
import type { CreateSessionsFeature } from './core/features.ts';
import { iceServersFor } from './core/ice-servers.ts';
import { createMachineFeed } from './core/machine-feed.ts';
import { createPasswords } from './core/passwords.ts';
import type { Log, RelayOffers } from './core/ports.ts';
import { createSupportNews } from './core/support-news.ts';
import type { DatabaseHandle } from './db/database.ts';
import { createDocsRouter } from './docs/docs-router.ts';
import { createClientAddresses } from './http/client-address.ts';
import { createHttpApp } from './http/create-http-app.ts';
import { createSocketGuard } from './http/socket-guard.ts';
import { createServerKeys } from './keys/server-keys.ts';
import { createMachineCommandsFeature } from './machine-commands/machine-commands-feature.ts';
import { createMachineSearchFeature } from './machine-search/machine-search-feature.ts';
import { createMachinesFeature } from './machines/machines-feature.ts';
import { createMailer } from './mail/mailer.ts';
import { createPresenceFeature } from './presence/presence-feature.ts';
import { createReleasesFeature } from './releases/releases-feature.ts';
import { HistoryRetention } from './retention/history-retention.ts';
import { createSettings } from './settings/settings.ts';
import { createSetup } from './setup/setup.ts';
import { createSupportRequestsFeature } from './support-requests/support-requests-feature.ts';
import { createUpdatesFeature } from './updates/updates-feature.ts';
import { createPeople } from './users/people.ts';
import { createTeamHandlers } from './users/team-handlers.ts';
import { createUserHandlers } from './users/user-handlers.ts';

export interface AppDeps {
  readonly config: ServerConfig;
  readonly database: DatabaseHandle;
  readonly clock: Clock;
  readonly log: Log;
  /** The listening server to be; `app` answers its requests and socket handshakes. */
  readonly server: HttpServer;
  readonly isSecure: boolean;
  readonly webDir: string;
  /** Agent packages, unless the configuration names others. */
  readonly downloadDir: string;
  /** What `npm run build:windows` made. */
  readonly windowsDir: string;
  /** Entries of the processes that write programs and that sign them. */
  readonly programWorkerEntry: string;
  readonly signerEntry: string;
  /** What packages for machines are made of. */
  readonly installersDir: string;
  /** PEM of the server's own authority; empty when it has another's certificate. */
  readonly authority: string;
  /** Origin under which this computer reaches the server; known once it listens. */
  readonly localOrigin: () => string;
  readonly createSessions: CreateSessionsFeature;
  readonly relays: RelayOffers;
  /** Version of the agents that this server hands out: older ones are outdated. */
  readonly agentVersion: string;
}

export interface App {
  /** The one-time token of first-run set-up; undefined when there is an admin. */
  setupToken(): string | undefined;
  /** Tells sockets, stops timers, and waits until everything accepted is stored. The database stays open. */
  close(): Promise<void>;
}

const MAX_SOCKET_MESSAGE_BYTES = 256 * 1024;

/** The composition root: builds every feature, hands each what it needs, and puts them on the server. */
export async function createApp(deps: AppDeps): Promise<App> {
  const { config, clock, log, server } = deps;
  const { db } = deps.database;
  const keys = createServerKeys({ db, clock });
  const auditLog = createAuditLog({ db, clock });
  const auditReader = createAuditReader(db);
  const audit = { append: auditLog.append, ofSession: auditReader.ofSession };
  const heads = createAuditHeads({ db, clock, keys, log });
  const settings = await createSettings({ db, audit, log });
  const logins = await createLogins({ db, clock, settings, keys, log });
  const people = createPeople(db);
  const passwords = createPasswords();
  const signIn = createSignIn({ db, passwords, audit });
  const tickets = createLaunchTickets({ db, clock });
  const addresses = createClientAddresses(config.trustedProxies);
  const nameCompany = async (companyName: string) => void (await settings.change({ companyName }));
  const setup = await createSetup({ db, clock, passwords, logins, audit, nameCompany });
  const feed = createMachineFeed((error) => log.error({ err: error }, 'a change of machines was not shown'));
  const supportNews = createSupportNews((error) => log.error({ err: error }, 'a request was not shown'));
  const common = { db, clock, log, audit, people, feed };
  const { companies, handlers: companyHandlers } = await createCompaniesFeature(common);
  const machines = await createMachinesFeature({
    ...common,
    companies,
    settings,
    keys,
    agentVersion: deps.agentVersion,
    lines: () => presence.lines,
    sessions: () => sessions.machineSessions,
    takeWakes: (machineId) => presence.takeWakes(machineId),
    wakingSince: (machineId) => presence.wakingSince(machineId),
    takeCommands: (machineId) => commands.takeCommands(machineId),
    commandsAnswered: (machineId, results) => commands.answered(machineId, results),
    waysFor: (machineId, lifetimeSeconds) => ({
      iceServers: iceServersFor(config, machineId, clock.now(), lifetimeSeconds),
      relayUrls: [...deps.relays.urls()],
    }),
    deliveryOf: async (machine) => {
      const update = await updates.stateOf(machine);
      return {
        ...(update ? { update } : {}),
        command: await commands.openOf(machine.id),
        openRequests: await requests.openCount(machine.id),
      };
    },
  });
  const search = await createMachineSearchFeature({
    ...common,
    companies,
    machines: machines.machines,
    agentVersion: deps.agentVersion,
    sessions: () => sessions.machineSessions,
  });
  const presence = createPresenceFeature({
    ...common,
    companies,
    machines: machines.machines,
    logins,
    search,
    supportNews,
    addressOf: addresses.addressOf,
  });
  const downloadDir = config.downloadDir ?? deps.downloadDir;
  const delivery = {
    ...common,
    companies,
    machines: machines.machines,
    gate: machines.gate,
    settings,
    keys,
    supportNews,
  };
  const lines = () => presence.lines;
  const mailer = createMailer({ config: config.mail, log });
  const releases = createReleasesFeature({
    ...delivery,
    lines,
    downloadDir,
    windowsDir: config.windowsBuildDir ?? deps.windowsDir,
    programWorkerEntry: deps.programWorkerEntry,
    signerEntry: deps.signerEntry,
    signing: config.signing,
    authority: deps.authority,
    installersDir: deps.installersDir,
    mailer,
    addressOf: addresses.addressOf,
    cacheDir: join(config.dataDir, 'releases'),
    publicUrl: config.publicUrl,
    localOrigin: deps.localOrigin,
    agentVersion: deps.agentVersion,
  });
  const updates = createUpdatesFeature({ ...delivery, lines, releases: releases.releases });
  const commands = createMachineCommandsFeature({ ...delivery, lines });
  const requests = createSupportRequestsFeature(delivery);
  const retention = new HistoryRetention(delivery);
  const sessions = deps.createSessions({
    db,
    clock,
    log,
    audit,
    logins,
    people,
    settings,
    keys,
    relays: deps.relays,
    companies,
    machines: machines.machines,
    lines: presence.lines,
    machineFeed: feed,
    machineAudience: presence.audience,
    releases: releases.releases,
    config: { iceServers: config.iceServers, turnSecret: config.turnSecret },
    addressOf: addresses.addressOf,
  });
  const handlers: Omit<ApiHandlers, 'setUp'> = {
    ...createAccountHandlers({
      db,
      logins,
      signIn,
      tickets,
      passwords,
      audit,
      localOrigin: deps.localOrigin,
    }),
    ...createUserHandlers({ db, clock, passwords, logins, audit }),
    ...createTeamHandlers({ db, clock, audit }),
    ...settings.handlers,
    ...sessions.handlers,
    ...companyHandlers,
    ...machines.handlers,
    ...search.handlers,
    ...presence.handlers,
    ...releases.handlers,
    ...updates.handlers,
    ...commands.handlers,
    ...requests.handlers,
    listAudit: async ({ query }) => ({
      entries: await auditReader.page({ before: query.before, limit: query.limit ?? 100 }),
    }),
  };
  const http = createHttpApp({
    handlers,
    setUp: setup.handler,
    isSetupOpen: () => setup.token() !== undefined,
    logins,
    machineGate: machines.gate,
    launch: async (token, from) => {
      const ticket = await tickets.use(token);
      if (!ticket) return undefined;
      const login = await logins.start(ticket.userId, from);
      await audit.append({
        actor: `user:${ticket.userId}`,
        action: 'login.launched',
        address: from.address,
        details: { loginId: login.loginId, path: ticket.path },
      });
      return { token: login.token, path: ticket.path };
    },
    addresses,
    loginCookie: { set: setLoginCookie, clear: clearLoginCookie },
    isReady: deps.database.ping,
    publicUrl: config.publicUrl,
    relayUrls: deps.relays.urls,
    isSecure: deps.isSecure,
    webDir: deps.webDir,
    downloadDir,
    releases: releases.router,
    docs: createDocsRouter(),
    log,
  });
  const listener: RequestListener = http;
  server.on('request', listener);
  const isAllowed = createSocketGuard({ addresses, publicUrl: config.publicUrl });
  const io = createSocketServer(server, isAllowed);
  sessions.attach(io);
  presence.attach(server, isAllowed);

  let closed: Promise<void> | undefined;
  const close = async () => {
    await sessions.close();
    await presence.close();
    await updates.close();
    await commands.close();
    await retention.close();
    await releases.close();
    mailer.close();
    await search.close();
    await machines.close();
    await io.close();
    logins.close();
    await auditLog.drained();
    await heads.close();
  };
  return {
    setupToken: setup.token,
    close: () => {
      closed ??= close();
      return closed;
    },
  };
}

/** WebSocket only, and no compression: deflate costs twelve times the memory a connection. */
function createSocketServer(
  server: HttpServer,
  isAllowed: (request: IncomingMessage) => boolean,
): SocketServer {
  return new SocketServer(server, {
    transports: ['websocket'],
    perMessageDeflate: false,
    httpCompression: false,
    serveClient: false,
    maxHttpBufferSize: MAX_SOCKET_MESSAGE_BYTES,
    // A page whose network is gone is noticed in 15 s at most; agents have a faster heartbeat of their own.
    pingInterval: 10_000,
    pingTimeout: 5_000,
    allowRequest: (request, decide) => decide(null, isAllowed(request)),
  });
}
