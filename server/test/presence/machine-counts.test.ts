import { setTimeout as elapse } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startMachineAgent } from './support/fake-machine-agent.ts';
import { type Fleet, type FleetCompany, gatherFleet, type Technician } from './support/fleet.ts';

describe('a page that shows counts of groups', () => {
  let fleet: Fleet;
  let open: FleetCompany;
  let insider: Technician;
  let outsider: Technician;
  beforeAll(async () => {
    fleet = await gatherFleet();
    insider = await fleet.hire('ines', 'technician');
    outsider = await fleet.hire('otto', 'technician');
    open = await fleet.found('Open');
    await open.enrol('first');
  });
  afterAll(() => fleet.close());

  const counting = async (one: Technician) => {
    const page = await fleet.page(one.client);
    await page.ask('machines:watch', { machineIds: [], counts: true });
    await page.inbox.next('machines:counts');
    return page;
  };
  const tag = (machineId: string, kind: 'add-tag' | 'remove-tag') =>
    fleet.admin.call('changeMachines', { body: { machineIds: [machineId], change: { kind, tag: 'till' } } });

  it('is told all of them first, as the list of counts has them', async () => {
    const page = await counting(outsider);
    const { counts } = await outsider.client.call('countMachines');
    const shown = (list: typeof counts) =>
      list
        .filter(({ count }) => count > 0)
        .map(({ key }) => key)
        .toSorted();
    expect(shown(page.inbox.all('machines:counts')[0]?.counts ?? [])).toEqual(shown(counts));
  });

  it('is told what changed alone, within two seconds, and a group that is gone as 0', async () => {
    const { machineId } = await open.enrol('tagged');
    const page = await counting(outsider);
    await elapse(2_500);
    page.inbox.clear();
    const taggedAt = performance.now();
    await tag(machineId, 'add-tag');
    const of = (count: number) => (told: { counts: { key: string; count: number }[] }) =>
      told.counts.some((one) => one.key === 'tag:till' && one.count === count);
    const told = await page.inbox.next('machines:counts', of(1));
    expect(performance.now() - taggedAt).toBeLessThan(3_000);
    expect(told.counts.map(({ key }) => key)).toEqual(['tag:till']);
    await tag(machineId, 'remove-tag');
    await page.inbox.next('machines:counts', of(0));
  });

  it('is told nothing while nothing changes, or when it shows none', async () => {
    const counts = await counting(outsider);
    const none = await fleet.page(insider.client);
    await none.ask('machines:watch', { machineIds: [], counts: false });
    await elapse(2_500);
    counts.inbox.clear();
    const { machineId } = await open.enrol('unwatched');
    await counts.inbox.next('machines:counts');
    await elapse(2_500);
    counts.inbox.clear();
    // Goes online and is seen; no group counts that.
    const agent = await startMachineAgent(fleet.server.localUrl, await open.enrol('quiet'));
    await elapse(2_500);
    counts.inbox.clear();
    await elapse(2_500);
    expect(counts.inbox.all('machines:counts')).toEqual([]);
    expect(none.inbox.all('machines:counts')).toEqual([]);
    expect(machineId).toBeDefined();
    agent.stop();
  });

  it('learns nothing of a company out of reach', async () => {
    const closed = await fleet.found('Closed', [insider]);
    const [inside, outside] = [await counting(insider), await counting(outsider)];
    await elapse(2_500);
    outside.inbox.clear();
    await closed.enrol('secret');
    const key = `company:${closed.companyId}`;
    await inside.inbox.next('machines:counts', ({ counts }) => counts.some((one) => one.key === key));
    await elapse(2_500);
    expect(outside.inbox.all('machines:counts')).toEqual([]);
  });
});
