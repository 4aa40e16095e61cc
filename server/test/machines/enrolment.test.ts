import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusalOf } from '../sessions/support/inbox.ts';
import { type Stage, setStage } from '../sessions/support/stage.ts';
import { DATABASE_KINDS } from '../support/test-databases.ts';
import { enrolMachine, makeInstaller, newMachineKey } from './support/enrol-machine.ts';

describe.each(DATABASE_KINDS)('enrolment on $name', (kind) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await setStage({ kind });
  });
  afterAll(() => stage.close());

  it('makes a machine with what its installer gives, and shows what it reports', async () => {
    const { token, companyId } = await makeInstaller(stage.admin.client, {
      site: 'Head office',
      department: 'Sales',
      deviceType: 'Laptop',
      tags: ['vip', 'VIP', 'floor 2'],
    });
    const machine = await enrolMachine(stage.url, token, { hostname: 'LAPTOP-7' });
    expect(machine.enrolled).toMatchObject({
      companyName: 'Acme Support',
      checkInSeconds: 900,
      labels: {
        name: 'LAPTOP-7',
        company: 'Glazier & Sons',
        site: 'Head office',
        department: 'Sales',
        deviceType: 'Laptop',
        tags: ['vip', 'floor 2'],
        properties: {},
      },
    });
    expect(await machine.checkIn()).toMatchObject({ wantsInventory: false, wake: [] });
    const { row, ...details } = await stage.admin.client.call('getMachine', {
      params: { machineId: machine.machineId },
    });
    expect(row).toMatchObject({
      name: 'LAPTOP-7',
      company: { companyId, name: 'Glazier & Sons' },
      site: { name: 'Head office' },
      osName: 'Debian GNU/Linux 12',
      user: 'jsmith',
      guestConnected: true,
      externalIp: '127.0.0.1',
      internalIps: ['192.168.7.20'],
      outdated: false,
      online: false,
      removedAt: null,
    });
    expect(details).toMatchObject({ macs: ['02:00:00:00:00:01'], installer: { name: 'Workstations' } });
  });

  it('gives the same machine to the same key, without using the installer up', async () => {
    const { token, installerId } = await makeInstaller(stage.admin.client, { maxUses: 1 });
    const key = newMachineKey();
    const first = await enrolMachine(stage.url, token, { key });
    expect((await enrolMachine(stage.url, token, { key })).machineId).toBe(first.machineId);
    expect(await refusalOf(enrolMachine(stage.url, token))).toBe('not-allowed');
    const { installers } = await stage.admin.client.call('listInstallers');
    expect(installers.find((one) => one.installerId === installerId)).toMatchObject({
      uses: 1,
      status: 'used-up',
    });
  });

  it('never enrols more machines than the installer allows, however many come at once', async () => {
    const { token } = await makeInstaller(stage.admin.client, { maxUses: 5 });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 12 }, () => enrolMachine(stage.url, token)),
    );
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(5);
  });
});
