import type { ApiBody } from '@guruconnect/shared';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SessionsFeatureDeps } from '../../src/core/features.ts';
import type { MachineFeed } from '../../src/core/machine-ports.ts';
import { machines } from '../../src/db/schema/machines.ts';
import { sessions } from '../../src/db/schema/sessions.ts';
import { MachinePurge, REMOVED_KEPT_MS } from '../../src/machines/machine-purge.ts';
import { createWakePeers } from '../../src/machines/wake-peers.ts';
import { startMachineAgent } from '../presence/support/fake-machine-agent.ts';
import { refusalOf } from '../sessions/support/inbox.ts';
import { createShiftedClock } from '../sessions/support/shifted-clock.ts';
import { type Person, type Stage, setStage } from '../sessions/support/stage.ts';
import { SILENT } from '../support/start-test-server.ts';
import { DATABASE_KINDS } from '../support/test-databases.ts';
import {
  enrolMachine,
  type FakeMachine,
  type FakeMachineOptions,
  hashOf,
  inventoryOf,
  makeInstaller,
} from './support/enrol-machine.ts';

const SOON = { timeout: 10_000 };

describe.each(DATABASE_KINDS)('what other features hear of machines on $name', (kind) => {
  let stage: Stage;
  let deps: SessionsFeatureDeps;
  let admin: Person['client'];
  let companyId: string;
  let token: string;
  const heard: { ids: readonly string[]; kind: Parameters<MachineFeed['changed']>[1] }[] = [];
  const companiesHeard: string[] = [];

  beforeAll(async () => {
    stage = await setStage({
      kind,
      adapt: (given) => {
        deps = given;
        return given;
      },
    });
    admin = stage.admin.client;
    deps.machineFeed.onChanged((ids, what) => void heard.push({ ids, kind: what }));
    deps.companies.onChanged((id) => void companiesHeard.push(id));
    ({ companyId, token } = await makeInstaller(admin));
  });
  beforeEach(() => {
    heard.length = 0;
    companiesHeard.length = 0;
  });
  afterAll(() => stage.close());

  const enrol = (options: FakeMachineOptions = {}) => enrolMachine(stage.url, token, options);
  const change = (machine: FakeMachine, what: ApiBody<'changeMachines'>['change']) =>
    admin.call('changeMachines', { body: { machineIds: [machine.machineId], change: what } });

  it('a machine appears, changes, goes and comes back', async () => {
    const machine = await enrol();
    const ids = [machine.machineId];
    expect(heard).toEqual([{ ids, kind: 'appeared' }]);
    await machine.checkIn();
    await machine.checkIn();
    expect(heard.slice(1)).toEqual([{ ids, kind: 'changed' }]);
    await change(machine, { kind: 'remove' });
    await change(machine, { kind: 'restore' });
    await change(machine, { kind: 'flag', note: '' });
    expect(heard.slice(2).map((one) => one.kind)).toEqual(['removed', 'appeared', 'changed']);
  });

  it('a company that hides itself is said with all its machines, after they are hidden', async () => {
    const machine = await enrol();
    const technician = await stage.hire('tess', 'technician');
    const actor = { userId: technician.userId, role: 'technician', teamId: null } as const;
    const seenWhenTold: (string | undefined)[] = [];
    const stop = deps.machineFeed.onChanged(() => {
      const scope = deps.companies.scopeOf(actor);
      seenWhenTold.push(scope === 'all' || scope.has(companyId) ? 'seen' : 'hidden');
    });
    expect((await deps.machines.rowsFor(actor, [machine.machineId])).length).toBe(1);
    await admin.call('changeCompany', { params: { companyId }, body: { access: 'assigned' } });
    stop();
    expect(seenWhenTold).toEqual(['hidden']);
    expect(heard[0]?.ids).toContain(machine.machineId);
    expect(companiesHeard).toEqual([companyId]);
    expect(await deps.machines.rowsFor(actor, [machine.machineId])).toEqual([]);
    await admin.call('changeCompany', { params: { companyId }, body: { access: 'everyone' } });
  });

  it('rows come in the order asked for, without removed and unknown ones', async () => {
    const [a, b, gone] = [await enrol(), await enrol(), await enrol()];
    await change(gone, { kind: 'remove' });
    const actor = { userId: stage.admin.userId, role: 'admin', teamId: null } as const;
    const ids = [b.machineId, gone.machineId, crypto.randomUUID(), a.machineId];
    const rows = await deps.machines.rowsFor(actor, ids);
    expect(rows.map((row) => row.machineId)).toEqual([b.machineId, a.machineId]);
    expect(await deps.machines.find(gone.machineId)).toMatchObject({ isRemoved: true, companyId });
    expect(await deps.machines.find(crypto.randomUUID())).toBeUndefined();
  });

  it('a removed machine is cut off at once and is let in again when it is back', async () => {
    const machine = await enrol();
    const identity = { machineId: machine.machineId, publicKey: machine.key.publicKey };
    const options = { answer: machine.answer };
    const agent = await startMachineAgent(stage.url, identity as never, options);
    await expect.poll(() => deps.lines.isOnline(machine.machineId), SOON).toBe(true);
    await change(machine, { kind: 'remove' });
    expect(await agent.refused).toMatchObject({ code: 'not-allowed' });
    expect(deps.lines.isOnline(machine.machineId)).toBe(false);
    expect(await refusalOf(startMachineAgent(stage.url, identity as never, options))).toBe('not-allowed');
    await change(machine, { kind: 'restore' });
    const again = await startMachineAgent(stage.url, identity as never, options);
    // What people change reaches an agent that is connected soon.
    await admin.call('changeMachine', { params: { machineId: machine.machineId }, body: { name: 'New' } });
    await again.next('check-in');
    again.stop();
  });

  it('removed machines go for good after 30 days, and their sessions keep naming them', async () => {
    const clock = createShiftedClock();
    const [machine, kept] = [await enrol({ hostname: 'OLD' }), await enrol()];
    const session = await admin.call('createSession', { body: {} });
    await deps.db.update(sessions).set({ machineId: machine.machineId }).where(eq(sessions.id, session.id));
    await change(machine, { kind: 'remove' });
    const purge = new MachinePurge({ db: deps.db, clock, audit: deps.audit, log: SILENT });
    clock.shift(REMOVED_KEPT_MS - 60_000);
    await purge.sweep();
    expect(await deps.machines.find(machine.machineId)).toBeDefined();
    clock.shift(2 * 60_000);
    await purge.sweep();
    await purge.close();
    expect(await deps.machines.find(machine.machineId)).toBeUndefined();
    expect(await deps.machines.find(kept.machineId)).toBeDefined();
    const [row] = await deps.db.select().from(sessions).where(eq(sessions.id, session.id));
    expect(row?.machineId).toBe(machine.machineId);
    const { entries } = await admin.call('listAudit', { query: {} });
    const entry = entries.find((one) => one.action === 'machine.purged');
    expect(entry?.details.machines).toContainEqual({ machineId: machine.machineId, name: 'OLD' });
  });

  describe('who could wake a machine', () => {
    const online = new Set<string>();
    const at = async (
      address: string,
      prefixLength: number,
      change: Partial<typeof machines.$inferInsert>,
    ) => {
      const machine = await enrol();
      const inventory = {
        ...inventoryOf({}),
        networks: [{ name: 'e', mac: '02:00:00:00:00:09', addresses: [{ address, prefixLength }] }],
      };
      await machine.checkIn({ inventory, inventoryHash: hashOf(inventory) });
      await deps.db.update(machines).set(change).where(eq(machines.id, machine.machineId));
      if (change.online) online.add(machine.machineId);
      return machine.machineId;
    };
    const peersOf = async (machineId: string) => {
      const [row] = await deps.db.select().from(machines).where(eq(machines.id, machineId));
      if (!row) throw new Error('There is no such machine.');
      const lines = { ...deps.lines, isOnline: (id: string) => online.has(id) };
      return createWakePeers({ db: deps.db, lines: () => lines }).of(row);
    };

    it('are online machines behind the same address and in the same subnet', async () => {
      const home = { externalIp: '198.51.100.7' };
      const sleeper = await at('10.4.0.1', 16, { ...home, online: false });
      const near = await at('10.4.200.9', 16, { ...home, online: true });
      await at('10.5.0.2', 16, { ...home, online: true });
      await at('10.4.0.3', 24, { ...home, online: true });
      await at('10.4.0.4', 16, { ...home, online: false });
      await at('10.4.0.5', 16, { externalIp: '203.0.113.1', online: true });
      await at('10.4.0.6', 16, { ...home, online: true, removedAt: Date.now() });
      const stale = await at('10.4.0.7', 16, { ...home, online: true });
      online.delete(stale);
      expect(await peersOf(sleeper)).toEqual([near]);
      // Nobody is connected to the real lines.
      expect(await deps.machines.wakePeersOf(sleeper)).toEqual([]);
    });

    it('are neighbours with addresses of their own where no router stands before the server', async () => {
      const sleeper = await at('172.20.0.1', 24, { externalIp: '172.20.0.1', online: false });
      const near = await at('172.20.0.2', 24, { externalIp: '172.20.0.2', online: true });
      await at('172.20.0.3', 24, { externalIp: '198.51.100.9', online: true });
      await at('172.20.1.4', 24, { externalIp: '172.20.1.4', online: true });
      expect(await peersOf(sleeper)).toEqual([near]);
    });

    it('are asked with their next check-in, and the wish is shown until the machine is there', async () => {
      const networkOf = (host: number, mac: string) => ({
        networks: [{ name: 'e', mac, addresses: [{ address: `10.77.0.${host}`, prefixLength: 24 }] }],
      });
      const sleeper = await enrol({ inventory: networkOf(1, '02:00:00:00:77:01') });
      const peer = await enrol({ inventory: networkOf(2, '02:00:00:00:77:02') });
      await sleeper.checkIn();
      await peer.checkIn();
      const params = { machineId: sleeper.machineId };
      const details = () => admin.call('getMachine', { params });
      expect((await details()).canBeWoken).toBe(false);
      expect(await refusalOf(admin.call('wakeMachine', { params }))).toBe('conflict');
      const agent = await startMachineAgent(stage.url, peer as never, { answer: peer.answer });
      await expect.poll(async () => (await details()).canBeWoken, SOON).toBe(true);
      expect(await admin.call('wakeMachine', { params })).toEqual({ askedAgents: 1 });
      expect((await details()).pending).toMatchObject([{ what: 'wake' }]);
      await agent.next('check-in');
      expect((await peer.checkIn()).wake).toEqual([{ macs: ['02:00:00:00:77:01'] }]);
      expect((await peer.checkIn()).wake).toEqual([]);
      const woken = await startMachineAgent(stage.url, sleeper as never, { answer: sleeper.answer });
      expect((await details()).pending).toEqual([]);
      agent.stop();
      woken.stop();
    });

    it('are none for a machine whose network is not known', async () => {
      const machine = await enrol();
      expect(await peersOf(machine.machineId)).toEqual([]);
    });
  });
});
