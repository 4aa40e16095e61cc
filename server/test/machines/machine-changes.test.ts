import type { ApiBody } from '@guruconnect/shared';
import { describe, expect, it } from 'vitest';
import { refusalOf } from '../sessions/support/inbox.ts';
import { DATABASE_KINDS } from '../support/test-databases.ts';
import { enrolMachine, makeInstaller, newMachineKey } from './support/enrol-machine.ts';
import { machineTest } from './support/machine-test.ts';

type Change = ApiBody<'changeMachines'>['change'];

describe.each(DATABASE_KINDS)('changing machines on $name', (kind) => {
  const test = machineTest(kind);
  const change = (machineIds: string[], what: Change) =>
    test.stage.admin.client.call('changeMachines', { body: { machineIds, change: what } });
  const edit = (machineId: string, body: ApiBody<'changeMachine'>) =>
    test.stage.admin.client.call('changeMachine', { params: { machineId }, body });

  it('keeps labels, notes and properties, and writes down old and new', async () => {
    const { machineId } = await test.enrol({ hostname: 'PC-7' });
    await edit(machineId, { name: 'Front desk', notes: 'Under the\ntable', properties: { a: '1', b: '2' } });
    const details = await edit(machineId, { name: '', tags: ['x', 'X', 'y'], properties: { a: '', c: '3' } });
    expect(details).toMatchObject({
      notes: 'Under the\ntable',
      properties: { b: '2', c: '3' },
      row: { name: 'PC-7', tags: ['x', 'y'] },
    });
    const [entry] = await test.audit('machine.changed');
    expect(entry?.details.changes).toEqual({
      name: { from: 'Front desk', to: '' },
      tags: { from: [], to: ['x', 'y'] },
      properties: { from: { a: '1', b: '2' }, to: { b: '2', c: '3' } },
    });
    const { version } = details.row;
    expect((await edit(machineId, { tags: ['x', 'y'], properties: { b: '2' } })).row.version).toBe(version);
    expect(await test.audit('machine.changed')).toHaveLength(2);
  });

  it('refuses too many properties and leaves what was there', async () => {
    const { machineId } = await test.enrol();
    const some = (count: number, prefix: string) =>
      Object.fromEntries(Array.from({ length: count }, (_, i) => [`${prefix}${i}`, 'v']));
    await edit(machineId, { properties: some(50, 'a') });
    expect(await refusalOf(edit(machineId, { name: 'Not this', properties: { one: 'more' } }))).toBe(
      'conflict',
    );
    const { row, properties } = await test.details(machineId);
    expect(Object.keys(properties)).toHaveLength(50);
    expect(row.name).toBe('PC-1');
  });

  it('flags with a note and who set it, and takes the flag off', async () => {
    const { machineId } = await test.enrol();
    const flag = (note: string | null) =>
      test.stage.admin.client.call('flagMachine', { params: { machineId }, body: { note } });
    expect((await flag('Fan is loud')).row.attention).toMatchObject({
      note: 'Fan is loud',
      by: { userId: test.stage.admin.userId, name: 'Ada' },
    });
    expect((await flag(null)).row.attention).toBeNull();
    const [off] = await test.audit('machine.unflagged');
    expect(off?.details.changes).toEqual({ attention: { from: 'Fan is loud', to: null } });
    const version = (await flag(null)).row.version;
    expect((await test.details(machineId)).row.version).toBe(version);
  });

  it('tags, flags and moves many at once, and counts those that were not so already', async () => {
    const ids = await Promise.all([test.enrol(), test.enrol(), test.enrol()]);
    const machineIds = ids.map((one) => one.machineId);
    const [first = ''] = machineIds;
    await edit(first, { tags: ['Käse'] });
    expect(await change([...machineIds, first], { kind: 'add-tag', tag: 'KÄSE' })).toEqual({ changed: 2 });
    expect(await change(machineIds, { kind: 'remove-tag', tag: 'käse' })).toEqual({ changed: 3 });
    expect(await change(machineIds, { kind: 'remove-tag', tag: 'käse' })).toEqual({ changed: 0 });
    expect(await change(machineIds, { kind: 'flag', note: '' })).toEqual({ changed: 3 });
    expect(await change(machineIds, { kind: 'unflag' })).toEqual({ changed: 3 });
    const { client } = test.stage.admin;
    const { companyId } = await client.call('createCompany', { body: { name: 'Elsewhere' } });
    const { siteId } = await client.call('createSite', { params: { companyId }, body: { name: 'Barn' } });
    const { siteId: ownSite } = await client.call('createSite', {
      params: { companyId: test.companyId },
      body: { name: 'Office' },
    });
    const stranger = change(machineIds, { kind: 'move', companyId, siteId: ownSite });
    expect(await refusalOf(stranger)).toBe('not-found');
    expect(await change(machineIds, { kind: 'move', companyId, siteId })).toEqual({ changed: 3 });
    const { row } = await test.details(first);
    expect([row.company.name, row.site?.name, row.tags]).toEqual(['Elsewhere', 'Barn', []]);
    const [moved] = await test.audit('machine.moved');
    expect(moved?.details.machines).toHaveLength(3);
    expect(moved?.details.machines).toContainEqual({
      machineId: first,
      name: 'PC-1',
      changes: {
        companyId: { from: test.companyId, to: companyId },
        siteId: { from: null, to: siteId },
      },
    });
    const { companies } = await client.call('listCompanies');
    const company = companies.find((one) => one.companyId === companyId);
    expect([company?.machines, company?.sites[0]?.machines]).toEqual([3, 3]);
  });

  it('changes none when one of them cannot be', async () => {
    const [full, free] = [await test.enrol(), await test.enrol()];
    const tags = Array.from({ length: 20 }, (_, i) => `tag ${i}`);
    await edit(full.machineId, { tags });
    const machineIds = [free.machineId, full.machineId];
    expect(await refusalOf(change(machineIds, { kind: 'add-tag', tag: 'one more' }))).toBe('conflict');
    expect((await test.details(free.machineId)).row.tags).toEqual([]);
    const withStranger = [free.machineId, crypto.randomUUID()];
    expect(await refusalOf(change(withStranger, { kind: 'remove' }))).toBe('not-found');
    expect((await test.details(free.machineId)).row.removedAt).toBeNull();
  });

  it('removes and brings back with everything that was known', async () => {
    const machine = await test.enrol();
    await machine.checkIn();
    await edit(machine.machineId, { notes: 'Keep me', tags: ['t'] });
    const before = await test.details(machine.machineId);
    const machineIds = [machine.machineId];
    expect(await change(machineIds, { kind: 'remove' })).toEqual({ changed: 1 });
    expect(await change(machineIds, { kind: 'remove' })).toEqual({ changed: 0 });
    const removed = await test.details(machine.machineId);
    expect(removed.row.removedAt).not.toBeNull();
    const none = { connect: false, wake: false, edit: false, move: false, command: false };
    expect(removed.rights).toEqual({ ...none, remove: true });
    expect(await refusalOf(change(machineIds, { kind: 'add-tag', tag: 'x' }))).toBe('conflict');
    expect(await change(machineIds, { kind: 'restore' })).toEqual({ changed: 1 });
    const after = await test.details(machine.machineId);
    expect(after).toEqual({ ...before, row: { ...before.row, version: before.row.version + 2 } });
    expect((await test.audit('machine.restored'))[0]?.details.machines).toHaveLength(1);
  });

  it('lets a removed computer enrol again as the machine it was', async () => {
    const key = newMachineKey();
    const machine = await test.enrol({ key });
    await edit(machine.machineId, { notes: 'Known' });
    await change([machine.machineId], { kind: 'remove' });
    const again = await test.enrol({ key, hostname: 'RENAMED' });
    expect(again.machineId).toBe(machine.machineId);
    expect(await test.details(machine.machineId)).toMatchObject({
      notes: 'Known',
      row: { hostname: 'RENAMED', removedAt: null },
    });
  });

  it('takes a removed computer that enrols in another company for a new machine there', async () => {
    const key = newMachineKey();
    const machine = await test.enrol({ key });
    await edit(machine.machineId, { notes: 'Of the first company' });
    await change([machine.machineId], { kind: 'remove' });
    const { token, companyId } = await makeInstaller(test.stage.admin.client, { company: 'Second' });
    const again = await enrolMachine(test.stage.url, token, { key });
    expect(again.machineId).not.toBe(machine.machineId);
    expect(await test.details(again.machineId)).toMatchObject({ notes: '', row: { company: { companyId } } });
    expect((await test.details(machine.machineId)).notes).toBe('Of the first company');
    expect(await refusalOf(change([machine.machineId], { kind: 'restore' }))).toBe('conflict');
    await again.checkIn();
  });

  it('does not delete a company with machines, and takes removed ones along', async () => {
    const { client } = test.stage.admin;
    const { companyId, token } = await makeInstaller(client, { company: 'Leaving', site: 'Here' });
    const machine = await enrolMachine(test.stage.url, token);
    const params = { companyId };
    expect(await refusalOf(client.call('deleteCompany', { params }))).toBe('conflict');
    await change([machine.machineId], { kind: 'remove' });
    await client.call('deleteCompany', { params });
    expect(await refusalOf(test.details(machine.machineId))).toBe('not-found');
    const { status } = await machine.send(machine.signed('checkIn', {}));
    expect(status).toBe(401);
    expect(await refusalOf(enrolMachine(test.stage.url, token))).toBe('not-allowed');
  });

  it('leaves the machines of a deleted site in the company', async () => {
    const { client } = test.stage.admin;
    const machine = await test.enrol();
    await machine.checkIn({ reconfigure: { site: 'Closing' } });
    const { row } = await test.details(machine.machineId);
    await client.call('deleteSite', { params: { siteId: row.site?.siteId ?? '' } });
    const after = await test.details(machine.machineId);
    expect(after.row).toMatchObject({ site: null, company: row.company });
    expect(after.row.version).toBeGreaterThan(row.version);
  });
});
