import { QUERY_FIELDS, QUERY_FLAGS } from '@guruconnect/shared';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/db/database.ts';
import { machineUpdates, updateFleet, updateRollouts } from '../../src/db/schema/delivery.ts';
import { DATABASE_KINDS } from '../support/test-databases.ts';
import { addMachine } from './support/add-machine.ts';
import { type SearchStage, setSearchStage } from './support/search-stage.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Queries that find the machine `Front desk PC` and not the other one, and the other way round. */
const FINDS: readonly [query: string, names: readonly ('Front desk PC' | 'srv-db-01')[]][] = [
  ['', ['Front desk PC', 'srv-db-01']],
  // Words, in every field, case aside.
  ...(
    [
      ...[
        'front',
        '"front desk"',
        'DESK front',
        'lon-pc-17',
        'pc-17',
        'glazier',
        'head',
        'recep',
        'laptop',
        'vip',
      ],
      ...[
        'windows',
        '"windows 11"',
        '22631.4460',
        'jsmith',
        'CORP\\jsmith',
        '0.9.1',
        'dell',
        'latitude',
        '5cg123',
      ],
      ...[
        '7abc12',
        '203.0.113.7',
        '10.20.0.5',
        '00:1a:2b',
        '001A2B3C4D5E',
        '00-1a-2b-3c-4d-5e',
        '4711',
        'ask first',
      ],
      ...['lon*17', 'müller', '-srv', '-"db"', '100%'],
    ] as const
  ).map((query): [string, ['Front desk PC']] => [query, ['Front desk PC']]),
  ['17*lon', []],
  ['lon*glazier', []],
  ['"desk front"', []],
  ['front srv', []],
  ['%', ['Front desk PC']],
  ['_', []],
  ['*', ['Front desk PC', 'srv-db-01']],
  // Fields; without a wildcard the whole value or a part of it, with one a pattern of the whole.
  ...(
    [
      ...[
        'name:desk',
        'name:pc-17',
        'name:front*',
        'host:LON',
        'host:*17',
        'host:lon*17',
        'company:"glazier & sons"',
      ],
      ...[
        'company:glaz*',
        'company:*sons',
        'site:"head office"',
        'site:HEAD*',
        'site:*',
        'department:reception',
      ],
      ...[
        'department:re*',
        'dept:*',
        'type:laptop',
        'device:lap*',
        'tag:vip',
        'tag:"to replace"',
        'tag:VIP,nothing',
      ],
      ...['tag:to*', '-site:""', 'os:windows', 'os:"windows 11"', 'os:win*', 'system:*pro', 'os:windows 11'],
      ...[
        'build:22631.4460',
        'build:22631*',
        'user:jsmith',
        'user:corp\\jsmith',
        'user:js*',
        'user:*',
        '-user:""',
      ],
      ...[
        'ip:10.20.0.5',
        'ip:203.0.113.7',
        'ip:10.20.*',
        'internal:10.20.*',
        'external:203.*',
        '-internal:192.168.*',
      ],
      ...[
        'mac:00:1a:2b:3c:4d:5e',
        'mac:001a2b3c4d5e',
        'mac:00-1A-*',
        'serial:5cg1234xyz',
        'sn:5CG*',
        'servicetag:7abc123',
      ],
      ...[
        'manufacturer:dell',
        'model:"latitude 54"',
        'version:0.9.1',
        'agent:0.9.*',
        'note:"ask first"',
        'note:müller',
      ],
      ...['prop.Asset:4711', 'prop.asset:47*', 'prop.asset:*', '-prop.asset:""', 'prop.location:"Room 100%"'],
      ...['prop.asset:1,4711'],
    ] as const
  ).map((query): [string, ['Front desk PC']] => [query, ['Front desk PC']]),
  ...(
    [
      ...[
        'name:srv',
        'host:srv-db-01',
        'company:umber',
        'site:""',
        '-site:"head office"',
        '-site:*',
        'tag:db',
      ],
      ...[
        '-tag:vip,spare',
        'user:""',
        '-user:jsmith',
        'os:linux',
        'os:debian',
        'prop.asset:""',
        '-prop.asset:*',
      ],
      ...['ip:192.168.1.10', 'internal:fe80::1', 'department:""', 'type:server', 'note:""', 'servicetag:""'],
      ...['external:"198.51.100.9"', 'is:cloned'],
    ] as const
  ).map((query): [string, ['srv-db-01']] => [query, ['srv-db-01']]),
  ['tag:vip,db', ['Front desk PC', 'srv-db-01']],
  ['mac:*', ['Front desk PC', 'srv-db-01']],
  ['tag:""', []],
  ['tag:*', ['Front desk PC', 'srv-db-01']],
  // Ages and flags; the edges are tested apart.
  ...(
    [
      ...[
        'seen<1h',
        'seen<1y -seen>1h',
        'checkin<1h',
        '-checkin>30d',
        'accessed<4h',
        '-accessed>4h',
        'booted<10m',
      ],
      ...[
        'added>200d',
        'installed>200d',
        '-offline>1m',
        'is:online',
        'is:flagged',
        'is:guested',
        'is:outdated',
      ],
      ...['-is:offline', '-is:cloned', 'is:update-failed'],
    ] as const
  ).map((query): [string, ['Front desk PC']] => [query, ['Front desk PC']]),
  ...(
    [
      ...[
        'seen>30d',
        'offline>30d',
        'offline<50d',
        'checkin>30d',
        '-checkin<24h',
        'accessed>1y',
        '-accessed<1y',
      ],
      ...[
        'booted>30d',
        'added<200d',
        'installed<200d',
        'is:offline',
        '-is:online',
        '-is:flagged',
        '-is:outdated',
      ],
    ] as const
  ).map((query): [string, ['srv-db-01']] => [query, ['srv-db-01']]),
  ['is:hosted', []],
  ['is:removed', []],
  // Not a part of the whole value.
  ['company:glaz', []],
  ['tag:vi', []],
  ['user:smith', []],
  ['serial:5cg', []],
  ['ip:10.20.0.50', []],
  ['ip:10.20.0', []],
  ['version:0.9', []],
  ['prop.asset:471', []],
  ['prop.other:4711', []],
  ['company:""', []],
  // Wildcards of the database are none of ours.
  ['host:lon_pc_17', []],
  ['company:glaz%', []],
  ['tag:v%', []],
  ['user:j_mith', []],
  ['prop.asse_:4711', ['Front desk PC']],
];

