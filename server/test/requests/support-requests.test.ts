import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  enrolMachine,
  type FakeMachine,
  makeInstaller,
  sendWire,
} from '../machines/support/enrol-machine.ts';
import { machineTest } from '../machines/support/machine-test.ts';
import { type FakeConsole, openConsole } from '../sessions/support/fake-console.ts';
import type { Person } from '../sessions/support/stage.ts';
import { DATABASE_KINDS } from '../support/test-databases.ts';

const NO_ID = '00000000-0000-4000-8000-000000000009';

describe.each(DATABASE_KINDS)('requests for help on $name', (kind) => {
  const test = machineTest(kind);
  const pages: FakeConsole[] = [];
  let nora: Person;
  let made = 0;

  beforeAll(async () => {
    nora = await test.stage.hire('nora', 'technician');
  });
  afterAll(() => {
    for (const page of pages) page.close();
  });

  const machine = () => {
    made += 1;
    return test.enrol({ hostname: `DESK-${made}` });
  };
  const ask = (from: FakeMachine, message: string, user = 'ann', timeMs?: number) =>
    from.send(from.signed('requestSupport', { message, user }, timeMs));
  const list = async (closed?: 'yes' | 'no', client = test.stage.admin.client) =>
    (await client.call('listSupportRequests', { query: closed ? { closed } : {} })).requests;
  const close = (requestId: string, client = test.stage.admin.client) =>
    client.call('closeSupportRequest', { params: { requestId } });
  const open = async (person: Person) => {
    const page = await openConsole(person.client);
    pages.push(page);
    return page;
  };

  it('are listed, the newest first, until somebody closes them', async () => {
    const [first, second] = [await machine(), await machine()];
    await ask(first, '  The printer is on fire.  ', 'CORP\\ann');
    test.clock.shift(1);
    await ask(second, 'It stopped burning.\0');
    const requests = await list();
    expect(requests.map(({ message }) => message)).toEqual([
      'It stopped burning.\ufffd',
      'The printer is on fire.',
    ]);
    const request = requests[1];
    expect(request).toMatchObject({ user: 'CORP\\ann', closedAt: null, closedBy: null });
    expect(request?.machine).toEqual({
      machineId: first.machineId,
      name: expect.stringMatching(/^DESK-/),
      company: 'Glazier & Sons',
    });
    expect((await test.details(first.machineId)).openRequests).toBe(1);
    const closed = await close(request?.requestId ?? '', nora.client);
    expect(closed.closedBy).toEqual({ userId: nora.userId, name: 'Mx nora' });
    expect(closed.closedAt).toBeGreaterThan(0);
    expect((await test.details(first.machineId)).openRequests).toBe(0);
    expect((await list()).map(({ requestId }) => requestId)).not.toContain(request?.requestId);
    expect((await list('yes')).map(({ requestId }) => requestId)).toContain(request?.requestId);
    await expect(close(request?.requestId ?? '')).rejects.toMatchObject({ code: 'conflict' });
    await expect(close(NO_ID)).rejects.toMatchObject({ code: 'not-found' });
    const [entry] = await test.audit('support.closed');
    expect(entry).toMatchObject({ actor: `user:${nora.userId}`, details: { machineId: first.machineId } });
    const asked = await test.audit('support.requested');
    expect(asked.map(({ actor }) => actor)).toContain(`machine:${first.machineId}`);
    // What people write may be private, and the audit log stays.
    expect(JSON.stringify(asked)).not.toContain('printer');
  });

  it('are refused without a signature, twice, and when they are empty or too long', async () => {
    const from = await machine();
    const wire = from.signed('requestSupport', { message: 'Once', user: 'ann' });
    const answers = await Promise.all(Array.from({ length: 6 }, () => sendWire(test.stage.url, wire)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401, 401, 401, 401]);
    const other = await machine();
    for (const body of [
      { message: '   ', user: '' },
      { message: 'x'.repeat(2_001), user: '' },
      { message: 'x', user: 'u'.repeat(201) },
    ]) {
      expect((await other.send(other.signed('requestSupport', body))).status).toBe(400);
    }
    const { headers, ...rest } = other.signed('requestSupport', { message: 'Forged', user: '' });
    expect(
      (await sendWire(test.stage.url, { ...rest, headers: { 'content-type': 'application/json' } })).status,
    ).toBe(401);
    const forged = { ...rest, headers: { ...headers, 'x-guruconnect-machine': from.machineId } };
    expect((await sendWire(test.stage.url, forged)).status).toBe(401);
    const mine = (await list()).filter((one) =>
      [from, other].some((it_) => it_.machineId === one.machine.machineId),
    );
    expect(mine.map(({ message }) => message)).toEqual(['Once']);
  });

  it('come one in half a minute and twenty in an hour from one machine', async () => {
    const from = await machine();
    let timeMs = Date.now();
    const again = async () => {
      timeMs += 1;
      return ask(from, 'Hello?', 'ann', timeMs);
    };
    expect((await again()).status).toBe(200);
    const refused = await again();
    expect(refused.status).toBe(429);
    expect(refused.body).toMatchObject({ error: { details: { retryAfterSeconds: expect.any(Number) } } });
    // Another machine may ask meanwhile.
    expect((await ask(await machine(), 'Me too')).status).toBe(200);
    const statuses: number[] = [];
    for (let i = 0; i < 40; i += 1) {
      test.clock.shift(31_000);
      timeMs = test.clock.now();
      statuses.push((await again()).status);
    }
    const taken = statuses.filter((status) => status === 200).length;
    // The budget of an hour, and what came back of it in these twenty minutes.
    expect(taken).toBeGreaterThanOrEqual(19);
    expect(taken).toBeLessThanOrEqual(27);
    test.clock.shift(-40 * 31_000);
  });

  it('are shown at once to open pages of those who may see the machine, and to nobody else', async () => {
    const admin = test.stage.admin.client;
    const { companyId, token } = await makeInstaller(admin, { company: `Hidden ${kind.name}` });
    await admin.call('changeCompany', { params: { companyId }, body: { access: 'assigned' } });
    const hidden = await enrolMachine(test.stage.url, token);
    const [seen, unseen] = [await open(test.stage.admin), await open(nora)];
    await ask(hidden, 'Secret');
    await seen.inbox.next('requests:changed');
    expect((await list('no', nora.client)).map(({ message }) => message)).not.toContain('Secret');
    const request = (await list()).find(({ message }) => message === 'Secret');
    await expect(close(request?.requestId ?? '', nora.client)).rejects.toMatchObject({ code: 'not-found' });
    // What she may see arrives after it: had the other been told to her, it would have come first.
    await ask(await machine(), 'Open to all');
    await unseen.inbox.next('requests:changed');
    expect(unseen.inbox.all('requests:changed')).toHaveLength(1);
  });

  it('go with their machine', async () => {
    const from = await machine();
    await ask(from, 'Still there?');
    const has = async () => (await list()).some(({ machine: { machineId } }) => machineId === from.machineId);
    expect(await has()).toBe(true);
    const change = (what: 'remove' | 'restore') =>
      test.stage.admin.client.call('changeMachines', {
        body: { machineIds: [from.machineId], change: { kind: what } },
      });
    await change('remove');
    expect(await has()).toBe(false);
    await change('restore');
    expect(await has()).toBe(true);
  });
});
