import type { ApiQuery, MachineRow } from '@guruconnect/shared';
import { getTableColumns, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { machines } from '../../src/db/schema/machines.ts';
import { DATABASE_KINDS } from '../support/test-databases.ts';
import { addMachine } from './support/add-machine.ts';
import { type SearchStage, setSearchStage } from './support/search-stage.ts';

/** More than are sorted at once, and so many that are not. */
const MANY = 10_040;
const SOME = 150;

describe.each(DATABASE_KINDS)('among very many machines on $name', (kind) => {
  let stage: SearchStage;
  const find = (query: ApiQuery<'listMachines'>) => stage.admin.call('listMachines', { query });

  beforeAll(async () => {
    stage = await setSearchStage(kind);
    const { db } = stage.database;
    const { companyId } = await stage.admin.call('createCompany', { body: { name: 'Glazier' } });
    const machine = {
      companyId,
      osName: 'Windows 11 Pro',
      osFamily: 'windows',
      deviceType: 'laptop',
    } as const;
    const id = await addMachine(db, stage.clock.now(), { ...machine, hostname: 'copied' });
    // All but those that the database works out.
    const columns = sql.raw(
      Object.values(getTableColumns(machines))
        .filter(({ generated }) => !generated)
        .map(({ name }) => name)
        .join(', '),
    );
    await db.execute(
      sql`INSERT INTO machines (${columns}) SELECT ${columns} FROM (SELECT (jsonb_populate_record(m, jsonb_build_object(
            'id', gen_random_uuid(), 'public_key', 'key-' || n,
            'hostname', CASE WHEN n <= ${SOME} THEN 'pro-' ELSE 'pc-' END || lpad(n::text, 5, '0'),
            'device_type', CASE WHEN n <= ${SOME} THEN 'server' ELSE 'laptop' END,
            'agent_version', '1.' || n % 7 || '.0', 'logged_on_user', 'user' || n % 11, 'online', n % 3 = 0
          ))).* FROM machines m, generate_series(1, ${MANY - 1}) n WHERE m.id = ${id}) copies`,
    );
  }, 240_000);
  afterAll(() => stage.close());

  it('counts few exactly, and very many when it is asked to', async () => {
    const quick = (query: string) => find({ query, limit: 1, count: 'quick' });
    expect(await quick('type:server')).toMatchObject({ total: SOME, isTotalExact: true });
    expect(await quick('windows')).toMatchObject({ total: 10_000, isTotalExact: false });
    expect(await find({ query: 'windows', limit: 1 })).toMatchObject({ total: MANY, isTotalExact: true });
    expect(await find({ limit: 1, count: 'quick' })).toMatchObject({ total: MANY, isTotalExact: true });
    expect(await quick('type:nothing')).toEqual({ machines: [], total: 0, isTotalExact: true, offset: 0 });
  });

  it('counts what is further down than the list goes', async () => {
    expect(await find({ query: 'type:server', offset: 500 })).toMatchObject({ machines: [], total: SOME });
    expect(await find({ query: 'windows', offset: 20_000, count: 'quick' })).toMatchObject({ machines: [] });
  });

  it('lists those that have a word in their name first, then all others by name, without a gap', async () => {
    const pages = [];
    for (const offset of [0, 100, 200])
      pages.push(...(await find({ query: 'pro', offset, limit: 100, count: 'quick' })).machines);
    const names = pages.map(({ name }) => name);
    expect(names.slice(0, SOME)).toEqual(numbered('pro-', 1, SOME));
    expect(names.slice(SOME)).toEqual(['copied', ...numbered('pc-', SOME + 1, 299)]);
  });

  it.each([
    ['user', (row: MachineRow) => row.user],
    ['online', (row: MachineRow) => (row.online ? '0' : '1')],
    ['agentVersion', (row: MachineRow) => row.agentVersion],
    ['company', (row: MachineRow) => row.company.name],
  ] as const)('sorts few by %s, then by name', async (sort, shownIn) => {
    const up = (await find({ query: 'type:server', sort, limit: 200 })).machines;
    const keys = up.map((row) => `${shownIn(row)} ${row.name}`);
    expect(keys).toHaveLength(SOME);
    expect(keys).toEqual(keys.toSorted());
    const down = (await find({ query: 'type:server', sort, direction: 'down', limit: 200 })).machines;
    expect(down.map((row) => shownIn(row))).toEqual(up.map((row) => shownIn(row)).toReversed());
    const middle = (await find({ query: 'type:server', sort, offset: 40, limit: 20 })).machines;
    expect(middle).toEqual(up.slice(40, 60));
  });
});

function numbered(prefix: string, first: number, last: number): string[] {
  return Array.from(
    { length: last - first + 1 },
    (_, at) => `${prefix}${String(first + at).padStart(5, '0')}`,
  );
}