describe.each(DATABASE_KINDS)('the search field on $name', (kind) => {
  let stage: SearchStage;

  beforeAll(async () => {
    stage = await setSearchStage(kind);
    const { admin, clock } = stage;
    const { db } = stage.database;
    const glazier = await admin.call('createCompany', { body: { name: 'Glazier & Sons' } });
    const umber = await admin.call('createCompany', { body: { name: 'Umber' } });
    const site = await admin.call('createSite', {
      params: { companyId: glazier.companyId },
      body: { name: 'Head office' },
    });
    const now = clock.now();
    await addMachine(db, now - 400 * DAY, {
      companyId: glazier.companyId,
      siteId: site.siteId,
      name: 'Front desk PC',
      hostname: 'LON-PC-17',
      department: 'Reception',
      deviceType: 'Laptop',
      tags: ['VIP', 'to replace'],
      notes: 'Ask first: Frau MÜLLER',
      properties: { Asset: '4711', location: 'Room 100%', asse_: '4711' },
      osFamily: 'windows',
      osName: 'Windows 11 Pro',
      osBuild: '22631.4460',
      manufacturer: 'Dell Inc.',
      model: 'Latitude 5440',
      serial: '5CG1234XYZ',
      serviceTag: '7ABC123',
      agentVersion: '0.9.1',
      loggedOnUser: 'CORP\\jsmith',
      internalIps: ['10.20.0.5', 'fe80::2'],
      macs: ['00:1a:2b:3c:4d:5e'],
      externalIp: '203.0.113.7',
      online: true,
      seenAt: now - 2 * DAY,
      lastCheckInAt: now - MINUTE,
      lastAccessedAt: now - 3 * HOUR,
      bootedAt: now - 5 * MINUTE,
      osInstalledAt: now - 300 * DAY,
      attention: { note: 'Loud fan', by: null, at: now },
    });
    await addMachine(db, now - 100 * DAY, {
      companyId: umber.companyId,
      hostname: 'srv-db-01',
      deviceType: 'Server',
      tags: ['db'],
      osName: 'Debian GNU/Linux 12 (bookworm)',
      internalIps: ['192.168.1.10', 'fe80::1'],
      macs: ['52:54:00:12:34:56'],
      externalIp: '198.51.100.9',
      seenAt: now - 40 * DAY,
      lastCheckInAt: now - 40 * DAY,
      bootedAt: now - 50 * DAY,
      osInstalledAt: now - 100 * DAY,
      clonedAt: now - DAY,
    });
    await failUpdates(db, now);
  });
  afterAll(() => stage.close());

  it.each(FINDS)('%s', async (query, names) => {
    const found = await stage.find(stage.admin, { query, sort: 'name' });
    expect(found).toEqual({ total: names.length, names });
  });

  it('has an example above for every field and flag', () => {
    const tried = FINDS.map(([query]) => query).join(' ');
    for (const { name, kind: fieldKind } of QUERY_FIELDS) {
      const uses = fieldKind === 'age' ? [`${name}<`, `${name}>`] : [`${name}:`];
      for (const use of uses) expect(tried).toContain(use);
    }
    for (const { flag } of QUERY_FLAGS) expect(tried).toContain(`is:${flag}`);
  });
});

