import { setTimeout as sleep } from 'node:timers/promises';
import { drizzle } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import type { Log } from '../core/ports.ts';
import type { Database, DatabaseHandle } from './database.ts';
import { type PgliteProcess, startPglite } from './pglite-process.ts';

export interface OpenDatabaseOptions {
  readonly databaseUrl: string | undefined;
  readonly dataDir: string;
  /** Entry of the embedded database's process: `pglite-child.ts` or its bundle. */
  readonly pgliteEntry: string;
  readonly log: Log;
}

const POSTGRES_CONNECTIONS = 10;
/** Turns a query that waits for itself (see Database) into an error instead of a hang. */
const CONNECTION_WAIT_MS = 15_000;
/** How long queries may still take when the database closes. */
const DRAIN_MS = 3_000;
const DRAIN_POLL_MS = 10;

/** Opens PostgreSQL when there is a URL, otherwise the embedded database in the data directory. */
export async function openDatabase(options: OpenDatabaseOptions): Promise<DatabaseHandle> {
  if (options.databaseUrl !== undefined) {
    const pool = new pg.Pool({
      connectionString: options.databaseUrl,
      max: POSTGRES_CONNECTIONS,
      connectionTimeoutMillis: CONNECTION_WAIT_MS,
    });
    return handleOf(pool, undefined, options.log);
  }
  const pglite = await startPglite(options.pgliteEntry, options.dataDir);
  // One connection: pglite-socket mixes the unnamed statements of several (statements of one replace another's).
  const pool = new pg.Pool({
    host: pglite.socketDir,
    user: 'postgres',
    database: 'postgres',
    max: 1,
    connectionTimeoutMillis: CONNECTION_WAIT_MS,
  });
  return handleOf(pool, pglite, options.log);
}

function handleOf(pool: pg.Pool, pglite: PgliteProcess | undefined, log: Log): DatabaseHandle {
  pool.on('error', (error) => log.warn({ err: error }, 'a database connection was lost'));
  const db: Database = drizzle(pool);
  let closed: Promise<void> | undefined;
  return {
    db,
    kind: pglite ? 'pglite' : 'postgres',
    ping: () =>
      pool.query('select 1').then(
        () => true,
        () => false,
      ),
    lost: pglite ? pglite.lost : new Promise(() => undefined),
    backUp: pglite ? (path) => pglite.backUp(path) : undefined,
    close: () => {
      closed ??= drain(pool)
        .then(() => pool.end())
        .then(() => pglite?.close());
      return closed;
    },
  };
}

/** Waits for queries that run and that wait for a connection: `end` alone would leave the latter without an answer. */
async function drain(pool: pg.Pool): Promise<void> {
  const deadline = Date.now() + DRAIN_MS;
  while (pool.waitingCount > 0 || pool.idleCount < pool.totalCount) {
    if (Date.now() > deadline) return;
    await sleep(DRAIN_POLL_MS);
  }
}
