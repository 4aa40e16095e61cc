import type { Inventory } from '@guruconnect/shared';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { enrolMachine, type FakeMachine } from '../machines/support/enrol-machine.ts';
import { type FakeMachineAgent, startMachineAgent } from './support/fake-machine-agent.ts';
import { type Fleet, type FleetCompany, gatherFleet, type Technician } from './support/fleet.ts';

describe('waking a machine', () => {
  let fleet: Fleet;
  let company: FleetCompany;
  let technician: Technician;
  beforeAll(async () => {
    fleet = await gatherFleet();
    technician = await fleet.hire('tess', 'technician');
    company = await fleet.found('Lan');
  });
  afterAll(() => fleet.close());

  const card = (address: string, mac: string): Partial<Inventory> => ({
    networks: [{ name: 'eth0', mac, addresses: [{ address, prefixLength: 24 }] }],
  });
  let hosts = 0;
  /** Enrolled and checked in once, with a network card in that network. */
  const enrol = async (network: string, inventory?: Partial<Inventory>): Promise<FakeMachine> => {
    hosts += 1;
    const mac = `02:00:00:00:00:${hosts.toString(16).padStart(2, '0')}`;
    const machine = await enrolMachine(fleet.server.localUrl, company.token, {
      hostname: `host-${hosts}`,
      inventory: inventory ?? card(`${network}.${hosts}`, mac),
    });
    await machine.checkIn();
    return machine;
  };
  const wake = ({ machineId }: { machineId: string }, one = technician) =>
    one.client.call('wakeMachine', { params: { machineId } });

  it('asks up to three others of its network, and gives them its network address once', async () => {
    const sleeper = await enrol('10.1.1');
    const peers = [];
    for (let at = 0; at < 4; at += 1) peers.push(await enrol('10.1.1'));
    const elsewhere = await enrol('10.1.2');
    const agents: FakeMachineAgent[] = [];
    for (const one of [...peers, elsewhere]) {
      agents.push(await startMachineAgent(fleet.server.localUrl, one));
    }
    for (const { machineId } of peers) {
      const read = () => technician.client.call('getMachine', { params: { machineId } });
      await expect.poll(async () => (await read()).row.online, { timeout: 8_000 }).toBe(true);
    }
    expect(await wake(sleeper)).toEqual({ askedAgents: 3 });
    const isAsked = (one: FakeMachineAgent) => one.all('check-in').length > 0;
    await expect.poll(() => agents.filter(isAsked).length, { timeout: 8_000 }).toBe(3);
    expect(agents.at(-1)?.all('check-in')).toEqual([]);
    const asked = peers.filter((_one, at) => (agents[at]?.all('check-in').length ?? 0) > 0);
    for (const peer of asked) {
      expect((await peer.checkIn()).wake.at(-1)).toEqual({ macs: ['02:00:00:00:00:01'] });
      expect((await peer.checkIn()).wake).toEqual([]);
    }
    for (const agent of agents) agent.stop();
    const { entries } = await fleet.admin.call('listAudit', { query: { limit: 50 } });
    expect(entries.find((entry) => entry.action === 'machine.wake-asked')).toMatchObject({
      actor: `user:${technician.userId}`,
      details: { machineId: sleeper.machineId },
    });
  });

  it('is refused with the reason where nobody can do it', async () => {
    const alone = await enrol('10.2.1');
    const bare = await enrol('', { networks: [] });
    const awake = await enrol('10.2.3');
    const agent = await startMachineAgent(fleet.server.localUrl, awake);
    for (const [machine, reason] of [
      [alone, 'no-peer'],
      [bare, 'no-mac'],
      [awake, 'online'],
    ] as const) {
      await expect(wake(machine)).rejects.toMatchObject({ code: 'conflict', details: { reason } });
    }
    agent.stop();
  });

  it('says of a machine out of reach, and of a removed one, what it says of none', async () => {
    const hiding = await fleet.found('Hidden', []);
    const hidden = await hiding.enrol('hidden');
    const removed = await enrol('10.3.1');
    await fleet.admin.call('changeMachines', {
      body: { machineIds: [removed.machineId], change: { kind: 'remove' } },
    });
    const answers = await Promise.all(
      [hidden, removed, { machineId: crypto.randomUUID() }].map((one) =>
        technician.client.send('wakeMachine', { params: { machineId: one.machineId } }),
      ),
    );
    for (const { status, body } of answers) {
      expect({ status, body }).toEqual({
        status: 404,
        body: { error: { code: 'not-found', message: 'There is no such machine.' } },
      });
    }
  });
});
