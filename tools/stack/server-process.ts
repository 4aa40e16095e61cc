import { join } from 'node:path';
import { ManagedProcess } from './managed-process.ts';

export interface ServerOptions {
  readonly root: string;
  readonly dataDir: string;
  /** 0, the default: any free port. */
  readonly port?: number;
  /** Address to listen on; 127.0.0.1 by default. */
  readonly host?: string;
  /** Further variables of its configuration, for example `DATABASE_URL`. */
  readonly env?: Readonly<Record<string, string>>;
  /** Runs it inside something else, for example a network namespace. */
  readonly wrap?: (program: string, args: readonly string[]) => { program: string; args: string[] };
  readonly logFile?: string;
}

/** A running server, as the processes beside it see it. */
export interface ServerProcess {
  readonly process: ManagedProcess;
  /** Where it listens, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  /** The token of the set-up link; undefined once an administrator exists. */
  readonly setupToken: string | undefined;
}

/** The first start of the embedded database takes four seconds alone and fifteen on a busy machine. */
const START_TIMEOUT_MS = 90_000;

/** Starts the bundled server in a process of its own and waits until it is ready. */
export async function startServerProcess(options: ServerOptions): Promise<ServerProcess> {
  const args = ['--enable-source-maps', join(options.root, 'dist', 'server', 'main.mjs')];
  const command = options.wrap?.(process.execPath, args) ?? { program: process.execPath, args };
  const server = new ManagedProcess({
    name: 'server',
    ...command,
    cwd: options.root,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      TMPDIR: process.env.TMPDIR,
      HOST: options.host ?? '127.0.0.1',
      PORT: String(options.port ?? 0),
      DATA_DIR: options.dataDir,
      ...options.env,
    },
    ...(options.logFile ? { logFile: options.logFile } : {}),
  });
  try {
    const isPublic = options.env?.PUBLIC_URL !== undefined;
    const greeting = isPublic ? /On this computer: (\S+)\n/ : /listens on (\S+)\n/;
    const [, url = ''] = await server.waitFor(greeting, START_TIMEOUT_MS);
    await untilReady(server, url);
    const setupToken = /\/setup#([A-Za-z0-9_-]{43})(?![\w-])/.exec(server.output)?.[1];
    return { process: server, url, port: Number(new URL(url).port), setupToken };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function untilReady(server: ManagedProcess, url: string): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (server.isRunning && Date.now() < deadline) {
    const ready = await fetch(`${url}/readyz`).then(
      (response) => response.ok,
      () => false,
    );
    if (ready) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`The server did not become ready. It printed:\n${server.output}`);
}
