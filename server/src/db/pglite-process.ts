import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { forkArguments } from '../core/fork-arguments.ts';
import { FromPglite, type ToPglite } from './pglite-messages.ts';

/** The embedded database's process, as the server sees it. */
export interface PgliteProcess {
  /** Directory of the unix socket, to be given to `pg` as host. */
  readonly socketDir: string;
  /** Settles when the process ended although nobody asked it to. */
  readonly lost: Promise<Error>;
  /** Writes a backup to `path`; queries wait for about a second. */
  backUp(path: string): Promise<void>;
  /** Lets it write a checkpoint and end. */
  close(): Promise<void>;
}

/** The first start creates the files, which takes 4 s on a quiet machine and 15 s on a busy one. */
const START_TIMEOUT_MS = 120_000;
const CLOSE_TIMEOUT_MS = 8_000;

/** Starts `entry` (TypeScript, or JavaScript of a bundle) on the data directory. Rejects with the reason in plain words. */
export async function startPglite(entry: string, dataDir: string): Promise<PgliteProcess> {
  // A directory of its own that nobody else may enter; short, for socket paths end at 107 bytes.
  const socketDir = mkdtempSync(join(tmpdir(), 'gc-db-'));
  const child = fork(entry, [dataDir, join(socketDir, '.s.PGSQL.5432')], {
    execArgv: forkArguments(entry),
    // Nothing of the server's environment, with its secrets, is the database's business.
    env: {},
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const exited = new Promise<Error>((resolve) => {
    child.once('exit', (code, signal) => {
      rmSync(socketDir, { recursive: true, force: true });
      resolve(new Error(`The embedded database ended unexpectedly (${signal ?? `exit code ${code}`}).`));
    });
  });
  try {
    await untilReady(child, exited);
  } catch (error) {
    child.kill('SIGKILL');
    await exited;
    throw error;
  }
  return controlOf(child, socketDir, exited);
}

function controlOf(child: ChildProcess, socketDir: string, exited: Promise<Error>): PgliteProcess {
  let isClosing = false;
  return {
    socketDir,
    lost: new Promise((resolve) => {
      void exited.then((error) => {
        if (!isClosing) resolve(error);
      });
    }),
    backUp: (path) => backUp(child, path, exited),
    close: async () => {
      if (!isClosing) send(child, { type: 'close' });
      isClosing = true;
      const timer = setTimeout(() => child.kill('SIGKILL'), CLOSE_TIMEOUT_MS);
      await exited;
      clearTimeout(timer);
    },
  };
}

async function untilReady(child: ChildProcess, exited: Promise<Error>): Promise<void> {
  const answer = await Promise.race([
    nextMessage(child, (message) => message.type === 'ready' || message.type === 'failed'),
    exited,
    timeout(START_TIMEOUT_MS),
  ]);
  if (answer instanceof Error) throw answer;
  if (answer.type === 'failed') throw new Error(`The embedded database does not start: ${answer.message}.`);
}

async function backUp(child: ChildProcess, path: string, exited: Promise<Error>): Promise<void> {
  const answered = nextMessage(
    child,
    (message) => (message.type === 'backed-up' || message.type === 'backup-failed') && message.path === path,
  );
  send(child, { type: 'back-up', path });
  const answer = await Promise.race([answered, exited]);
  if (answer instanceof Error) throw answer;
  if (answer.type === 'backup-failed') throw new Error(`The backup failed: ${answer.message}.`);
}

function nextMessage(child: ChildProcess, wanted: (message: FromPglite) => boolean): Promise<FromPglite> {
  return new Promise((resolve) => {
    const listener = (raw: unknown) => {
      const message = z.parse(FromPglite, raw);
      if (!wanted(message)) return;
      child.off('message', listener);
      resolve(message);
    };
    child.on('message', listener);
  });
}

function timeout(ms: number): Promise<Error> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(new Error('The embedded database did not start in time.')), ms).unref();
  });
}

function send(child: ChildProcess, message: ToPglite): void {
  if (child.connected) child.send(message);
}
