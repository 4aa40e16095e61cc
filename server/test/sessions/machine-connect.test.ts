import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { machines } from '../../src/db/schema/machines.ts';
import { sessions } from '../../src/db/schema/sessions.ts';
import { DATABASE_KINDS } from '../support/test-databases.ts';
import { startAgent } from './support/fake-agent.ts';
import { openConsole } from './support/fake-console.ts';
import { refusalOf } from './support/inbox.ts';
import { lookAt, type MachineStage, setMachineStage } from './support/machine-stage.ts';
import type { Person } from './support/stage.ts';

const SOME_ID = '00000000-0000-4000-8000-000000000001';

describe.each(DATABASE_KINDS)('connecting to a machine, on $name', (kind) => {
  let stage: MachineStage;
  let tess: Person;
  let otto: Person;
  let companyId: string;

  beforeAll(async () => {
    stage = await setMachineStage({ kind, tuning: { machines: { attachMs: 4_000, sweepMs: 100 } } });
    tess = await stage.hire('tess', 'technician');
    otto = await stage.hire('otto', 'technician');
    companyId = await stage.addCompany('Glazier', { consent: { kind: 'never' } });
  });
  afterAll(() => stage.close());

  const connect = (who: Person, machineId: string, body = {}) =>
    who.client.call('connectMachine', { params: { machineId }, body });
  const rowsOf = (machineId: string) =>
    stage.db.select().from(sessions).where(eq(sessions.machineId, machineId));
  const auditOf = async (action: string, machineId: string) => {
    const { entries } = await stage.admin.client.call('listAudit', { query: { limit: 500 } });
    return entries.filter((one) => one.action === action && one.details?.machineId === machineId);
  };

  it('calls the machine, whose agent attaches with its token, and shows the screen without a question', async () => {
    const machineId = await stage.addMachine(companyId);
    const opened = await stage.open(tess, machineId, { visibility: 'company' });
    expect(opened.session).toMatchObject({
      origin: 'machine',
      machineId,
      name: 'Front desk',
      visibility: 'company',
      consentRequired: false,
      consentPolicy: { kind: 'never' },
      owner: { userId: tess.userId },
      lifecycle: { phase: 'waiting' },
      machine: { hostname: 'PC-FRONT-DESK' },
      endpointAddress: '192.0.2.7',
      code: null,
    });
    const { peerId } = await lookAt(opened, opened.console);
    expect(opened.agent.peers.get(peerId)?.capabilities).toEqual(['view', 'control']);
    expect(await auditOf('machine.connected', machineId)).toMatchObject([
      { sessionId: opened.session.id, actor: `user:${tess.userId}` },
    ]);
    const [machine] = await stage.db.select().from(machines).where(eq(machines.id, machineId));
    expect(machine?.lastAccessedAt).toBeGreaterThan(Date.now() - 60_000);
    expect(machine?.version).toBeGreaterThan(1);
  });

  it('takes the visibility that the person prefers when none is said', async () => {
    const machineId = await stage.addMachine(companyId);
    await otto.client.call('changePreferences', { body: { sessionVisibility: 'private' } });
    expect((await connect(otto, machineId)).visibility).toBe('private');
    expect((await otto.client.call('createSession', { body: {} })).visibility).toBe('private');
    await otto.client.call('changePreferences', { body: { sessionVisibility: 'team' } });
  });

  it('makes one session of many calls at once', async () => {
    const machineId = await stage.addMachine(companyId);
    const views = await Promise.all(
      Array.from({ length: 6 }, (_, i) => connect(i % 2 ? tess : otto, machineId, { visibility: 'company' })),
    );
    expect(new Set(views.map((view) => view.id)).size).toBe(1);
    expect(await rowsOf(machineId)).toHaveLength(1);
    expect(stage.lines.calls.filter((one) => one.machineId === machineId)).toHaveLength(1);
  });

  it('stores nothing of a machine that is not connected, or whose line breaks at the call', async () => {
    const machineId = await stage.addMachine(companyId, { online: false });
    expect(await refusalOf(connect(tess, machineId))).toBe('endpoint-offline');
    stage.lines.comeOnline(machineId);
    stage.lines.breakAtNextCall();
    expect(await refusalOf(connect(tess, machineId))).toBe('endpoint-offline');
    expect(await rowsOf(machineId)).toEqual([]);
    expect((await auditOf('machine.connect-failed', machineId)).map((one) => one.details?.reason)).toEqual([
      'offline',
      'offline',
    ]);
    expect((await connect(tess, machineId)).lifecycle.phase).toBe('waiting');
  });

  it('gives the open session to those who may see it, and tells others only that there is one', async () => {
    const machineId = await stage.addMachine(companyId);
    const { session } = await stage.open(tess, machineId, { visibility: 'private' });
    expect((await connect(tess, machineId)).id).toBe(session.id);
    expect((await connect(stage.admin, machineId)).id).toBe(session.id);
    const answer = await otto.client.send('connectMachine', { params: { machineId }, body: {} });
    expect(answer.status).toBe(409);
    expect(answer.body).toEqual({
      error: { code: 'conflict', message: 'Somebody is connected to this machine already.' },
    });
    expect(await auditOf('machine.connect-failed', machineId)).toMatchObject([
      { details: { reason: 'occupied' } },
    ]);
  });

  it('ends what no agent attached to, and says so', async () => {
    const machineId = await stage.addMachine(companyId);
    const page = await openConsole(tess.client);
    await page.ask('sessions:watch', {});
    const session = await connect(tess, machineId);
    const view = await page.inbox.next(
      'session:changed',
      (one) => one.id === session.id && one.lifecycle.phase === 'ended',
    );
    expect(view.lifecycle).toMatchObject({ reason: 'agent-stopped' });
    const { token } = await stage.lines.nextCall(machineId);
    expect(await refusalOf(startAgent(stage.url, token))).toBe('unauthenticated');
    expect(stage.lines.stops).toContainEqual({ machineId, sessionId: session.id });
    // The next call makes a new one.
    expect((await connect(tess, machineId)).id).not.toBe(session.id);
    page.close();
  });

  it('says the same of hidden machines and of those that never were', async () => {
    const hiddenCompany = await stage.addCompany('Hidden', { access: 'assigned' });
    const machineId = await stage.addMachine(hiddenCompany);
    const invented = await tess.client.send('connectMachine', { params: { machineId: SOME_ID }, body: {} });
    const hidden = await tess.client.send('connectMachine', { params: { machineId }, body: {} });
    expect([hidden.status, hidden.body]).toEqual([invented.status, invented.body]);
    expect(hidden.body).toEqual({ error: { code: 'not-found', message: 'There is no such machine.' } });
    const senior = await stage.hire('sina', 'senior');
    expect((await connect(senior, machineId)).machineId).toBe(machineId);
    // Also while somebody works on it.
    const occupied = await tess.client.send('connectMachine', { params: { machineId }, body: {} });
    expect(occupied.body).toEqual(invented.body);
  });

  it('knows a removed machine only to those who may bring it back, and connects nobody', async () => {
    const machineId = await stage.addMachine(companyId, { removed: true });
    expect(await refusalOf(connect(tess, machineId))).toBe('not-found');
    expect(await refusalOf(connect(stage.admin, machineId))).toBe('conflict');
    const history = (who: Person) => who.client.send('machineSessions', { params: { machineId } });
    expect([(await history(tess)).status, (await history(stage.admin)).status]).toEqual([404, 200]);
  });

  it('hides the sessions of a machine that was deleted for good', async () => {
    const machineId = await stage.addMachine(companyId);
    const { session } = await stage.open(tess, machineId, { visibility: 'company' });
    const params = { sessionId: session.id };
    await tess.client.call('endSession', { params });
    expect((await otto.client.send('getSession', { params })).status).toBe(200);
    await stage.db.delete(machines).where(eq(machines.id, machineId));
    expect((await otto.client.send('getSession', { params })).status).toBe(403);
    const { sessions: past } = await otto.client.call('listSessions', { query: { state: 'ended' } });
    expect(past.map((one) => one.id)).not.toContain(session.id);
    expect((await stage.admin.client.call('getSession', { params })).machineId).toBe(machineId);
  });
});
