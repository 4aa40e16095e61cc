import type { DatabaseHandle } from '../../src/db/database.ts';
import { migrate } from '../../src/db/migrate.ts';
import { openDatabase } from '../../src/db/open-database.ts';
import { SILENT } from './start-test-server.ts';
import { TEST_PATHS, type TestDatabase } from './test-databases.ts';

/** Opens a test's database without a server, brought up to date unless the test does that itself. */
export async function openTestDatabase(
  database: TestDatabase,
  options: { migrations?: string | null } = {},
): Promise<DatabaseHandle> {
  const handle = await openDatabase({
    databaseUrl: database.databaseUrl,
    dataDir: database.dataDir,
    pgliteEntry: TEST_PATHS.pgliteEntry,
    log: SILENT,
  });
  const { migrations: directory = TEST_PATHS.migrations } = options;
  if (directory !== null) await migrate({ db: handle.db, directory, log: SILENT });
  return handle;
}
