import type { Inventory } from '@guruconnect/shared';
import { describe, expect, it } from 'vitest';
import { DATABASE_KINDS } from '../support/test-databases.ts';
import { hashOf, inventoryOf, STATUS } from './support/enrol-machine.ts';
import { machineTest } from './support/machine-test.ts';

describe.each(DATABASE_KINDS)('check-ins on $name', (kind) => {
  const test = machineTest(kind);

  it('want the inventory until it is known, and again when its hash is another', async () => {
    const machine = await test.enrol();
    const before = inventoryOf({});
    const after: Inventory = { ...before, memoryBytes: 32_000_000_000, serial: 'SN-2' };
    const report = (inventory: Inventory) => ({ inventoryHash: hashOf(inventory), status: STATUS });
    const without = (inventory: Inventory) =>
      machine.send(
        machine.signed('checkIn', { ...report(inventory), agentVersion: '0.1.0', status: STATUS }),
      );
    expect(await without(before)).toMatchObject({ body: { wantsInventory: true } });
    expect((await machine.checkIn({ inventory: before, ...report(before) })).wantsInventory).toBe(false);
    expect(await without(before)).toMatchObject({ body: { wantsInventory: false } });
    expect(await without(after)).toMatchObject({ body: { wantsInventory: true } });
    expect((await test.details(machine.machineId)).inventory).toEqual(before);
    await machine.checkIn({ inventory: after, ...report(after) });
    expect(await test.details(machine.machineId)).toMatchObject({
      inventory: { serial: 'SN-2', memoryBytes: 32_000_000_000 },
    });
  });

  it('raise the version of a machine only when something is shown otherwise', async () => {
    const machine = await test.enrol();
    const version = async () => (await test.details(machine.machineId)).row.version;
    await machine.checkIn();
    const first = await version();
    await machine.checkIn();
    await machine.checkIn({ status: { ...STATUS, idleMs: 2_000, memoryFreeBytes: 5 } });
    expect(await version()).toBe(first);
    expect((await test.details(machine.machineId)).status?.memoryFreeBytes).toBe(5);
    await machine.checkIn({ status: { ...STATUS, user: 'kim' } });
    expect(await version()).toBe(first + 1);
    await machine.checkIn({ agentVersion: '0.0.9', status: { ...STATUS, user: 'kim' } });
    expect(await version()).toBe(first + 2);
    expect((await test.details(machine.machineId)).row.outdated).toBe(true);
    // From at work to away.
    await machine.checkIn({ agentVersion: '0.0.9', status: { ...STATUS, user: 'kim', idleMs: 400_000 } });
    expect(await version()).toBe(first + 3);
  });

  it('remember when somebody was at the machine, and show when nobody is', async () => {
    const machine = await test.enrol();
    await machine.checkIn({ status: { ...STATUS, user: '', idleMs: null } });
    expect(await test.details(machine.machineId)).toMatchObject({
      guestLastConnectedAt: null,
      row: { guestConnected: false, user: '', idleMs: null },
    });
    await machine.checkIn();
    const seen = (await test.details(machine.machineId)).guestLastConnectedAt;
    expect(seen).not.toBeNull();
    await machine.checkIn({ status: { ...STATUS, user: '', idleMs: null } });
    expect(await test.details(machine.machineId)).toMatchObject({
      guestLastConnectedAt: seen,
      row: { guestConnected: false },
    });
  });

  it('keep addresses that others reach the machine by, and no others', async () => {
    const machine = await test.enrol();
    const card = (mac: string, ...addresses: string[]) => ({
      name: 'x',
      mac,
      addresses: addresses.map((address) => ({ address, prefixLength: 24 })),
    });
    const inventory: Inventory = {
      ...inventoryOf({}),
      networks: [
        card('02:00:00:00:00:02', '10.1.2.3', '169.254.7.7', '2001:db8::7', 'FE80::1', 'not an address'),
        card('00:00:00:00:00:00', '127.0.0.1', '::1', '127.5.5.5'),
        card('02:00:00:00:00:02', '10.1.2.3'),
        card('02:00:00:00:00:03', 'febf::1%eth0', '0.0.0.0'),
      ],
    };
    await machine.checkIn({ inventory, inventoryHash: hashOf(inventory) });
    expect(await test.details(machine.machineId)).toMatchObject({
      macs: ['02:00:00:00:00:02', '02:00:00:00:00:03'],
      row: { internalIps: ['10.1.2.3', '2001:db8::7'] },
    });
  });

  it('change what the machine asks for itself, and write down old and new', async () => {
    const machine = await test.enrol();
    const { labels } = await machine.checkIn({
      reconfigure: {
        name: 'Till 3',
        site: 'Shop',
        department: 'Sales',
        deviceType: 'Till',
        tags: ['pos', 'POS'],
        properties: { asset: '4711', floor: '1' },
      },
    });
    const expected = {
      name: 'Till 3',
      company: 'Glazier & Sons',
      site: 'Shop',
      department: 'Sales',
      deviceType: 'Till',
      tags: ['pos'],
      properties: { asset: '4711', floor: '1' },
    };
    expect(labels).toEqual(expected);
    const entry = await test.audited(
      'machine.reconfigured',
      ({ details }) => details.machineId === machine.machineId,
    );
    expect(entry.details.changes).toMatchObject({
      name: { from: '', to: 'Till 3' },
      tags: { from: [], to: ['pos'] },
    });
    // Sent again, since the answer was lost: nothing changes any more.
    const version = (await test.details(machine.machineId)).row.version;
    await machine.checkIn({ reconfigure: { name: 'Till 3', site: 'SHOP' } });
    expect((await test.details(machine.machineId)).row).toMatchObject({ version, site: { name: 'Shop' } });
    const later = await machine.checkIn({ reconfigure: { site: '', tags: [], properties: { floor: '' } } });
    expect(later.labels).toEqual({ ...expected, site: '', tags: [], properties: { asset: '4711' } });
  });

  it('tell what the server named meanwhile, as does a renamed company', async () => {
    const machine = await test.enrol({ hostname: 'PC-9' });
    const { client } = test.stage.admin;
    const params = { machineId: machine.machineId };
    const body = { name: 'Reception', properties: { room: 'A' } };
    const { pending } = await client.call('changeMachine', { params, body });
    expect(pending).toMatchObject([{ what: 'reconfigure' }]);
    expect((await machine.checkIn()).labels).toMatchObject({ name: 'Reception', properties: { room: 'A' } });
    expect((await test.details(machine.machineId)).pending).toEqual([]);
    await client.call('changeSettings', { body: { checkInMinutes: 5, companyName: 'Beta Help' } });
    await client.call('changeCompany', {
      params: { companyId: test.companyId },
      body: { name: 'Glazier Ltd' },
    });
    expect(await machine.checkIn()).toMatchObject({
      companyName: 'Beta Help',
      checkInSeconds: 300,
      labels: { company: 'Glazier Ltd' },
    });
  });
});
