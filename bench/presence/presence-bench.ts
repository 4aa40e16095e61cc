import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as elapse } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { DATABASE_KINDS } from '../../server/test/support/test-databases.ts';
import { ApiClient } from '../../tools/stack/api-client.ts';
import { Cleanup } from '../../tools/stack/cleanup.ts';
import {
  type ServerOptions,
  type ServerProcess,
  startServerProcess,
} from '../../tools/stack/server-process.ts';
import { measureCpu } from '../support/process-cpu.ts';
import type { BenchOptions } from '../support/report.ts';
import { round, summarize } from '../support/statistics.ts';
import { enrolFleet } from './enrol-fleet.ts';
import { Fleet } from './fleet.ts';
import type { SimulatedMachine } from './simulated-agent.ts';
import { Technician } from './technician.ts';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const ADMIN = { username: 'admin', password: 'correct horse battery 1', name: 'Ada Admin' };
/** A page of the list shows about so many. */
const WATCHED = 50;
const ALL_BACK_MS = 180_000;
const JOIN_EVERY_MS = 1_000;
const LOOK_EVERY_MS = 250;

interface Scene {
  readonly options: BenchOptions;
  readonly cleanup: Cleanup;
  readonly fleet: Fleet;
  readonly machines: readonly SimulatedMachine[];
  readonly start: (port: number) => Promise<ServerProcess>;
  server: ServerProcess;
}

/** Always-on agents that hold their lines, on the real server: what they cost, and how they come back. */
export async function presenceBench(options: BenchOptions): Promise<unknown> {
  const cleanup = new Cleanup();
  const stopListening = options.onInterrupt(() => cleanup.run());
  try {
    const scene = await setScene(options, cleanup);
    const idle = await measureIdle(scene);
    const { technician, guest } = await openPage(scene);
    const back = await measureReturn(scene, technician, guest);
    const offline = await measureOffline(scene, technician);
    const { errors } = technician;
    if (errors.length > 0) options.notes.push(`errors: ${[...new Set(errors)].slice(0, 5).join(' | ')}`);
    options.notes.push(
      'Server on PostgreSQL 15; agents are simulated in one process beside it, with the real protocol and signatures.',
      'joinMs: from session:join to the offer of an agent that answers at once, while the fleet comes back.',
    );
    return {
      agents: scene.machines.length,
      ...idle,
      ...back,
      offlineMs: offline,
      errorsShown: errors.length,
    };
  } finally {
    stopListening();
    await cleanup.run();
  }
}

async function setScene(options: BenchOptions, cleanup: Cleanup): Promise<Scene> {
  const agents = options.agents ?? (options.quick ? 2_000 : 5_000);
  const database = await DATABASE_KINDS.find((kind) => kind.name === 'PostgreSQL')?.create();
  if (database?.databaseUrl === undefined) throw new Error('There is no PostgreSQL.');
  cleanup.defer(() => database.remove());
  const { databaseUrl, dataDir } = database;
  const common: ServerOptions = {
    root: ROOT,
    dataDir,
    env: { DATABASE_URL: databaseUrl, LOG_LEVEL: 'warn' },
  };
  const start = (port: number) => startServerProcess({ ...common, port });
  const first = await start(0);
  // The running server is another one after a restart.
  const scene = { server: first };
  cleanup.defer(() => scene.server.process.stop());
  if (!first.setupToken) throw new Error('No set-up link was printed.');
  await new ApiClient(first.url).setUp(first.setupToken, ADMIN);
  const { fleet, machines } = await Fleet.create(agents);
  cleanup.defer(() => fleet.close());
  await enrolFleet(databaseUrl, machines);
  options.log(`presence: ${agents} machines enrolled`);
  await first.process.stop();
  return Object.assign(scene, { options, cleanup, fleet, machines, start, server: await start(first.port) });
}

/** Memory and processor time of a server on which nothing happens but heartbeats. */
async function measureIdle({ options, fleet, machines, server }: Scene) {
  const settleMs = options.quick ? 15_000 : 60_000;
  const { pid } = server.process;
  await elapse(settleMs / 2);
  const base = residentBytes(pid);
  const { percent: alone } = await measureCpu({ server: pid }, () => elapse(settleMs / 3));
  const startedAt = Date.now();
  fleet.connect(server.url);
  const firstOnlineSeconds = ((await fleet.allOnline(ALL_BACK_MS)) - startedAt) / 1000;
  options.log(`presence: all online after ${round(firstOnlineSeconds)} s`);
  await elapse(settleMs);
  const resident = residentBytes(pid);
  const { percent } = await measureCpu({ server: pid }, () => elapse(settleMs));
  return {
    bytesPerIdleAgent: Math.round((resident - base) / machines.length),
    residentBytes: { base, withAgents: resident },
    idleCpuPercent: percent.server,
    idleCpuPercentWithoutAgents: alone.server,
    firstOnlineSeconds: round(firstOnlineSeconds),
    loadavg1WhileIdle: loadavg()[0],
  };
}

async function openPage({ server, machines }: Scene) {
  const api = new ApiClient(server.url);
  await api.signIn(ADMIN);
  const technician = new Technician(api);
  await technician.watch(machines.slice(0, WATCHED).map(({ machineId }) => machineId));
  return { technician, guest: new ApiClient(server.url) };
}

/** A restart of the server while a page is open: until all are back, and how the page fares meanwhile. */
async function measureReturn(scene: Scene, technician: Technician, guest: ApiClient) {
  const { fleet, options, machines } = scene;
  fleet.forgetAllOnline();
  await fleet.state();
  const { port } = scene.server;
  await scene.server.process.stop();
  scene.server = await scene.start(port);
  const listeningAt = Date.now();
  const page = new AbortController();
  const busy = Promise.all([
    repeat(page.signal, LOOK_EVERY_MS, () => technician.look()),
    repeat(page.signal, JOIN_EVERY_MS, () => technician.join(guest)),
  ]);
  const backAt = await fleet.allOnline(ALL_BACK_MS);
  const allBackSeconds = round((backAt - listeningAt) / 1000);
  options.log(`presence: all back after ${allBackSeconds} s`);
  page.abort();
  await busy;
  const { busiestSecond, refusals } = await fleet.state();
  await technician.watch(machines.slice(0, WATCHED).map(({ machineId }) => machineId));
  return {
    allBackSeconds,
    busiestSecondConnects: busiestSecond,
    refusals,
    joinMs: summarize(technician.joinMs),
    openSessionMs: summarize(technician.openMs),
    apiMs: summarize(technician.apiMs),
  };
}

/** From a cut cable, and from a clean stop, until a page is told. */
async function measureOffline({ fleet, machines }: Scene, technician: Technician) {
  const [cut, stopped] = machines;
  if (!cut || !stopped) throw new Error('There are no machines.');
  const cutSeen = technician.untilOffline(cut.machineId);
  const stopSeen = technician.untilOffline(stopped.machineId);
  const cutAt = await fleet.act('freeze', 0);
  const stoppedAt = await fleet.act('stop', 1);
  return { cleanStop: (await stopSeen) - stoppedAt, cut: (await cutSeen) - cutAt };
}

async function repeat(signal: AbortSignal, everyMs: number, task: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    const startedAt = performance.now();
    await task();
    await elapse(Math.max(0, everyMs - (performance.now() - startedAt)));
  }
}

/** The server's own process: an embedded database would be another one. */
function residentBytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) * 1024;
}
