/**
 * `npm run dev`: the server and the web pages from their sources, both reloading when a file changes. The pages
 * come from Vite, which passes API calls and sockets on to the server.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { print } from './setup/progress.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const WEB_PORT = Number(process.env.WEB_PORT ?? 5173);

/** A port that nobody listens on now. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

const children: ChildProcess[] = [];
let isStopping = false;

function start(script: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): void {
  const child = spawn(process.execPath, [join(root, 'node_modules', script), ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit'],
    // A group of its own: Ctrl-C reaches us alone, and the children are told once, since a second time means "at once".
    detached: true,
  });
  children.push(child);
  child.on('close', () => stop(1));
}

/** Ends both when either ends, or when asked. */
function stop(code: number): void {
  if (isStopping) return;
  isStopping = true;
  for (const child of children) child.kill('SIGTERM');
  process.exitCode = code;
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop(0));

const origin = `http://127.0.0.1:${WEB_PORT}`;
const serverPort = await freePort();
// People open Vite's address: links and the origin check must be about that one.
const serverEnv = { HOST: '127.0.0.1', PORT: String(serverPort), PUBLIC_URL: origin };
start('tsx/dist/cli.mjs', ['watch', '--clear-screen=false', 'server/src/main.ts'], root, serverEnv);
const viteArgs = ['--port', String(WEB_PORT), '--strictPort'];
start('vite/bin/vite.js', viteArgs, join(root, 'web'), {
  GURUCONNECT_DEV_SERVER: `http://127.0.0.1:${serverPort}`,
});
print(`\n  Portal:    ${origin}/\n  Dashboard: ${origin}/app\n`);
