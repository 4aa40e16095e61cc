import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashToken } from '../../src/core/secrets.ts';
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

  it('gives one machine to a computer that asks several times at once', async () => {
    const { token, installerId } = await makeInstaller(stage.admin.client);
    const key = newMachineKey();
    const enrolled = await Promise.all(
      Array.from({ length: 6 }, () => enrolMachine(stage.url, token, { key })),
    );
    expect(new Set(enrolled.map((one) => one.machineId)).size).toBe(1);
    const { installers } = await stage.admin.client.call('listInstallers');
    expect(installers.find((one) => one.installerId === installerId)?.uses).toBe(1);
  });

  it('shows the token of an installer once, and stores its hash alone', async () => {
    const { client } = stage.admin;
    const { token, installerId } = await makeInstaller(client, { name: 'Once', expiresAt: 1e300 });
    const { installers } = await client.call('listInstallers');
    expect(installers.find((one) => one.installerId === installerId)).toMatchObject({
      name: 'Once',
      status: 'active',
      createdBy: { userId: stage.admin.userId, name: 'Ada' },
      // Later than any calendar: never.
      expiresAt: null,
    });
    const { entries } = await client.call('listAudit', { query: {} });
    expect(JSON.stringify([installers, entries])).not.toContain(token);
    expect(JSON.stringify([installers, entries])).not.toContain(hashToken(token));
    const past = makeInstaller(client, { expiresAt: Date.now() - 1_000 });
    expect(await refusalOf(past)).toBe('invalid-message');
  });

  it('ends for an installer that is revoked; its machines stay', async () => {
    const { client } = stage.admin;
    const { token, installerId } = await makeInstaller(client);
    const machine = await enrolMachine(stage.url, token);
    const params = { installerId };
    const revoked = await client.call('revokeInstaller', { params });
    expect(revoked).toMatchObject({ status: 'revoked', uses: 1 });
    expect((await client.call('revokeInstaller', { params })).revokedAt).toBe(revoked.revokedAt);
    expect(await refusalOf(enrolMachine(stage.url, token))).toBe('not-allowed');
    expect((await machine.checkIn()).wantsInventory).toBe(false);
    // It had no answer the first time, and asks again.
    const again = await enrolMachine(stage.url, token, { key: machine.key });
    expect(again.machineId).toBe(machine.machineId);
    const { entries } = await client.call('listAudit', { query: {} });
    const revocations = entries.filter((entry) => entry.action === 'installer.revoked');
    expect(revocations.filter((entry) => entry.details.installerId === installerId)).toHaveLength(1);
    const enrolled = entries.filter((entry) => entry.action === 'machine.enrolled');
    expect(enrolled[0]?.details).toMatchObject({ machineId: machine.machineId, installerId });
  });
});
