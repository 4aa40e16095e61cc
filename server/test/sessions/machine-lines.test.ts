import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startMachineAgent } from '../presence/support/fake-machine-agent.ts';
import { type Fleet, type FleetCompany, gatherFleet, type Technician } from '../presence/support/fleet.ts';
import { startAgent } from './support/fake-agent.ts';
import { refusalOf } from './support/inbox.ts';
import { lookAt } from './support/machine-stage.ts';

describe('an enrolled machine on its line', () => {
  let fleet: Fleet;
  let company: FleetCompany;
  let tess: Technician;
  let otto: Technician;

  beforeAll(async () => {
    fleet = await gatherFleet();
    company = await fleet.found('Glazier');
    tess = await fleet.hire('tess', 'technician');
    otto = await fleet.hire('otto', 'technician');
  });
  afterAll(() => fleet.close());

  const connect = (who: Technician, machineId: string) =>
    who.client.call('connectMachine', { params: { machineId }, body: { visibility: 'private' } });

  it('is called, shown, seen by whom it is, handed back, and told to stop', async () => {
    const identity = await company.enrol('front-desk');
    const { machineId } = identity;
    expect(await refusalOf(connect(tess, machineId))).toBe('endpoint-offline');
    const service = await startMachineAgent(fleet.server.localUrl, identity);
    const session = await connect(tess, machineId);
    expect(session).toMatchObject({
      consentPolicy: { kind: 'ask', timeoutSeconds: 30, otherwise: 'allow' },
      machine: { hostname: 'front-desk' },
      endpointAddress: '127.0.0.1',
    });
    const { token, sessionId } = await service.next('start-session');
    expect(sessionId).toBe(session.id);
    const host = await startAgent(fleet.server.localUrl, token);
    const page = await fleet.page(tess.client);
    await page.ask('sessions:watch', {});
    const watched = await page.ask('machines:watch', { machineIds: [machineId], counts: false });
    expect(watched.machines).toMatchObject([{ machineId, sessionId: session.id, hosts: [] }]);
    const stranger = await fleet.page(otto.client);
    const hidden = await stranger.ask('machines:watch', { machineIds: [machineId], counts: false });
    expect(hidden.machines).toMatchObject([{ machineId, sessionId: null, hosts: [] }]);

    const { peerId } = await lookAt({ session, agent: host }, page);
    expect(host.peers.get(peerId)?.capabilities).toEqual(['view', 'control']);
    const looking = await page.inbox.next('machines:changed', ({ machines }) =>
      machines.some((one) => one.hosts.length > 0),
    );
    expect(looking.machines[0]?.hosts).toEqual([{ userId: tess.userId, name: 'Mx tess' }]);
    const details = await otto.client.call('getMachine', { params: { machineId } });
    expect(details.row).toMatchObject({ sessionId: null, hosts: [] });
    expect(details.row.lastAccessedAt).toBeGreaterThan(session.createdAt - 1);

    page.inbox.clear();
    await tess.client.call('endSession', { params: { sessionId } });
    await page.inbox.next('machines:changed', ({ machines }) =>
      machines.some((one) => one.sessionId === null && one.hosts.length === 0),
    );
    expect(await service.next('stop')).toMatchObject({ sessionId });
    host.close();
    service.stop();
  });

  it('is called again for its session when its line is back', async () => {
    const identity = await company.enrol('back-office');
    const service = await startMachineAgent(fleet.server.localUrl, identity);
    const session = await connect(tess, identity.machineId);
    const first = await service.next('start-session');
    const host = await startAgent(fleet.server.localUrl, first.token);
    const page = await fleet.page(tess.client);
    await page.ask('sessions:watch', {});
    await page.ask('session:join', { sessionId: session.id, wants: 'control' });
    // The machine loses its power.
    service.stop();
    host.close();
    await page.inbox.next('session:changed', (view) => view.endpoint.kind === 'lost');
    const back = await startMachineAgent(fleet.server.localUrl, identity);
    const again = await back.next('start-session');
    expect(again.sessionId).toBe(session.id);
    const newHost = await startAgent(fleet.server.localUrl, again.token);
    page.inbox.clear();
    await page.ask('sessions:watch', {});
    const view = await tess.client.call('getSession', { params: { sessionId: session.id } });
    expect(view.endpoint.kind).toBe('agent');
    newHost.close();
    back.stop();
  }, 30_000);

  it('loses its session when it is removed', async () => {
    const identity = await company.enrol('old-server');
    const service = await startMachineAgent(fleet.server.localUrl, identity);
    const session = await connect(tess, identity.machineId);
    const { token } = await service.next('start-session');
    const host = await startAgent(fleet.server.localUrl, token);
    await fleet.admin.call('changeMachines', {
      body: { machineIds: [identity.machineId], change: { kind: 'remove' } },
    });
    await host.inbox.next('session:end');
    const ended = await fleet.admin.call('getSession', { params: { sessionId: session.id } });
    expect(ended.lifecycle).toMatchObject({ phase: 'ended', reason: 'admin-ended' });
    expect(await refusalOf(connect(tess, identity.machineId))).toMatch(/conflict|not-found/);
    host.close();
    service.stop();
  });
});
