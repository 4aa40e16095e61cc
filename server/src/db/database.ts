import type { NodePgDatabase } from 'drizzle-orm/node-postgres';

/**
 * What features query. The same code runs on PostgreSQL and on the embedded PGlite, so: no LISTEN/NOTIFY, no
 * advisory locks, no named prepared statements, nothing newer than PostgreSQL 15.
 *
 * PGlite is one session behind one connection: inside `transaction(async (tx) => …)` use `tx` alone and await
 * nothing that queries `db`, which would wait for the connection that the transaction holds.
 */
export type Database = NodePgDatabase<Record<string, never>>;

/** An open database and what belongs to it. */
export interface DatabaseHandle {
  readonly db: Database;
  readonly kind: 'postgres' | 'pglite';
  /** Whether the database answers now. */
  ping(): Promise<boolean>;
  /** Settles when the embedded database has died; never for PostgreSQL, whose pool reconnects. */
  readonly lost: Promise<Error>;
  /** Waits for running queries, then closes; the embedded database writes a checkpoint. May be called twice. */
  close(): Promise<void>;
  /** Writes a backup of the embedded database to a path; undefined for PostgreSQL, which has its own tools. */
  readonly backUp: ((path: string) => Promise<void>) | undefined;
}
