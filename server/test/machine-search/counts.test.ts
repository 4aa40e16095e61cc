import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Log } from '../../src/core/ports.ts';
import { foldDeltas, readLabelCounts } from '../../src/machine-search/counts/label-counts.ts';
import { NightlyCheck } from '../../src/machine-search/counts/nightly-check.ts';
import { SILENT } from '../support/start-test-server.ts';
import { createTestClock } from '../support/test-clock.ts';
import { DATABASE_KINDS } from '../support/test-databases.ts';
import { addMachine } from './support/add-machine.ts';
import { type SearchStage, setSearchStage } from './support/search-stage.ts';

const DAY = 24 * 60 * 60_000;

describe.each(DATABASE_KINDS)('counts of groups on $name', (kind) => {
  let stage: SearchStage;
  let companies: string[];
  let sites: string[];
  let errors: object[] = [];
  const log: Log = { ...SILENT, error: (fields) => void errors.push(fields) };

  beforeAll(async () => {
    stage = await setSearchStage(kind);
    companies = [];
    sites = [];
    for (const name of ['A', 'B', 'C']) {
      const { companyId } = await stage.admin.call('createCompany', { body: { name } });
      companies.push(companyId);
      const params = { companyId };
      sites.push((await stage.admin.call('createSite', { params, body: { name: 'Site' } })).siteId);
    }
  });
  afterAll(() => stage.close());

  const db = () => stage.database.db;
  const nightly = () => {
    const audit = { append: async (event: object) => void errors.push(event) };
    return new NightlyCheck({ db: db(), clock: stage.clock, log, audit });
  };
  /** What the counts should be, from the machines themselves. */
  const truth = async () => {
    const { rows } = await db().execute<{ key: string; n: number }>(sql`
      SELECT key, count(*)::int AS n FROM (
        SELECT unnest(ARRAY['all', 'company:' || company_id, 'site:' || site_id, 'os:' || lower(nullif(os_name, '')),
          'type:' || lower(nullif(device_type, '')), CASE WHEN attention IS NOT NULL THEN 'smart:attention' END,
          CASE WHEN online AND logged_on_user <> '' THEN 'smart:guest-connected' END,
          CASE WHEN agent_version = '1.1.0' THEN 'smart:outdated' END]
          || ARRAY(SELECT DISTINCT 'tag:' || lower(tag) FROM unnest(tags) tag)) AS key
        FROM machines WHERE removed_at IS NULL) keys WHERE key IS NOT NULL GROUP BY key`);
    return new Map(rows.map(({ key, n }) => [key, n]));
  };
  const expectRight = async () => {
    const counts = await stage.counts(stage.admin);
    for (const key of [...counts.keys()]) if (counts.get(key) === 0) counts.delete(key);
    expect(Object.fromEntries([...counts].sort())).toEqual(Object.fromEntries([...(await truth())].sort()));
  };

  it('are right after every kind of change, folded or not', async () => {
    await db().execute(sql`DELETE FROM machines`);
    const first = stage.clock.now();
    const labels = {
      osName: 'Debian 12',
      tags: ['VIP', 'vip', 'Lab'],
      deviceType: 'Server',
      agentVersion: '1.1.0',
    };
    const ids: string[] = [];
    for (let at = 0; at < 12; at += 1) {
      const company = at % 3;
      const site = at % 2 ? { siteId: sites[company] ?? null } : {};
      const machine = { companyId: companies[company] ?? '', ...site, ...(at % 4 ? labels : {}) };
      ids.push(await addMachine(db(), first, { hostname: `m${at}`, ...machine }));
    }
    await expectRight();
    const changes = [
      sql`UPDATE machines SET tags = ARRAY['lab', 'new'], device_type = 'server' WHERE hostname < 'm5'`,
      sql`UPDATE machines SET online = true, logged_on_user = 'x', seen_at = now() WHERE hostname > 'm3'`,
      sql`UPDATE machines SET logged_on_user = 'y' WHERE hostname > 'm5'`,
      sql`UPDATE machines SET online = false WHERE hostname = 'm7'`,
      sql`UPDATE machines SET attention = '{"note":"","by":null,"at":0}' WHERE hostname = 'm1'`,
      sql`UPDATE machines SET attention = '{"note":"x","by":null,"at":0}', agent_version = '1.2.0'
          WHERE hostname = 'm1'`,
      sql`UPDATE machines SET company_id = ${companies[1]}, site_id = ${sites[1]} WHERE hostname = 'm3'`,
      sql`UPDATE machines SET removed_at = now() WHERE hostname IN ('m2', 'm5')`,
      sql`UPDATE machines SET removed_at = NULL, os_name = 'Ubuntu' WHERE hostname = 'm5'`,
      sql`UPDATE machines SET last_check_in_at = now(), idle_ms = 5`,
      sql`DELETE FROM machines WHERE hostname = 'm9'`,
    ];
    for (const change of changes) {
      await db().execute(change);
      await expectRight();
    }
    expect(await foldDeltas(db(), 1_000_000)).toBeGreaterThan(0);
    expect(await foldDeltas(db(), 1_000_000)).toBe(0);
    await expectRight();
    expect(ids).toHaveLength(12);
  });

  it('stay right while two servers fold and machines change', async () => {
    const fold = async () => {
      for (let round = 0; round < 15; round += 1) await foldDeltas(db(), 7);
    };
    const change = async () => {
      for (let round = 0; round < 15; round += 1) {
        await db().execute(sql`UPDATE machines SET tags = ARRAY[${`t${round % 4}`}]`);
      }
    };
    await Promise.all([fold(), fold(), change()]);
    await expectRight();
    while ((await foldDeltas(db(), 50)) > 0);
    await expectRight();
  });

  it('are the same summed over companies and read for all of them', async () => {
    const everything = await readLabelCounts(db(), 'all');
    const summed = await readLabelCounts(db(), new Set(companies));
    const inOrder = (labels: typeof summed) =>
      labels.map(({ title: _, ...rest }) => JSON.stringify(rest)).sort();
    expect(inOrder(summed)).toEqual(inOrder(everything));
  });

  it('are compared with the machines at night; a difference is mended, logged and audited', async () => {
    errors = [];
    const check = nightly();
    expect(await check.run()).toEqual({ counts: 0, machines: 0 });
    expect(errors).toEqual([]);
    await db().execute(sql`UPDATE machine_counts SET n = n + 3 WHERE kind = 'os'`);
    await db().execute(sql`INSERT INTO machine_counts VALUES ('tag', ${companies[0]}, 'ghost', 'ghost', 2)`);
    await db().execute(sql`UPDATE machine_search SET words = 'wrong', online = NOT online WHERE host = 'm1'`);
    await db().execute(sql`DELETE FROM machine_search WHERE host = 'm3'`);
    const found = await check.run();
    expect(found.machines).toBe(2);
    expect(found.counts).toBeGreaterThan(2);
    expect(errors).toEqual([
      { counts: found.counts, machines: 2 },
      expect.objectContaining({ action: 'machine-counts.corrected' }),
    ]);
    await expectRight();
    expect((await stage.find(stage.admin, { query: 'm3' })).total).toBe(1);
    expect(await check.run()).toEqual({ counts: 0, machines: 0 });
    await check.close();
  });

  it('are checked once a day by one of several servers', async () => {
    const rows = async () =>
      (
        await db().execute<{ done: boolean }>(
          sql`SELECT ended_at IS NOT NULL AS done FROM machine_count_checks`,
        )
      ).rows;
    const before = (await rows()).length;
    const clock = createTestClock(Date.parse('2027-01-01T03:00:00Z'));
    const servers = [1, 2].map(
      () => new NightlyCheck({ db: db(), clock, log, audit: { append: async () => undefined } }),
    );
    for (const days of [1, 2]) {
      clock.advance(DAY);
      await vi.waitFor(
        async () => expect((await rows()).filter(({ done }) => done).length).toBe(before + days),
        30_000,
      );
    }
    await Promise.all(servers.map((server) => server.close()));
    expect((await rows()).length).toBe(before + 2);
  });
});
