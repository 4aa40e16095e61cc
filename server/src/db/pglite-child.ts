import { chmodSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import * as z from 'zod/mini';
import { lockDataDir } from './data-dir-lock.ts';
import { type FromPglite, ToPglite } from './pglite-messages.ts';

/**
 * The process of the embedded database: PGlite behind a unix socket. It runs apart because PGlite computes on the
 * JavaScript thread and would stall the server for seconds. Arguments: data directory, socket path.
 */
const LOCK_WAIT_MS = 8_000;

const [dataDir, socketPath] = process.argv.slice(2);
if (!dataDir || !socketPath) throw new Error('usage: pglite-child <data directory> <socket path>');

// The server decides when the database closes; a Ctrl-C or a service manager signals both processes at once.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);

run(dataDir, socketPath).catch((error: unknown) => {
  tell({ type: 'failed', message: messageOf(error) });
  process.exitCode = 1;
  if (process.connected) process.disconnect();
});

async function run(root: string, socket: string): Promise<void> {
  mkdirSync(root, { recursive: true, mode: 0o700 });
  const unlock = await lockDataDir(join(root, 'pglite.lock'), LOCK_WAIT_MS);
  try {
    const files = join(root, 'pglite');
    mkdirSync(files, { recursive: true, mode: 0o700 });
    const pglite = await PGlite.create({ dataDir: files, extensions: { pg_trgm } });
    // The second place is for a connection that replaces one which is still closing.
    const server = new PGLiteSocketServer({ db: pglite, path: socket, maxConnections: 2 });
    await server.start();
    chmodSync(socket, 0o600);
    tell({ type: 'ready' });
    await untilClosed(pglite);
    await server.stop();
    await pglite.exec('CHECKPOINT');
    await pglite.close();
  } finally {
    unlock();
    // The server does this too, unless it was killed.
    rmSync(dirname(socket), { recursive: true, force: true });
  }
  process.exit(0);
}

/** Serves messages until the server asks to close, or is gone. */
function untilClosed(pglite: PGlite): Promise<void> {
  return new Promise((resolve) => {
    process.once('disconnect', resolve);
    process.on('message', (raw) => {
      const message = z.parse(ToPglite, raw);
      if (message.type === 'close') resolve();
      else void backUp(pglite, message.path);
    });
  });
}

/** Writes the whole data directory as a tar.gz; the file appears under its name only when it is complete. */
async function backUp(pglite: PGlite, path: string): Promise<void> {
  const draft = `${path}.part`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    await pglite.exec('CHECKPOINT');
    // Waits for the running query, and lets the next ones wait; to be called outside `runExclusive`.
    const dump = await pglite.dumpDataDir('gzip');
    await writeFile(draft, Buffer.from(await dump.arrayBuffer()), { mode: 0o600 });
    renameSync(draft, path);
    tell({ type: 'backed-up', path });
  } catch (error) {
    rmSync(draft, { force: true });
    tell({ type: 'backup-failed', path, message: messageOf(error) });
  }
}

function tell(message: FromPglite): void {
  if (process.connected) process.send?.(message);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
