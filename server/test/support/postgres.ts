import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';

/** A real PostgreSQL that lives as long as the test that started it. */
export interface TestPostgres {
  /** URL of its `postgres` database. */
  readonly url: string;
  /** Makes an empty database and returns its URL. */
  createDatabase(): Promise<string>;
  stop(): Promise<void>;
}

const BIN = '/usr/lib/postgresql/15/bin';
const START_TIMEOUT_MS = 30_000;

/** Starts PostgreSQL 15 in a directory of its own, reached by a unix socket, without fsync. */
export async function startPostgres(): Promise<TestPostgres> {
  const directory = mkdtempSync(join(tmpdir(), 'gc-pg-'));
  const user = unprivilegedUser();
  if (user) chownSync(directory, user.uid, user.gid);
  const data = join(directory, 'data');
  const flags = ['-A', 'trust', '-U', 'postgres', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'];
  await promisify(execFile)(join(BIN, 'initdb'), ['-D', data, ...flags], { ...user, cwd: directory });
  const server = runServer(directory, data, user);
  const urlOf = (database: string) => `postgres://postgres@localhost/${database}?host=${directory}`;
  const stop = async () => {
    await endOf(server);
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    await untilItAnswers(urlOf('postgres'), server);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url: urlOf('postgres'),
    createDatabase: async () => {
      const name = `test_${randomUUID().replaceAll('-', '')}`;
      await query(urlOf('postgres'), `CREATE DATABASE ${name}`);
      return urlOf(name);
    },
    stop,
  };
}

function runServer(directory: string, data: string, user: Ids | undefined): ChildProcess {
  const settings = {
    listen_addresses: '',
    unix_socket_directories: directory,
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    max_connections: '100',
    // As PostgreSQL has it by itself: with less, large tables are measured slower than they are.
    shared_buffers: '128MB',
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const identity = user ? [`--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups'] : [];
  // Should the test die, the kernel tells PostgreSQL to end too.
  const wrapper = ['--pdeathsig', 'INT', ...identity, join(BIN, 'postgres'), '-D', data, ...flags];
  return spawn('setpriv', wrapper, { stdio: 'ignore', cwd: directory });
}

interface Ids {
  readonly uid: number;
  readonly gid: number;
}

/** PostgreSQL refuses to run as root; Debian's package has made it a user. */
function unprivilegedUser(): Ids | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

async function untilItAnswers(url: string, server: ChildProcess): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    try {
      return await query(url, 'SELECT 1');
    } catch (error) {
      if (server.exitCode !== null || Date.now() > deadline) throw error;
      await sleep(30);
    }
  }
}

async function query(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** SIGQUIT ends at once: nothing in it is to be kept. */
async function endOf(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const exited = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGQUIT');
  await exited;
}
