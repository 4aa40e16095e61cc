import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPglite } from '../../src/db/pglite-process.ts';
import { serverPaths } from '../../src/server-paths.ts';
import { startPostgres, type TestPostgres } from './postgres.ts';

/** Where a test's server keeps its data. */
export interface TestDatabase {
  readonly databaseUrl: string | undefined;
  readonly dataDir: string;
  remove(): Promise<void>;
}

export interface DatabaseKind {
  readonly name: 'PGlite' | 'PostgreSQL';
  create(): Promise<TestDatabase>;
}

/** For `describe.each`: what talks to the database is tested on both. */
export const DATABASE_KINDS: readonly DatabaseKind[] = [
  { name: 'PGlite', create: createPgliteData },
  { name: 'PostgreSQL', create: createPostgresData },
];

export const TEST_PATHS = serverPaths(new URL('../../src/main.ts', import.meta.url).href);

/** An empty PGlite takes seconds to make, a copy of one a fraction: the first test leaves one in the user's cache. */
export async function createPgliteData(): Promise<TestDatabase> {
  const template = await pgliteTemplate();
  const dataDir = mkdtempSync(join(tmpdir(), 'gc-test-'));
  cpSync(template, join(dataDir, 'pglite'), { recursive: true });
  return { databaseUrl: undefined, dataDir, remove: async () => removeDir(dataDir) };
}

async function createPostgresData(): Promise<TestDatabase> {
  const postgres: TestPostgres = await startPostgres();
  const dataDir = mkdtempSync(join(tmpdir(), 'gc-test-'));
  return {
    databaseUrl: await postgres.createDatabase(),
    dataDir,
    remove: async () => {
      await postgres.stop();
      removeDir(dataDir);
    },
  };
}

async function pgliteTemplate(): Promise<string> {
  const cache = join(homedir(), '.cache', 'guruconnect');
  const template = join(cache, `pglite-${pgliteVersion()}`);
  if (existsSync(template)) return template;
  mkdirSync(cache, { recursive: true });
  const scratch = mkdtempSync(join(cache, 'making-'));
  const pglite = await startPglite(TEST_PATHS.pgliteEntry, scratch);
  await pglite.close();
  try {
    renameSync(join(scratch, 'pglite'), template);
  } catch (error) {
    // Another worker was first.
    if (!existsSync(template)) throw error;
  }
  removeDir(scratch);
  return template;
}

/** The name of the cached copy changes with the code that made it. */
function pgliteVersion(): string {
  const entry = createRequire(import.meta.url).resolve('@electric-sql/pglite');
  return createHash('sha256').update(readFileSync(entry)).digest('hex').slice(0, 16);
}

function removeDir(directory: string): void {
  rmSync(directory, { recursive: true, force: true });
}
