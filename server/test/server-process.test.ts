import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ApiClient, createApiClient } from './support/api-client.ts';
import { buildServerForTest, type ServerProcess, spawnServer } from './support/server-process.ts';
import { ADMIN } from './support/start-test-server.ts';
import { createPgliteData, DATABASE_KINDS, type TestDatabase } from './support/test-databases.ts';

beforeAll(buildServerForTest);

describe.each(DATABASE_KINDS)('the server as a process on $name', ({ create }) => {
  let database: TestDatabase;
  let running: ServerProcess | undefined;

  beforeEach(async () => {
    database = await create();
  });
  afterEach(async () => {
    running?.child.kill('SIGKILL');
    await running?.exited;
    await database.remove();
  });

  const start = async () => {
    running = await spawnServer(database);
    return running;
  };

  it('ends on SIGTERM in the middle of writes, and has every row that it acknowledged', async () => {
    const first = await start();
    const admin = await setUp(first);
    const acknowledged: string[] = [];
    let refused = 0;
    const writers = Array.from({ length: 4 }, async (_, writer) => {
      for (let n = 0; refused === 0; n += 1) {
        const name = `Team ${writer}-${n}`;
        try {
          await admin.call('createTeam', { body: { name } });
          acknowledged.push(name);
        } catch {
          refused += 1;
        }
        if (acknowledged.length === 40) first.child.kill('SIGTERM');
      }
    });
    await Promise.all(writers);
    expect(await first.exited).toBe(0);
    expect(acknowledged.length).toBeGreaterThanOrEqual(40);

    const second = await start();
    const again = createApiClient(second.url, { cookie: admin.cookie() ?? '' });
    // The login survived too.
    expect((await again.call('me')).username).toBe(ADMIN.username);
    const { teams } = await again.call('listTeams');
    expect(teams.map((team) => team.name)).toEqual(expect.arrayContaining(acknowledged));
    const { entries } = await again.call('listAudit', { query: { limit: 500 } });
    const audited = entries
      .filter((entry) => entry.action === 'team.created')
      .map((entry) => entry.details.name);
    expect(audited).toEqual(expect.arrayContaining(acknowledged));
  }, 60_000);

  it('has every acknowledged row after it was killed outright', async () => {
    const first = await start();
    const admin = await setUp(first);
    for (let n = 0; n < 10; n += 1) await admin.call('createTeam', { body: { name: `Team ${n}` } });
    first.child.kill('SIGKILL');
    await first.exited;
    const second = await start();
    const again = createApiClient(second.url, { cookie: admin.cookie() ?? '' });
    expect((await again.call('listTeams')).teams).toHaveLength(10);
  }, 60_000);
});

describe('the server as a process', () => {
  let database: TestDatabase;
  let running: ServerProcess | undefined;

  beforeEach(async () => {
    database = await createPgliteData();
  });
  afterEach(async () => {
    running?.child.kill('SIGKILL');
    await running?.exited;
    await database.remove();
  });

  it('prints its address and the set-up link for people, and keeps the link out of the log', async () => {
    running = await spawnServer(database, { LOG_LEVEL: 'debug' });
    expect(running.printed()).toContain(`GuruConnect listens on ${running.url}`);
    expect(running.setupToken).toMatch(/^[A-Za-z0-9_-]{43}$/);
    await setUp(running);
    expect(running.logged()).not.toContain(running.setupToken);
    expect(running.logged()).not.toContain(ADMIN.password);
    for (const line of running.logged().trim().split('\n')) expect(JSON.parse(line)).toHaveProperty('level');
  });

  it('lists every fault of its configuration and does not start', async () => {
    const failed = spawnServer(database, { PORT: 'eighty', HOST: 'here', DATABASE_URL: 'mysql://x' });
    await expect(failed).rejects.toThrow(
      /ended with 78[\s\S]*PORT[\s\S]*DATABASE_URL|ended with 78[\s\S]*HOST/,
    );
  });

  it('refuses a data directory that another server uses, and names it', async () => {
    running = await spawnServer(database);
    await expect(spawnServer(database)).rejects.toThrow(/another process uses .* \(pid \d+\)/);
    expect((await fetch(`${running.url}/readyz`)).status).toBe(200);
  }, 60_000);

  it('ends with an error when its database dies', async () => {
    running = await spawnServer(database);
    const { pid } = JSON.parse(readFileSync(join(database.dataDir, 'pglite.lock'), 'utf8'));
    process.kill(pid, 'SIGKILL');
    expect(await running.exited).toBe(1);
    expect(running.logged()).toContain('The embedded database ended unexpectedly (SIGKILL).');
  });
});

async function setUp(server: ServerProcess): Promise<ApiClient> {
  const admin = createApiClient(server.url);
  await admin.call('setUp', {
    body: { token: server.setupToken ?? '', companyName: 'Acme', ...ADMIN },
  });
  return admin;
}
