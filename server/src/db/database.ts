import type { NodePgDatabase } from 'drizzle-orm/node-postgres';

/**
 * What features query. The same code runs on PostgreSQL and on the embedded PGlite, so: no LISTEN/NOTIFY, no
 * advisory locks, no named prepared statements, nothing newer than PostgreSQL 15.
 */
export type Database = NodePgDatabase<Record<string, never>>;
