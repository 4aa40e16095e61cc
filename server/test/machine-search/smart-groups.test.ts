import { SMART_GROUPS, type SmartGroupId } from '@guruconnect/shared';
import { sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DATABASE_KINDS } from '../support/test-databases.ts';
import { addMachine } from './support/add-machine.ts';
import { type SearchStage, setSearchStage } from './support/search-stage.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;
/** The stage's clock moves on by so much while counts are asked for. */
const SLACK = 5 * SECOND;

type Machine = Omit<Parameters<typeof addMachine>[2], 'companyId'> & { hosted?: boolean };

/** For each smart group machines that belong to it, and machines that only just do not. */
const EDGES: {
  [G in SmartGroupId]: { inside: (now: number) => Machine[]; outside: (now: number) => Machine[] };
} = {
  attention: {
    inside: (now) => [
      { attention: { note: '', by: null, at: now } },
      { attention: { note: 'x', by: null, at: 0 } },
    ],
    outside: () => [{}, { attention: null }],
  },
  'host-connected': {
    inside: () => [{ hosted: true, online: true }, { hosted: true }],
    outside: () => [{ online: true }],
  },
  'guest-connected': {
    inside: () => [{ online: true, loggedOnUser: 'jsmith' }],
    outside: () => [
      { online: true, loggedOnUser: '' },
      { online: false, loggedOnUser: 'jsmith' },
    ],
  },
  'recently-accessed': {
    inside: (now) => [{ lastAccessedAt: now }, { lastAccessedAt: now - DAY + SLACK }],
    outside: (now) => [{}, { lastAccessedAt: now - DAY }, { lastAccessedAt: now - 9 * DAY }],
  },
  'offline-30-days': {
    inside: (now) => [
      { seenAt: now - 30 * DAY },
      { seenAt: now - 31 * DAY },
      // Enrolled and never there.
      { seenAt: null, firstSeenAt: now - 30 * DAY },
    ],
    outside: (now) => [
      { seenAt: now - 30 * DAY + SLACK },
      { online: true, seenAt: now - 31 * DAY },
      { seenAt: null, firstSeenAt: now - 30 * DAY + SLACK },
    ],
  },
  'offline-1-year': {
    inside: (now) => [{ seenAt: now - 365 * DAY }, { seenAt: null, firstSeenAt: now - 400 * DAY }],
    outside: (now) => [{ seenAt: now - 365 * DAY + SLACK }, { online: true, seenAt: now - 400 * DAY }],
  },
  outdated: {
    inside: () => [{ agentVersion: '1.1.99' }, { agentVersion: '1.2.0-rc.1' }, { agentVersion: '0.9' }],
    outside: () => [{ agentVersion: '1.2.0' }, { agentVersion: '1.10.0' }, { agentVersion: '2.0.0' }],
  },
  'powered-on': {
    inside: (now) => [
      { bootedAt: now },
      { bootedAt: now - 10 * MINUTE + SLACK },
      // Its clock is a little ahead.
      { bootedAt: now + MINUTE },
    ],
    outside: (now) => [
      {},
      { bootedAt: now - 10 * MINUTE },
      // Its clock is wrong: it would be in the group for years.
      { bootedAt: now + DAY },
    ],
  },
};

describe.each(DATABASE_KINDS)('smart groups on $name', (kind) => {
  let stage: SearchStage;
  let companyId: string;

  beforeAll(async () => {
    stage = await setSearchStage(kind);
    companyId = (await stage.admin.call('createCompany', { body: { name: 'Glazier' } })).companyId;
  });
  afterAll(() => stage.close());
  afterEach(async () => {
    stage.hosted.clear();
    await stage.database.db.execute(sql`DELETE FROM machines`);
  });

  const add = async (machines: Machine[], prefix: string, extra: Machine = {}) => {
    for (const [at, { hosted, ...machine }] of machines.entries()) {
      const hostname = `${prefix}${at}`;
      const firstSeenAt = stage.clock.now() - 500 * DAY;
      const all = { hostname, companyId, firstSeenAt, ...machine, ...extra };
      const id = await addMachine(stage.database.db, stage.clock.now(), all);
      if (hosted) stage.hosted.add(id);
    }
  };

  it.each(SMART_GROUPS)('$title has the machines that belong to it and no others', async ({ id, query }) => {
    const now = stage.clock.now();
    const inside = EDGES[id].inside(now);
    await add(inside, 'in');
    await add(EDGES[id].outside(now), 'out');
    await add(inside, 'removed', { removedAt: now });
    const names = inside.map((_, at) => `in${at}`);
    const wanted = { names, total: names.length };
    expect(await stage.find(stage.admin, { group: `smart:${id}`, sort: 'name' })).toEqual(wanted);
    expect(await stage.find(stage.admin, { query, sort: 'name' })).toEqual(wanted);
    expect((await stage.counts(stage.admin)).get(`smart:${id}`)).toBe(names.length);
  });

  it('change with time alone', async () => {
    await add(
      [{ lastAccessedAt: stage.clock.now() - DAY + 10 * MINUTE, seenAt: stage.clock.now() - 29.99 * DAY }],
      'm',
    );
    const count = async (id: SmartGroupId) => (await stage.counts(stage.admin)).get(`smart:${id}`);
    expect([await count('recently-accessed'), await count('offline-30-days')]).toEqual([1, 0]);
    stage.clock.advance(20 * MINUTE);
    expect([await count('recently-accessed'), await count('offline-30-days')]).toEqual([0, 1]);
  });
});
