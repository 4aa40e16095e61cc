import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { TestDatabase } from './test-databases.ts';

/** The server as a process of its own, started as people start it. */
export interface ServerProcess {
  readonly url: string;
  readonly setupToken: string | undefined;
  readonly child: ChildProcess;
  /** What it has logged so far, on stderr. */
  readonly logged: () => string;
  /** Everything it printed for people, on stdout. */
  readonly printed: () => string;
  readonly exited: Promise<number | NodeJS.Signals>;
}

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
/** As deep below the root as a real build, which finds migrations and web app by that. */
const OUT = join(ROOT, 'dist', 'test-server');

/** Bundles the server once a test file: it starts in a third of the time that TypeScript takes. */
export async function buildServerForTest(): Promise<void> {
  await build({
    absWorkingDir: ROOT,
    entryPoints: {
      main: 'server/src/main.ts',
      'pglite-child': 'server/src/db/pglite-child.ts',
      relay: 'sfu/src/relay-main.ts',
    },
    outdir: OUT,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    plugins: [
      {
        name: 'packages stay outside, but for our own',
        setup: (bundle) => {
          bundle.onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
            kind === 'entry-point' || path.startsWith('@guruconnect/') ? null : { path, external: true },
          );
        },
      },
    ],
    logLevel: 'silent',
  });
}

/** Starts the built server; resolves when it listens, rejects with what it printed when it ends before. */
export async function spawnServer(
  database: TestDatabase,
  environment: Record<string, string> = {},
): Promise<ServerProcess> {
  const child = spawn(process.execPath, [join(OUT, 'main.mjs'), '--port', '0'], {
    env: {
      PATH: process.env.PATH,
      DATA_DIR: database.dataDir,
      ...(database.databaseUrl === undefined ? {} : { DATABASE_URL: database.databaseUrl }),
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  let logged = '';
  child.stderr.on('data', (part: Buffer) => {
    logged += part.toString('utf8');
  });
  const exited = new Promise<number | NodeJS.Signals>((resolve) => {
    child.once('exit', (code, signal) => resolve(code ?? signal ?? 'SIGKILL'));
  });
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      printed += `${line}\n`;
      const found = /listens on (\S+)/.exec(line)?.[1];
      // The lines after it, with the set-up link, are printed in the same turn.
      if (found !== undefined) setImmediate(() => resolve(found));
    });
    void exited.then((code) => reject(new Error(`The server ended with ${code}:\n${printed}${logged}`)));
  });
  return {
    url,
    setupToken: /setup#(\S+)/.exec(printed)?.[1],
    child,
    logged: () => logged,
    printed: () => printed,
    exited,
  };
}