describe.each(DATABASE_KINDS)('the time of the last check-in on $name', (kind) => {
  let stage: SearchStage;

  beforeAll(async () => {
    stage = await setSearchStage(kind);
    const { companyId } = await stage.admin.call('createCompany', { body: { name: 'Glazier' } });
    const now = stage.clock.now();
    const ages = {
      never: null,
      'at 10 d': 10 * DAY,
      'before 10 d': 10 * DAY - HOUR,
      'at 7 d': 7 * DAY,
      lately: 1,
    };
    for (const [hostname, age] of Object.entries(ages))
      await addMachine(stage.database.db, now, {
        companyId,
        hostname,
        ...(age === null ? {} : { lastCheckInAt: now - age }),
      });
  });
  afterAll(() => stage.close());

  // From seven days on they are looked for by the day first; the edge is at noon.
  it.each([
    ['checkin>10d', ['at 10 d', 'never']],
    ['checkin>7d', ['at 10 d', 'at 7 d', 'before 10 d', 'never']],
    ['checkin>6d', ['at 10 d', 'at 7 d', 'before 10 d', 'never']],
    ['checkin<10d', ['at 7 d', 'before 10 d', 'lately']],
    ['-checkin>10d', ['at 7 d', 'before 10 d', 'lately']],
  ])('%s', async (query, names) => {
    expect((await stage.find(stage.admin, { query, sort: 'name' })).names.toSorted()).toEqual(names);
  });

  it('counts alone and with others what it lists', async () => {
    const { filterId } = await stage.admin.call('createFilter', {
      body: { name: 'Silent', query: 'checkin>10d', shared: 'none', pinned: true },
    });
    const counts = await stage.counts(stage.admin);
    expect([...counts].filter(([key]) => key.includes(filterId)).map(([, count]) => count)).toEqual([2]);
  });
});

/** Every machine failed with a release that came before, and those with Windows with the last one. */
async function failUpdates(db: Database, now: number): Promise<void> {
  const machines = await db.select().from(updateFleet);
  for (const [version, startedAt] of [
    ['2.0.0', now + DAY],
    ['3.0.0', now + 2 * DAY],
  ] as const) {
    const manifestSha256 = version;
    const times = { startedAt, ringOpenedAt: startedAt, countedFrom: startedAt };
    await db.insert(updateRollouts).values({ manifestSha256, version, ring: 0, stoppedReason: '', ...times });
    const failed = machines.filter(({ osFamily }) => version === '2.0.0' || osFamily === 'windows');
    const update = { manifestSha256, ring: 0, state: 'rolled-back', attempts: 0, reason: '' } as const;
    await db.insert(machineUpdates).values(
      failed.map(({ machineId, version: fromVersion }) => ({
        ...update,
        machineId,
        fromVersion,
        offeredAt: startedAt,
        endedAt: startedAt,
      })),
    );
  }
}
