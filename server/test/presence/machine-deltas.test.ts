import { setTimeout as elapse } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FakeConsole } from '../sessions/support/fake-console.ts';
import { startMachineAgent } from './support/fake-machine-agent.ts';
import { type Fleet, type FleetCompany, gatherFleet, type Technician } from './support/fleet.ts';

/** Longer than anything is told late: what has not come by then does not come. */
const QUIET_MS = 2_500;

describe('a page that watches machines', () => {
  let fleet: Fleet;
  let open: FleetCompany;
  let closed: FleetCompany;
  let insider: Technician;
  let outsider: Technician;
  beforeAll(async () => {
    fleet = await gatherFleet();
    insider = await fleet.hire('ines', 'technician');
    outsider = await fleet.hire('otto', 'technician');
    open = await fleet.found('Open');
    closed = await fleet.found('Closed', [insider]);
  });
  afterAll(() => fleet.close());

  const watching = async (one: Technician, machineIds: string[], counts = false): Promise<FakeConsole> => {
    const page = await fleet.page(one.client);
    await page.ask('machines:watch', { machineIds, counts });
    return page;
  };
  const tag = (machineId: string, name: string) =>
    fleet.admin.call('changeMachines', {
      body: { machineIds: [machineId], change: { kind: 'add-tag', tag: name } },
    });

  it('gets the rows that it asks for, without those out of reach and unknown ones', async () => {
    const [one, hidden] = [await open.enrol('seen'), await closed.enrol('hidden')];
    const page = await fleet.page(outsider.client);
    const wish = { machineIds: [one.machineId, hidden.machineId, crypto.randomUUID()], counts: false };
    const { machines } = await page.ask('machines:watch', wish);
    expect(machines.map((row) => row.hostname)).toEqual(['seen']);
  });

  it('is told within a second that a machine went online, and offline', async () => {
    const machine = await open.enrol('flips');
    const page = await watching(outsider, [machine.machineId]);
    const agent = await startMachineAgent(fleet.server.localUrl, machine);
    const on = await page.inbox.next('machines:changed', ({ machines }) => machines[0]?.online === true);
    expect(on.machines).toMatchObject([{ machineId: machine.machineId, hostname: 'flips' }]);
    const stoppedAt = performance.now();
    agent.stop();
    await page.inbox.next('machines:changed', ({ machines }) => machines[0]?.online === false);
    expect(performance.now() - stoppedAt).toBeLessThan(5_000);
  });

  it('is told of watched machines only, of many changes a few times a second', async () => {
    const [watched, other] = [await open.enrol('watched'), await open.enrol('other')];
    const page = await watching(outsider, [watched.machineId]);
    await tag(other.machineId, 'other');
    const startedAt = performance.now();
    for (let at = 0; at < 12; at += 1) await tag(watched.machineId, `tag ${at}`);
    const last = ({ machines }: { machines: { tags: string[] }[] }) => machines[0]?.tags.length === 12;
    await page.inbox.next('machines:changed', last);
    const tookMs = performance.now() - startedAt;
    const told = page.inbox.all('machines:changed');
    expect(told.length).toBeLessThanOrEqual(Math.ceil(tookMs / 250) + 1);
    expect(new Set(told.flatMap(({ machines }) => machines.map((row) => row.hostname)))).toEqual(
      new Set(['watched']),
    );
  });

  it('watches what it asked for last', async () => {
    const [first, second] = [await open.enrol('first'), await open.enrol('second')];
    const page = await watching(outsider, [first.machineId]);
    await page.ask('machines:watch', { machineIds: [second.machineId], counts: false });
    await tag(first.machineId, 'late');
    await tag(second.machineId, 'late');
    await page.inbox.next('machines:changed');
    await elapse(QUIET_MS);
    expect(page.inbox.all('machines:changed').flatMap((one) => one.machines)).toMatchObject([
      { hostname: 'second' },
    ]);
  });

  it('is told that a machine was removed, and that it is back', async () => {
    const machine = await open.enrol('removed');
    const { machineId } = machine;
    const page = await watching(outsider, [machineId]);
    const change = (kind: 'remove' | 'restore') =>
      fleet.admin.call('changeMachines', { body: { machineIds: [machineId], change: { kind } } });
    await change('remove');
    expect(await page.inbox.next('machines:gone')).toEqual({ machineIds: [machineId] });
    expect(page.inbox.all('machines:changed')).toEqual([]);
    const restoredAt = performance.now();
    await change('restore');
    const { machines, more } = await page.inbox.next('machines:appeared', (told) =>
      told.machines.some((row) => row.machineId === machineId),
    );
    expect(performance.now() - restoredAt).toBeLessThan(2_000);
    expect(machines).toMatchObject([{ hostname: 'removed', removedAt: null }]);
    expect(more).toBe(false);
  });

  it('is told of a new machine within two seconds where the person reaches it, and nowhere else', async () => {
    const inside = await watching(insider, []);
    const outside = await watching(outsider, []);
    const enrolledAt = performance.now();
    await closed.enrol('secret');
    const isSecret = (told: { machines: { hostname: string }[] }) =>
      told.machines.some((row) => row.hostname === 'secret');
    await inside.inbox.next('machines:appeared', isSecret);
    expect(performance.now() - enrolledAt).toBeLessThan(2_500);
    await elapse(QUIET_MS);
    expect(outside.inbox.all('machines:appeared').filter(isSecret)).toEqual([]);
  });

  it('loses what goes out of reach, hears no more of it, and gets it back', async () => {
    const moving = await fleet.found('Moving', [insider, outsider]);
    const { machineId } = await moving.enrol('moving');
    const page = await watching(outsider, [machineId]);
    await fleet.assign(moving, [insider]);
    expect(await page.inbox.next('machines:gone')).toEqual({ machineIds: [machineId] });
    page.inbox.clear();
    await tag(machineId, 'unseen');
    await elapse(QUIET_MS);
    expect(page.inbox.all('machines:changed')).toEqual([]);
    expect(page.inbox.all('machines:gone')).toEqual([]);
    await fleet.assign(moving, [insider, outsider]);
    const { machines } = await page.inbox.next('machines:appeared');
    expect(machines).toMatchObject([{ machineId, tags: ['unseen'] }]);
  });

  it('learns nothing of a machine out of reach that it asked for', async () => {
    const { machineId } = await closed.enrol('asked for');
    const page = await watching(outsider, [machineId]);
    const agent = await startMachineAgent(fleet.server.localUrl, { ...(await closed.enrol('noise')) });
    await tag(machineId, 'hidden');
    await fleet.admin.call('changeMachines', {
      body: { machineIds: [machineId], change: { kind: 'remove' } },
    });
    await elapse(QUIET_MS);
    for (const name of ['machines:changed', 'machines:gone', 'machines:appeared'] as const) {
      expect(page.inbox.all(name)).toEqual([]);
    }
    agent.stop();
  });

  it('is told of fifty machines that appear at once, and that there are more', async () => {
    const crowd = await fleet.found('Crowd', [insider]);
    const page = await watching(outsider, []);
    for (let at = 0; at < 55; at += 1) await crowd.enrol(`crowd-${at}`);
    await elapse(QUIET_MS);
    expect(page.inbox.all('machines:appeared')).toEqual([]);
    await fleet.assign(crowd, [insider, outsider]);
    const { machines, more } = await page.inbox.next('machines:appeared');
    expect(machines).toHaveLength(50);
    expect(more).toBe(true);
  });

  it('is told nothing after its login ended', async () => {
    const { machineId } = await open.enrol('left');
    const leaver = await fleet.hire('lea', 'technician');
    const page = await watching(leaver, [machineId]);
    await leaver.client.call('signOut', {});
    await tag(machineId, 'after');
    await elapse(QUIET_MS);
    expect(page.inbox.all('machines:changed')).toEqual([]);
  });
});
