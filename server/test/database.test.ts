import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getTableColumns, getTableName, is, sql } from 'drizzle-orm';
import { PgTable } from 'drizzle-orm/pg-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { backUpOnceADay } from '../src/db/backups.ts';
import type { DatabaseHandle } from '../src/db/database.ts';
import { migrate } from '../src/db/migrate.ts';
import * as auditSchema from '../src/db/schema/audit.ts';
import * as deliverySchema from '../src/db/schema/delivery.ts';
import * as deploymentSchema from '../src/db/schema/deployment.ts';
import * as machineSearchSchema from '../src/db/schema/machine-search.ts';
import * as thumbnailsSchema from '../src/db/schema/machine-thumbnails.ts';
import * as machinesSchema from '../src/db/schema/machines.ts';
import * as peopleSchema from '../src/db/schema/people.ts';
import * as qualitySchema from '../src/db/schema/session-quality.ts';
import * as sessionsSchema from '../src/db/schema/sessions.ts';
import { openTestDatabase } from './support/open-test-database.ts';
import { SILENT } from './support/start-test-server.ts';
import { createTestClock } from './support/test-clock.ts';
import { createPgliteData, DATABASE_KINDS, TEST_PATHS, type TestDatabase } from './support/test-databases.ts';

describe.each(DATABASE_KINDS)('migrations on $name', ({ create }) => {
  let database: TestDatabase;
  let handle: DatabaseHandle;
  let directory: string;

  beforeAll(async () => {
    database = await create();
    handle = await openTestDatabase(database, { migrations: null });
  });
  afterAll(async () => {
    await handle.close();
    await database.remove();
  });
  beforeEach(async () => {
    await handle.db.execute(sql`DROP SCHEMA public CASCADE`);
    await handle.db.execute(sql`CREATE SCHEMA public`);
    directory = mkdtempSync(join(tmpdir(), 'gc-migrations-'));
    cpSync(TEST_PATHS.migrations, directory, { recursive: true });
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const run = () => migrate({ db: handle.db, directory, log: SILENT });
  const applied = async () =>
    (
      await handle.db.execute<{ name: string }>(sql`SELECT name FROM schema_migrations ORDER BY name`)
    ).rows.map((row) => row.name);

  it('make the tables that the code describes, and are applied once', async () => {
    await run();
    await run();
    expect(await applied()).toEqual(
      readdirSync(directory)
        .filter((name) => name.endsWith('.sql'))
        .sort(),
    );
    const { rows } = await handle.db.execute<{ name: string }>(
      sql`SELECT table_name || '.' || column_name || ' ' || is_nullable AS name FROM information_schema.columns
          WHERE table_schema = 'public' AND table_name <> 'schema_migrations'`,
    );
    expect(rows.map((row) => row.name).sort()).toEqual(describedColumns().sort());
  });

  it('run one at a time when two servers start at once', async () => {
    const other =
      database.databaseUrl === undefined ? handle : await openTestDatabase(database, { migrations: null });
    await Promise.all([run(), migrate({ db: other.db, directory, log: SILENT })]);
    if (other !== handle) await other.close();
    expect(new Set(await applied()).size).toBe(readdirSync(directory).length);
  });

  it('refuse a file that was changed after it was applied, line ends aside', async () => {
    writeFileSync(join(directory, '9000_extra.sql'), 'CREATE TABLE extra (id integer);\n');
    await run();
    writeFileSync(join(directory, '9000_extra.sql'), 'CREATE TABLE extra (id integer);\r\n');
    await run();
    writeFileSync(join(directory, '9000_extra.sql'), 'CREATE TABLE extra (id bigint);\n');
    await expect(run()).rejects.toThrow('Migration 9000_extra.sql was changed after it was applied');
  });

  it('refuse a database that is newer than the code', async () => {
    writeFileSync(join(directory, '9000_extra.sql'), 'CREATE TABLE extra (id integer);');
    await run();
    rmSync(join(directory, '9000_extra.sql'));
    await expect(run()).rejects.toThrow('does not know: it is newer');
  });

  it('leave nothing of a file that fails, keep those before it, and go on once it is mended', async () => {
    writeFileSync(join(directory, '9000_extra.sql'), 'CREATE TABLE extra (id integer); SELECT broken;');
    await expect(run()).rejects.toThrow();
    expect(await applied()).not.toContain('9000_extra.sql');
    await expect(handle.db.execute(sql`SELECT * FROM extra`)).rejects.toThrow();
    writeFileSync(join(directory, '9000_extra.sql'), 'CREATE TABLE extra (id integer);');
    await run();
    expect(await applied()).toContain('9000_extra.sql');
  });
});

describe('the embedded database', () => {
  let database: TestDatabase;
  let handle: DatabaseHandle;

  beforeAll(async () => {
    database = await createPgliteData();
    handle = await openTestDatabase(database);
  });
  afterAll(async () => {
    await handle.close();
    await database.remove();
  });

  it('lets many queries at once each have its own answer', async () => {
    const answers = await Promise.all(
      Array.from({ length: 100 }, async (_, n) => {
        const { rows } = await handle.db.execute<{ n: number; text: string }>(
          sql`SELECT ${n}::int AS n, ${`text ${n}`}::text AS text`,
        );
        return rows[0]?.n === n && rows[0].text === `text ${n}`;
      }),
    );
    expect(answers.every(Boolean)).toBe(true);
  });

  it('is reached by a socket that only its owner may open', () => {
    const sockets = readdirSync(tmpdir()).filter((name) => name.startsWith('gc-db-'));
    expect(sockets.length).toBeGreaterThan(0);
    for (const name of sockets) expect(statSync(join(tmpdir(), name)).mode & 0o077).toBe(0);
  });

  it('is backed up once a day, and old backups go', async () => {
    const directory = join(database.dataDir, 'backups');
    const clock = createTestClock(Date.parse('2026-03-01T03:30:00Z'));
    const options = { database: handle, clock, log: SILENT, directory, keepDays: 1 };
    for (let night = 0; night < 3; night += 1) {
      await backUpOnceADay(options);
      await backUpOnceADay(options);
      clock.advance(24 * 60 * 60_000);
    }
    const kept = ['guruconnect-2026-03-02.tar.gz', 'guruconnect-2026-03-03.tar.gz'];
    expect(readdirSync(directory).sort()).toEqual(kept);
    for (const name of kept) expect(statSync(join(directory, name)).mode & 0o077).toBe(0);
  }, 60_000);

  it('can be restored by unpacking a backup as its files', async () => {
    await handle.db.execute(sql`CREATE TABLE kept (text text)`);
    await handle.db.execute(sql`INSERT INTO kept VALUES ('still here')`);
    const restored = mkdtempSync(join(tmpdir(), 'gc-test-'));
    const backup = join(restored, 'backup.tar.gz');
    await handle.backUp?.(backup);
    mkdirSync(join(restored, 'pglite'));
    execFileSync('tar', ['-xzf', backup, '-C', join(restored, 'pglite')]);
    const again = await openTestDatabase({ ...database, dataDir: restored });
    expect((await again.db.execute(sql`SELECT text FROM kept`)).rows).toEqual([{ text: 'still here' }]);
    await again.close();
    rmSync(restored, { recursive: true });
  }, 60_000);

  it('keeps what was written when it closes in the middle of queries, and lets go of its lock', async () => {
    await handle.db.execute(sql`CREATE TABLE numbers (n integer)`);
    const writes = Array.from({ length: 50 }, (_, n) =>
      handle.db.execute(sql`INSERT INTO numbers VALUES (${n})`).then(
        () => true,
        () => false,
      ),
    );
    await handle.close();
    expect((await Promise.all(writes)).every(Boolean)).toBe(true);
    expect(existsSync(join(database.dataDir, 'pglite.lock'))).toBe(false);
    handle = await openTestDatabase(database);
    const { rows } = await handle.db.execute<{ count: string }>(sql`SELECT count(*) FROM numbers`);
    expect(Number(rows[0]?.count)).toBe(50);
  }, 60_000);
});

/** `table.column YES|NO` of all drizzle tables; drizzle knows a primary key as not null. */
function describedColumns(): string[] {
  const modules = [
    auditSchema,
    deliverySchema,
    deploymentSchema,
    machineSearchSchema,
    machinesSchema,
    peopleSchema,
    qualitySchema,
    sessionsSchema,
    thumbnailsSchema,
  ];
  return modules
    .flatMap((module) => Object.values(module))
    .filter((value): value is PgTable => is(value, PgTable))
    .flatMap((table) =>
      Object.values(getTableColumns(table)).map(
        (column) => `${getTableName(table)}.${column.name} ${column.notNull ? 'NO' : 'YES'}`,
      ),
    );
}
