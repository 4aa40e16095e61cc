import { QUERY_FIELDS } from '@guruconnect/shared';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DATABASE_KINDS } from '../support/test-databases.ts';
import { addMachine } from './support/add-machine.ts';
import { type SearchStage, setSearchStage } from './support/search-stage.ts';

const HOSTILE = [
  ...[
    "'",
    "''",
    "'; DROP TABLE machines; --",
    "' OR '1'='1",
    '$1',
    '$$',
    '\\',
    '\\\\',
    '\\"',
    '%',
    '_',
    '%%%',
    '\\%',
  ],
  ...[
    '<script>alert(1)</script>',
    '\u202egnirts',
    '💥',
    'a'.repeat(400),
    '((((',
    '[a-z',
    '(a+)+$',
    '.+',
    '{1,9999}',
  ],
  ...[
    'NULL',
    '{}',
    '{1,2}',
    '"',
    '1; SELECT pg_sleep(9)',
    'a\u001fb',
    'ÄÖÜß',
    '\ud800',
    'İİ',
    '/*',
    '*/',
    ':a',
  ],
];
const quoted = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`;

describe.each(DATABASE_KINDS)('hostile text on $name', (kind) => {
  let stage: SearchStage;
  let companyId: string;

  beforeAll(async () => {
    stage = await setSearchStage(kind);
    companyId = (await stage.admin.call('createCompany', { body: { name: 'Glazier' } })).companyId;
    await addMachine(stage.database.db, stage.clock.now(), { companyId, hostname: 'plain' });
  });
  afterAll(() => stage.close());

  it('finds nothing, harms nothing and breaks nothing in any field', async () => {
    for (const text of HOSTILE) {
      const fields = QUERY_FIELDS.filter((field) => field.kind === 'text').map(({ name }) => name);
      const queries = ['', ...fields, 'prop.key'].flatMap((name) => {
        const withWildcard = ['', 'name', 'tag', 'ip', 'prop.key', 'company'].includes(name);
        return [text, ...(withWildcard ? [`${text}*zq`] : [])].map((value) =>
          (name && `${name}:`)
            .concat(quoted(value))
            .slice(0, 499)
            .replace(/([^"])$/, '$1"'),
        );
      });
      for (const query of queries) {
        const { status, body } = await stage.admin.send('listMachines', { query: { query } });
        expect([200, 400], `${query} ${JSON.stringify(body)}`).toContain(status);
        if (status === 200) expect(body, query).toMatchObject({ machines: [], total: 0 });
      }
    }
    expect((await stage.find(stage.admin, {})).names).toEqual(['plain']);
  }, 240_000);

  it('is a group without machines, a suggestion of nothing, a machine that does not exist', async () => {
    for (const text of [...HOSTILE, '\u0000', 'a\u0000b']) {
      const short = text.slice(0, 80);
      for (const group of ['company', 'site', 'os', 'tag', 'type'].map((name) => `${name}:${short}`)) {
        expect(await stage.find(stage.admin, { group }), group).toEqual({ total: 0, names: [] });
      }
      for (const label of ['user', 'tag', 'company'] as const) {
        const { values } = await stage.admin.call('suggestLabels', { query: { label, prefix: short } });
        expect(values).toEqual([]);
      }
      const found = await stage.admin.send('findMachine', {
        query: { host: text.slice(0, 200), serial: short },
      });
      expect(found.status).toBe(404);
      const property = await stage.admin.send('findMachine', { query: { property: 'key', value: text } });
      expect(property.status).toBe(404);
    }
    for (const group of ['smart:none', 'filter:none', 'filter:00000000-0000-4000-8000-000000000000']) {
      expect((await stage.admin.send('listMachines', { query: { group } })).status).toBe(404);
    }
    for (const group of ['', 'x', 'all:1', 'company:', `tag:${'a'.repeat(200)}`]) {
      expect((await stage.admin.send('listMachines', { query: { group } })).status).toBe(400);
    }
  });

  it('in names and labels of machines is found as it is, counted and grouped', async () => {
    const { db } = stage.database;
    for (const [at, text] of HOSTILE.filter((one) => one !== '\ud800' && one !== 'a\u001fb').entries()) {
      const label = text.slice(0, 80);
      const osName = text.slice(0, 200);
      const values = {
        hostname: `h${at}`,
        name: label,
        tags: [label],
        deviceType: label,
        osName,
        serial: label,
      };
      const id = await addMachine(db, stage.clock.now(), { companyId, ...values, properties: { key: text } });
      const query = `serial:${quoted(label)} tag:${quoted(label)} host:h${at}`;
      const found = await stage.admin.call('listMachines', { query: { query } });
      expect(
        found.machines.map(({ machineId, name }) => [machineId, name]),
        query,
      ).toEqual([[id, label]]);
      stage.clock.advance(1_000);
      const { counts } = await stage.admin.call('countMachines');
      for (const kindOf of ['tag:', 'type:', 'os:']) {
        const group = counts.find(({ key, title }) => key.startsWith(kindOf) && title.startsWith(label));
        expect(group?.count, `${kindOf}${label}`).toBe(1);
        expect((await stage.find(stage.admin, { group: group?.key })).total).toBe(1);
      }
      await db.execute(sql`DELETE FROM machines WHERE id = ${id}`);
    }
  });

  it('says where a query is none, without asking the database', async () => {
    const { status, body } = await stage.admin.send('listMachines', { query: { query: 'plain hots:a' } });
    expect(status).toBe(400);
    expect(body).toMatchObject({
      error: { code: 'invalid-message', details: { problem: { at: 6, length: 4 } } },
    });
  });
});
