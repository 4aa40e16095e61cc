/**
 * `npm run demo`: the whole product on this machine within a minute. A server with data of its own, a virtual
 * desktop with a few programs, the agent on it, and one link that opens the desktop in a browser. Everything
 * is loopback only and gone after Ctrl-C.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { print, step } from './setup/progress.mjs';
import { startAgentProcess } from './stack/agent-process.ts';
import { ApiClient } from './stack/api-client.ts';
import { Cleanup } from './stack/cleanup.ts';
import { type Desktop, startDesktop } from './stack/desktop.ts';
import type { ManagedProcess } from './stack/managed-process.ts';
import { type ServerProcess, startServerProcess } from './stack/server-process.ts';
import { compileXClient } from './stack/x-client.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const ATTACH_TIMEOUT_MS = 20_000;

/** What is running, as the link and the restarts need it. */
interface Demo {
  /** Of this demo alone; removed at the end. */
  readonly folder: string;
  readonly api: ApiClient;
  readonly server: ServerProcess;
  readonly desktop: Desktop;
}

const cleanup = new Cleanup();
let isStopping = false;

async function stop(code: number): Promise<void> {
  if (isStopping) return;
  isStopping = true;
  print('\nStopping …');
  await cleanup.run().catch((error: unknown) => {
    print(String(error));
    process.exitCode = 1;
  });
  process.exit(process.exitCode ?? code);
}

async function start(): Promise<Demo> {
  const folder = mkdtempSync(join(tmpdir(), 'guruconnect-demo-'));
  cleanup.defer(() => rmSync(folder, { recursive: true, force: true }));
  const server = await shown('Starting the server', async () => {
    const started = await startServerProcess({ root, dataDir: join(folder, 'data') });
    cleanup.defer(() => started.process.stop());
    return started;
  });
  const api = new ApiClient(server.url);
  if (!server.setupToken) throw new Error(`The server printed no set-up link:\n${server.process.output}`);
  const password = randomBytes(18).toString('base64url');
  await api.setUp(server.setupToken, { username: 'demo', name: 'Demo technician', password });
  const desktop = await shown('Starting a virtual desktop', startDemoDesktop);
  return { folder, api, server, desktop };
}

async function startDemoDesktop(): Promise<Desktop> {
  const desktop = await startDesktop({ width: 1280, height: 800 });
  cleanup.defer(() => desktop.close());
  const scenery = desktop.run(await compileXClient(join(root, 'tools', 'demo', 'scenery.c')));
  await scenery.waitFor(/ready/, 10_000);
  const welcome = 'echo "This terminal is on the remote desktop. Type something."; exec bash';
  const look = ['-T', 'Terminal', '-fa', 'DejaVu Sans Mono', '-fs', '11', '-bg', '#0f172a', '-fg', '#e2e8f0'];
  // Last, so that it has the keyboard.
  desktop.run('xterm', [...look, '-geometry', '80x22+30+40', '-e', 'bash', '-c', welcome], tmpdir());
  return desktop;
}

/** A new session with the agent in it; returns the session and the agent's process. */
async function beginSession(demo: Demo): Promise<{ sessionId: string; agent: ManagedProcess }> {
  // Nobody sits at a virtual desktop who could consent.
  const session = await demo.api.call('createSession', {
    body: { name: 'Demo desktop', consentRequired: false },
  });
  if (session.code === null) throw new Error('The new session has no code.');
  const agent = await startAgentProcess({
    root,
    server: demo.server.url,
    code: session.code,
    desktop: demo.desktop,
    stateDir: mkdtempSync(join(demo.folder, 'agent-')),
    windows: true,
  });
  cleanup.defer(() => agent.stop());
  await untilAttached(demo.api, session.id);
  return { sessionId: session.id, agent };
}

async function untilAttached(api: ApiClient, sessionId: string): Promise<void> {
  const deadline = Date.now() + ATTACH_TIMEOUT_MS;
  while (Date.now() < deadline) {
    const session = await api.call('getSession', { params: { sessionId } });
    if (session.endpoint.kind === 'agent') return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('The agent did not join the session in time.');
}

async function printLink(api: ApiClient, sessionId: string): Promise<void> {
  const { url } = await api.call('createLaunchTicket', { body: { path: `/app/session/${sessionId}` } });
  print(`\n  Open this link in a browser on this computer (it works once, within a minute):\n\n    ${url}\n`);
  print(
    process.stdin.isTTY ? '  Enter: another link. Ctrl-C: stop everything.' : '  Ctrl-C: stop everything.',
  );
}

async function shown<T>(title: string, work: () => Promise<T>): Promise<T> {
  const results: T[] = [];
  await step(title, async () => void results.push(await work()));
  const [result] = results;
  if (result === undefined) throw new Error(`${title} gave nothing.`);
  return result;
}

async function main(): Promise<void> {
  const demo = await start();
  let current = await shown('Letting the agent join', () => beginSession(demo));
  await printLink(demo.api, current.sessionId);
  if (process.stdin.isTTY) {
    createInterface({ input: process.stdin }).on('line', () => void printLink(demo.api, current.sessionId));
  }
  void once(demo.server.process.child, 'exit').then(() => {
    if (!isStopping) print(`\nThe server ended:\n${demo.server.process.output.slice(-2_000)}`);
    void stop(1);
  });
  while (!isStopping) {
    await current.agent.ended;
    if (isStopping) return;
    print('\nThe session has ended; a new one begins.');
    current = await beginSession(demo);
    await printLink(demo.api, current.sessionId);
  }
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(0));
main().catch((error: unknown) => {
  if (isStopping) return;
  print(`\n${error instanceof Error ? error.message : error}`);
  void stop(1);
});
