import type { ApiQuery, MachineSortKey } from '@guruconnect/shared';
import { MachineSortKey as SortKeys } from '@guruconnect/shared';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiClient } from '../support/api-client.ts';
import { DATABASE_KINDS } from '../support/test-databases.ts';
import { addMachine } from './support/add-machine.ts';
import { type SearchStage, setSearchStage } from './support/search-stage.ts';

const DAY = 24 * 60 * 60_000;

const SECRET = {
  name: 'Zebra One',
  hostname: 'ZEBRA-01',
  department: 'Zebradept',
  deviceType: 'Zebratype',
  tags: ['zebratag'],
  notes: 'zebranote',
  properties: { zebraprop: 'zebravalue' },
  osName: 'ZebraOS 1',
  osBuild: 'zebrabuild',
  manufacturer: 'Zebramaker',
  model: 'Zebramodel',
  serial: 'ZEBRASERIAL',
  serviceTag: 'ZEBRATAGNO',
  agentVersion: '0.0.77',
  loggedOnUser: 'zebrauser',
  internalIps: ['10.77.77.77'],
  macs: ['77:77:77:77:77:77'],
  externalIp: '77.77.77.77',
  online: true,
  attention: { note: 'zebra', by: null, at: 0 },
};

describe.each(DATABASE_KINDS)(
  'a technician and machines of companies they are not assigned to, on $name',
  (kind) => {
    let stage: SearchStage;
    let technician: ApiClient;
    let assigned: ApiClient;
    let senior: ApiClient;
    let secretCompany: string;
    let secretSite: string;
    let secretId: string;

    beforeAll(async () => {
      stage = await setSearchStage(kind);
      const { admin, clock } = stage;
      const { db } = stage.database;
      technician = (await stage.hire('tom', 'technician')).client;
      senior = (await stage.hire('sue', 'senior')).client;
      const { client, userId } = await stage.hire('ann', 'technician');
      assigned = client;
      const open = await admin.call('createCompany', { body: { name: 'Open' } });
      const secret = await admin.call('createCompany', { body: { name: 'Zebra Holding' } });
      secretCompany = secret.companyId;
      await admin.call('changeCompany', {
        params: { companyId: secretCompany },
        body: { access: 'assigned', assignedUserIds: [userId] },
      });
      const params = { companyId: secretCompany };
      secretSite = (await admin.call('createSite', { params, body: { name: 'Zebra House' } })).siteId;
      const now = clock.now();
      const times = {
        seenAt: now,
        lastCheckInAt: now,
        lastAccessedAt: now,
        bootedAt: now,
        osInstalledAt: now,
      };
      const companyId = secretCompany;
      secretId = await addMachine(db, now, { companyId, siteId: secretSite, ...SECRET, ...times });
      stage.hosted.add(secretId);
      for (let at = 0; at < 3; at += 1) {
        await addMachine(db, now - DAY, {
          companyId: open.companyId,
          hostname: `open-${at}`,
          osName: 'Debian',
          tags: ['a'],
        });
      }
    });
    afterAll(() => stage.close());

    /** Everything that finds the machine for those who reach it. */
    const QUERIES = [
      ...[
        'zebra',
        'zebra*1',
        'name:zebra',
        'host:zebra',
        'company:zebra*',
        'site:"zebra house"',
        'site:*',
        'is:hosted',
      ],
      ...[
        'department:zebradept',
        'type:zebratype',
        'tag:zebratag',
        '-tag:a',
        'os:zebraos',
        'build:zebrabuild',
        'is:online',
      ],
      ...[
        'user:zebrauser',
        'user:*',
        'ip:10.77.*',
        'internal:10.77.77.77',
        'external:77.*',
        'mac:77:*',
        'is:flagged',
      ],
      ...[
        'serial:zebraserial',
        'servicetag:zebratagno',
        'manufacturer:zebramaker',
        'model:zebramodel',
        'version:0.0.77',
      ],
      ...[
        'note:zebranote',
        'prop.zebraprop:zebravalue',
        'prop.zebraprop:*',
        '-open',
        'seen<1h',
        'checkin<1h',
        'booted<1h',
      ],
      ...[
        'accessed<1h',
        'installed<1h',
        'is:guested',
        'is:outdated',
        '77.77.77.77',
        'zebravalue',
        '-os:debian',
      ],
    ];

    it.each(QUERIES)('%s finds it for those who reach it alone', async (query) => {
      expect(await stage.find(assigned, { query })).toEqual({ total: 1, names: ['Zebra One'] });
      expect(await stage.find(senior, { query })).toEqual({ total: 1, names: ['Zebra One'] });
      expect(await stage.find(technician, { query })).toEqual({ total: 0, names: [] });
    });

    it('no group shows it', async () => {
      const groups = (await stage.admin.call('countMachines')).counts.map(({ key }) => key);
      expect(groups).toContain(`site:${secretSite}`);
      for (const group of [...groups, `company:${secretCompany}`, 'tag:ZEBRATAG']) {
        const { names } = await stage.find(technician, { group });
        expect(names.filter((name) => !name.startsWith('open-'))).toEqual([]);
      }
      expect(await stage.find(assigned, { group: `company:${secretCompany}` })).toMatchObject({ total: 1 });
    });

    it('an unseen company answers as one that does not exist', async () => {
      const unknown = 'company:00000000-0000-4000-8000-000000000000';
      const ask = (group: string) => technician.send('listMachines', { query: { group } });
      const [hidden, none] = [await ask(`company:${secretCompany}`), await ask(unknown)];
      expect({ status: hidden.status, body: hidden.body }).toEqual({ status: none.status, body: none.body });
    });

    it('counts leave it out, and name nothing of it', async () => {
      stage.clock.advance(1_000);
      const { counts } = await technician.call('countMachines');
      expect(JSON.stringify(counts).toLowerCase()).not.toMatch(/zebra|0\.0\.77/);
      expect(JSON.stringify(counts)).not.toContain(secretCompany);
      const byKey = new Map(counts.map(({ key, count }) => [key, count]));
      expect(byKey.get('all')).toBe(3);
      for (const [key, count] of byKey) if (key.startsWith('smart:')) expect([key, count]).toEqual([key, 0]);
      const all = await stage.counts(assigned);
      expect([all.get('all'), all.get('tag:zebratag'), all.get('smart:host-connected')]).toEqual([4, 1, 1]);
    });

    it.each<ApiQuery<'suggestLabels'>['label']>([
      ...(['company', 'site', 'department', 'deviceType', 'tag', 'os', 'user', 'version'] as const),
    ])('no suggestion for %s comes from it', async (label) => {
      for (const prefix of ['', 'z', 'zebra', '0']) {
        const { values } = await technician.call('suggestLabels', { query: { label, prefix } });
        expect(values.join().toLowerCase()).not.toMatch(/zebra|0\.0\.77/);
      }
      const { values } = await assigned.call('suggestLabels', { query: { label } });
      expect(values.join().toLowerCase()).toMatch(/zebra|0\.0\.77/);
    });

    it.each<ApiQuery<'findMachine'>>([
      { host: 'ZEBRA-01' },
      { serial: 'zebraserial' },
      { property: 'zebraprop', value: 'zebravalue' },
      { host: 'zebra-01', serial: 'ZEBRASERIAL' },
    ])('a link to %j finds nothing, as for a machine that does not exist', async (query) => {
      expect((await assigned.call('findMachine', { query })).machineId).toBe(secretId);
      const [hidden, none] = [
        await technician.send('findMachine', { query }),
        await technician.send('findMachine', { query: { host: 'no-such-host' } }),
      ];
      expect(hidden.status).toBe(404);
      expect(hidden.body).toEqual(none.body);
    });

    it('a second machine of the same name elsewhere does not make a link ambiguous', async () => {
      const { db } = stage.database;
      const [open] = (
        await db.execute<{ id: string; company_id: string }>(
          sql`SELECT id, company_id FROM machines WHERE hostname = 'open-0'`,
        )
      ).rows;
      const twin = await addMachine(db, stage.clock.now(), { companyId: secretCompany, hostname: 'OPEN-0' });
      try {
        expect(await technician.call('findMachine', { query: { host: 'open-0' } })).toEqual({
          machineId: open?.id,
        });
        const both = await assigned.send('findMachine', { query: { host: 'open-0' } });
        expect(both.status).toBe(409);
      } finally {
        await db.execute(sql`DELETE FROM machines WHERE id = ${twin}`);
      }
    });

    it.each(SortKeys.options as MachineSortKey[])(
      'sorting by %s shows what is in scope, in one order',
      async (sort) => {
        for (const direction of ['up', 'down'] as const) {
          const { names, total } = await stage.find(technician, { sort, direction });
          expect([total, names.toSorted()]).toEqual([3, ['open-0', 'open-1', 'open-2']]);
          const first = await stage.find(technician, { sort, direction, limit: 2 });
          const second = await stage.find(technician, { sort, direction, limit: 2, offset: 2 });
          expect([...first.names, ...second.names]).toEqual(names);
        }
      },
    );

    it('a shared filter about it finds and counts nothing', async () => {
      const body = { name: 'Shared', query: 'is:online', shared: 'company' as const, pinned: true };
      const { filterId } = await senior.call('createFilter', { body });
      const params = { filterId };
      await technician.call('changeFilter', { params, body: { pinned: true } });
      expect(await stage.find(technician, { group: `filter:${filterId}` })).toEqual({ total: 0, names: [] });
      expect((await stage.counts(technician)).get(`filter:${filterId}`)).toBe(0);
      expect((await stage.counts(senior)).get(`filter:${filterId}`)).toBe(1);
    });

    it('removed machines are found by those who may bring them back, and counted by nobody', async () => {
      const { db } = stage.database;
      await db.execute(sql`UPDATE machines SET removed_at = now() WHERE hostname = 'open-2'`);
      expect(await stage.find(senior, { query: 'is:removed' })).toEqual({ total: 1, names: ['open-2'] });
      expect(await stage.find(senior, { query: 'open-2' })).toEqual({ total: 0, names: [] });
      expect(await stage.find(technician, { query: 'is:removed' })).toEqual({ total: 0, names: [] });
      expect((await stage.counts(senior)).get('all')).toBe(3);
      await db.execute(sql`UPDATE machines SET removed_at = NULL WHERE hostname = 'open-2'`);
      expect((await stage.counts(senior)).get('all')).toBe(4);
    });
  },
);
