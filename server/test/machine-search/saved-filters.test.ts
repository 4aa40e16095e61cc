import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiClient } from '../support/api-client.ts';
import { DATABASE_KINDS } from '../support/test-databases.ts';
import { addMachine } from './support/add-machine.ts';
import { type SearchStage, setSearchStage } from './support/search-stage.ts';

describe.each(DATABASE_KINDS)('saved filters on $name', (kind) => {
  let stage: SearchStage;
  let owner: ApiClient;
  let mate: ApiClient;
  let stranger: ApiClient;
  let senior: ApiClient;

  beforeAll(async () => {
    stage = await setSearchStage(kind);
    const { teamId } = await stage.admin.call('createTeam', { body: { name: 'Team' } });
    owner = (await stage.hire('tom', 'technician', teamId)).client;
    mate = (await stage.hire('tim', 'technician', teamId)).client;
    stranger = (await stage.hire('sam', 'technician')).client;
    senior = (await stage.hire('sue', 'senior', teamId)).client;
    const { companyId } = await stage.admin.call('createCompany', { body: { name: 'Glazier' } });
    await addMachine(stage.database.db, stage.clock.now(), { companyId, hostname: 'pc-1', online: true });
    await addMachine(stage.database.db, stage.clock.now(), { companyId, hostname: 'pc-2' });
  });
  afterAll(() => stage.close());

  const mine = { name: 'Mine', query: 'is:online', shared: 'none', pinned: false } as const;
  const idsOf = async (client: ApiClient) =>
    (await client.call('listFilters')).filters.map(({ filterId }) => filterId);
  const auditOf = async (filterId: string) => {
    const { entries } = await stage.admin.call('listAudit', { query: {} });
    return entries.filter(({ details }) => details.filterId === filterId).map(({ action }) => action);
  };

  it('belong to one person until they are shared, first with the team, then with all', async () => {
    const { filterId, mayChange } = await owner.call('createFilter', { body: mine });
    expect(mayChange).toBe(true);
    const params = { filterId };
    const seenBy = async () => {
      const seen = await Promise.all([owner, mate, stranger, stage.admin].map(idsOf));
      return seen.map((ids) => ids.includes(filterId));
    };
    expect(await seenBy()).toEqual([true, false, false, false]);
    for (const client of [mate, stranger, stage.admin]) {
      const answers = [
        await client.send('changeFilter', { params, body: { name: 'Other' } }),
        await client.send('changeFilter', { params, body: { pinned: true } }),
        await client.send('deleteFilter', { params }),
        await client.send('listMachines', { query: { group: `filter:${filterId}` } }),
      ];
      expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
    }
    await owner.call('changeFilter', { params, body: { shared: 'team' } });
    expect(await seenBy()).toEqual([true, true, false, false]);
    expect((await mate.send('changeFilter', { params, body: { name: 'Other' } })).status).toBe(403);
    expect((await mate.send('deleteFilter', { params })).status).toBe(403);
    expect(await stage.find(mate, { group: `filter:${filterId}`, query: 'pc' })).toEqual({
      total: 1,
      names: ['pc-1'],
    });
    expect((await owner.send('changeFilter', { params, body: { shared: 'company' } })).status).toBe(403);
    expect(await auditOf(filterId)).toEqual(['filter.shared']);
    await owner.call('deleteFilter', { params });
    expect(await auditOf(filterId)).toEqual(['filter.deleted', 'filter.shared']);
    expect(await seenBy()).toEqual([false, false, false, false]);
  });

  it('shared with all are changed by their owner and by administrators', async () => {
    const { filterId } = await senior.call('createFilter', { body: { ...mine, shared: 'company' } });
    const params = { filterId };
    for (const client of [owner, stranger]) {
      expect(await idsOf(client)).toContain(filterId);
      expect((await client.send('changeFilter', { params, body: { query: 'x' } })).status).toBe(403);
    }
    const changed = await stage.admin.call('changeFilter', { params, body: { query: 'is:offline' } });
    expect([changed.query, changed.owner.name]).toEqual(['is:offline', 'Mx sue']);
    await stage.admin.call('changeFilter', { params, body: { shared: 'none' } });
    expect(await idsOf(stage.admin)).not.toContain(filterId);
    expect(await idsOf(senior)).toContain(filterId);
    expect(await auditOf(filterId)).toEqual(['filter.unshared', 'filter.changed', 'filter.shared']);
  });

  it('are pinned by each for themselves, and counted then', async () => {
    const { filterId } = await senior.call('createFilter', {
      body: { ...mine, shared: 'company', pinned: true },
    });
    const key = `filter:${filterId}`;
    expect((await stage.counts(senior)).get(key)).toBe(1);
    expect((await stage.counts(stranger)).has(key)).toBe(false);
    const pinned = await stranger.call('changeFilter', { params: { filterId }, body: { pinned: true } });
    expect(pinned).toMatchObject({ pinned: true, mayChange: false });
    await stranger.call('changeFilter', { params: { filterId }, body: { pinned: true } });
    expect((await stage.counts(stranger)).get(key)).toBe(1);
    await stranger.call('changeFilter', { params: { filterId }, body: { pinned: false } });
    expect((await stage.counts(stranger)).has(key)).toBe(false);
    expect((await stage.counts(senior)).get(key)).toBe(1);
  });

  it('are queries', async () => {
    const body = { ...mine, query: 'hots:a' };
    const created = await owner.send('createFilter', { body });
    expect(created.status).toBe(400);
    expect(created.body).toMatchObject({ error: { details: { problem: { at: 0, length: 4 } } } });
    const { filterId } = await owner.call('createFilter', { body: mine });
    const changed = await owner.send('changeFilter', { params: { filterId }, body: { query: '"open' } });
    expect(changed.status).toBe(400);
    expect((await owner.call('listFilters')).filters.find((one) => one.filterId === filterId)?.query).toBe(
      'is:online',
    );
  });

  it('are shared with a team by people who are in one', async () => {
    expect((await stranger.send('createFilter', { body: { ...mine, shared: 'team' } })).status).toBe(409);
  });

  it('go with an unknown id as if hidden', async () => {
    const params = { filterId: '00000000-0000-4000-8000-000000000000' };
    expect((await owner.send('deleteFilter', { params })).status).toBe(404);
    expect((await owner.send('changeFilter', { params, body: { pinned: true } })).status).toBe(404);
  });
});
