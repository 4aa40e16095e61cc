import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { pgTable, text } from 'drizzle-orm/pg-core';
import type { Log } from '../core/ports.ts';
import type { Database } from './database.ts';
import { instant } from './instant.ts';
import { isUniqueViolation } from './unique-violation.ts';

const schemaMigrations = pgTable('schema_migrations', {
  name: text().primaryKey(),
  sha256: text().notNull(),
  appliedAt: instant('applied_at').notNull(),
});

interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly sha256: string;
}

/**
 * Brings the database to the newest migration: the `.sql` files of `directory` in order of name, each in its own
 * transaction. Forward only. Throws, having changed nothing, when a file that was applied has changed or is gone:
 * the code would then not fit the database.
 */
export async function migrate(deps: { db: Database; directory: string; log: Log }): Promise<void> {
  const migrations = await readMigrations(deps.directory);
  await createHistory(deps.db);
  checkHistory(await deps.db.select().from(schemaMigrations), migrations);
  for (const migration of migrations) {
    if (await applyOnce(deps.db, migration)) {
      deps.log.info({ migration: migration.name }, 'migration applied');
    }
  }
}

async function readMigrations(directory: string): Promise<Migration[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.sql')).sort();
  if (names.length === 0) throw new Error(`There are no migrations in ${directory}.`);
  return Promise.all(
    names.map(async (name) => {
      // A checkout on Windows may have other line ends; it is the same migration.
      const content = (await readFile(join(directory, name), 'utf8')).replaceAll('\r\n', '\n');
      return { name, sql: content, sha256: createHash('sha256').update(content).digest('hex') };
    }),
  );
}

async function createHistory(db: Database): Promise<void> {
  const create = sql`CREATE TABLE IF NOT EXISTS schema_migrations (
    name text PRIMARY KEY, sha256 text NOT NULL, applied_at timestamptz NOT NULL)`;
  // Two servers that create it at once: PostgreSQL refuses one of them in spite of IF NOT EXISTS.
  await db.execute(create).catch((error) => {
    if (!isUniqueViolation(error)) throw error;
  });
}

function checkHistory(applied: { name: string; sha256: string }[], migrations: Migration[]): void {
  const known = new Map(migrations.map((migration) => [migration.name, migration.sha256]));
  for (const { name, sha256 } of applied) {
    if (!known.has(name)) {
      throw new Error(`The database has migration ${name}, which this version does not know: it is newer.`);
    }
    if (known.get(name) !== sha256) {
      throw new Error(`Migration ${name} was changed after it was applied. Add a new migration instead.`);
    }
  }
}

/** Two servers that start at once wait for one another at the table lock; the second finds the row. */
async function applyOnce(db: Database, migration: Migration): Promise<boolean> {
  return db.transaction(async (tx) => {
    await tx.execute(sql`LOCK TABLE schema_migrations IN EXCLUSIVE MODE`);
    const rows = await tx
      .select({ name: schemaMigrations.name })
      .from(schemaMigrations)
      .where(sql`${schemaMigrations.name} = ${migration.name}`);
    if (rows.length > 0) return false;
    await tx.execute(sql.raw(migration.sql));
    await tx
      .insert(schemaMigrations)
      .values({ name: migration.name, sha256: migration.sha256, appliedAt: Date.now() });
    return true;
  });
}
