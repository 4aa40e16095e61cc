import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { machines } from '../../src/db/schema/machines.ts';
import { BROWSER_KEY } from './support/browser-key.ts';
import { type FakeConsole, openConsole } from './support/fake-console.ts';
import { lookAt, type MachineStage, setMachineStage } from './support/machine-stage.ts';
import type { Person } from './support/stage.ts';

const WITHIN_MS = 2_000;
const SOME_ID = '00000000-0000-4000-8000-000000000001';

describe('the sessions of a machine, to a technician who does not reach its company', () => {
  let stage: MachineStage;
  let tess: Person;
  let otto: Person;
  let page: FakeConsole;
  let companyId: string;
  let machineId: string;

  beforeAll(async () => {
    stage = await setMachineStage();
    tess = await stage.hire('tess', 'technician');
    otto = await stage.hire('otto', 'technician');
    page = await openConsole(otto.client);
    companyId = await stage.addCompany('Glazier', { consent: { kind: 'never' } });
    machineId = await stage.addMachine(companyId);
    await page.ask('sessions:watch', {});
  });
  beforeEach(() => stage.changeCompany(companyId, { access: 'everyone' }));
  afterAll(async () => {
    page.close();
    await stage.close();
  });

  const close = () => stage.changeCompany(companyId, { access: 'assigned', assignedUserIds: [tess.userId] });

  it('do not exist: not in lists, events, history, by id, nor in any error', async () => {
    await close();
    page.inbox.clear();
    const opened = await stage.open(tess, machineId, { visibility: 'company' });
    await lookAt(opened, opened.console);
    await opened.console.ask('control:release', { sessionId: opened.session.id });
    const sessionId = opened.session.id;
    const { sessions } = await page.ask('sessions:watch', {});
    expect(sessions.map((one) => one.id)).not.toContain(sessionId);
    expect(page.inbox.all('session:changed')).toEqual([]);
    const listed = await otto.client.call('listSessions', { query: {} });
    expect(listed.sessions.map((one) => one.id)).not.toContain(sessionId);
    for (const name of [
      'getSession',
      'sessionQuality',
      'sessionAudit',
      'transferChoices',
      'endSession',
    ] as const) {
      const real = await otto.client.send(name, { params: { sessionId } });
      const invented = await otto.client.send(name, { params: { sessionId: SOME_ID } });
      expect([name, real.status, real.body]).toEqual([name, invented.status, invented.body]);
    }
    for (const name of ['machineSessions', 'connectMachine'] as const) {
      const body = name === 'connectMachine' ? { body: {} } : {};
      const real = await otto.client.send(name, { params: { machineId }, ...body });
      const invented = await otto.client.send(name, { params: { machineId: SOME_ID }, ...body });
      expect([name, real.status, real.body]).toEqual([name, invented.status, invented.body]);
    }
    for (const name of ['session:join', 'session:leave', 'session:pause', 'session:resume', 'peer:request']) {
      const payload = { wants: 'view', browserKey: BROWSER_KEY };
      const ask = (id: string) => page.socket.timeout(5_000).emitWithAck(name, { ...payload, sessionId: id });
      expect([name, await ask(sessionId)]).toEqual([name, await ask(SOME_ID)]);
    }
    const ended = await tess.client.call('endSession', { params: { sessionId } });
    expect(ended.lifecycle.phase).toBe('ended');
    const past = await otto.client.call('listSessions', { query: { state: 'ended' } });
    expect(past.sessions.map((one) => one.id)).not.toContain(sessionId);
    expect(page.inbox.all('session:changed')).toEqual([]);
  });

  it('are shown in the history of the machine to those who may see each', async () => {
    const mine = await stage.open(otto, machineId, { visibility: 'private' });
    await otto.client.call('endSession', { params: { sessionId: mine.session.id } });
    const theirs = await stage.open(tess, machineId, { visibility: 'company' });
    const history = async (who: Person) =>
      (await who.client.call('machineSessions', { params: { machineId } })).sessions.map((one) => one.id);
    expect((await history(otto)).slice(0, 2)).toEqual([theirs.session.id, mine.session.id]);
    expect(await history(tess)).not.toContain(mine.session.id);
    expect((await history(tess))[0]).toBe(theirs.session.id);
    await tess.client.call('endSession', { params: { sessionId: theirs.session.id } });
  });

  it.each([
    ['who may reach the company', close],
    [
      'which company the machine is in',
      async () => {
        const other = await stage.addCompany('Elsewhere', {
          access: 'assigned',
          assignedUserIds: [tess.userId],
        });
        await stage.db.update(machines).set({ companyId: other }).where(eq(machines.id, machineId));
        stage.feed.changed([machineId], 'appeared');
      },
    ],
  ])('vanish within 2 seconds when it changes %s, and whoever looked is cut', async (_what, change) => {
    const opened = await stage.open(tess, machineId, { visibility: 'company' });
    const sessionId = opened.session.id;
    await lookAt(opened, opened.console);
    const looking = await lookAt(opened, page, 'view');
    const warm = await openConsole(otto.client);
    const { peerId: standing } = await warm.ask('peer:request', {
      sessionId,
      browserKey: BROWSER_KEY,
      warm: true,
    });
    page.inbox.clear();
    const changedAt = Date.now();
    await change();
    for (const peerId of [looking.peerId, standing]) {
      await opened.agent.inbox.next('peer:cut', (one) => one.peerId === peerId, WITHIN_MS);
    }
    await page.inbox.next('session:removed', (one) => one.sessionId === sessionId, WITHIN_MS);
    expect(Date.now() - changedAt).toBeLessThan(WITHIN_MS);
    expect([...opened.agent.peers.values()].map((claims) => claims.capabilities)).toEqual([
      ['view', 'control'],
    ]);
    const { participants } = await tess.client.call('getSession', { params: { sessionId } });
    expect(participants.map((one) => one.userId)).toEqual([tess.userId]);
    await tess.client.call('endSession', { params: { sessionId } });
    warm.close();
  });

  it('are left by somebody who came in as a senior and is none any more', async () => {
    await stage.db.update(machines).set({ companyId }).where(eq(machines.id, machineId));
    await close();
    const senior = await stage.hire('sina', 'senior');
    const opened = await stage.open(tess, machineId, { visibility: 'company' });
    await lookAt(opened, opened.console);
    const seniors = await openConsole(senior.client);
    await seniors.ask('sessions:watch', {});
    const { peerId } = await lookAt(opened, seniors, 'view');
    await stage.admin.client.call('changeUser', {
      params: { userId: senior.userId },
      body: { role: 'technician' },
    });
    await opened.agent.inbox.next('peer:cut', (one) => one.peerId === peerId, WITHIN_MS);
    const both = await opened.console.inbox.next('session:changed', (one) => one.participants.length === 2);
    expect(both.participants.map((one) => one.userId)).toContain(senior.userId);
    opened.console.inbox.clear();
    await expect
      .poll(async () => {
        const params = { sessionId: opened.session.id };
        return (await tess.client.call('getSession', { params })).participants.map((one) => one.userId);
      })
      .toEqual([tess.userId]);
    await tess.client.call('endSession', { params: { sessionId: opened.session.id } });
    seniors.close();
  });

  it('vanish for their owner too, and end, for nobody is left', async () => {
    await stage.db.update(machines).set({ companyId }).where(eq(machines.id, machineId));
    const opened = await stage.open(otto, machineId, { visibility: 'company' });
    await lookAt(opened, opened.console);
    await close();
    await opened.console.inbox.next(
      'session:removed',
      (one) => one.sessionId === opened.session.id,
      WITHIN_MS,
    );
    await opened.agent.inbox.next('session:end', (one) => one.reason === 'nobody-left');
  });
});
