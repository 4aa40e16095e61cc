import { MACHINE_REQUEST_SKEW_MS } from '@guruconnect/shared';
import { describe, expect, it } from 'vitest';
import { DATABASE_KINDS } from '../support/test-databases.ts';
import {
  hashOf,
  inventoryOf,
  newMachineKey,
  type SignedWire,
  STATUS,
  sendWire,
  signRequest,
} from './support/enrol-machine.ts';
import { machineTest } from './support/machine-test.ts';

const inventory = inventoryOf({});
const REPORT = { agentVersion: '0.1.0', status: STATUS, inventoryHash: hashOf(inventory), inventory };

describe.each(DATABASE_KINDS)('signed requests of machines on $name', (kind) => {
  const test = machineTest(kind);
  const send = (wire: SignedWire) => sendWire(test.stage.url, wire);
  const refused = (code: string) => ({ error: { code } });

  it('are refused the second time, and when an older one comes after a newer one', async () => {
    const machine = await test.enrol();
    const now = Date.now();
    const old = machine.signed('checkIn', { ...REPORT, status: { ...STATUS, user: 'earlier' } }, now - 1_000);
    const wire = machine.signed('checkIn', REPORT, now);
    expect((await send(wire)).status).toBe(200);
    for (const late of [wire, old]) {
      const { status, body } = await send(late);
      expect(status).toBe(401);
      expect(body).toMatchObject({ error: { code: 'unauthenticated', details: {} } });
    }
    expect((await test.details(machine.machineId)).row.user).toBe(STATUS.user);
    const entry = await test.audited(
      'machine-request.refused',
      ({ actor }) => actor === `machine:${machine.machineId}`,
    );
    expect(entry).toMatchObject({ address: '127.0.0.1' });
    expect(entry.details.reason).toMatch(/sent before/);
  });

  it('are good once when they are sent twice at the same moment, with what they ask to change', async () => {
    const machine = await test.enrol();
    for (const body of [REPORT, { ...REPORT, reconfigure: { department: 'Once' } }]) {
      const wire = machine.signed('checkIn', body);
      const answers = await Promise.all(Array.from({ length: 8 }, () => send(wire)));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(7).fill(401)]);
    }
    const changes = await test.audit('machine.reconfigured');
    expect(changes.filter((one) => one.details.machineId === machine.machineId)).toHaveLength(1);
  });

  it.each([
    ['too old', -MACHINE_REQUEST_SKEW_MS - 2_000],
    ['from the future', MACHINE_REQUEST_SKEW_MS + 2_000],
  ])('are refused when they are %s, and told the time', async (_what, offsetMs) => {
    const machine = await test.enrol();
    const { status, body } = await send(machine.signed('checkIn', REPORT, Date.now() + offsetMs));
    expect(status).toBe(401);
    const serverTime = (body as { error: { details: { serverTime: number } } }).error.details.serverTime;
    expect(Math.abs(serverTime - Date.now())).toBeLessThan(5_000);
    // With its clock set right it gets in: nothing of the wrong time was kept.
    expect((await send(machine.signed('checkIn', REPORT, serverTime))).status).toBe(200);
  });

  it.each<[string, (wire: SignedWire) => SignedWire]>([
    ['whose body was changed', (wire) => ({ ...wire, body: wire.body.replace('jsmith', 'mallory') })],
    [
      'whose time was changed',
      (wire) => withHeader(wire, 'x-guruconnect-time', (time) => String(Number(time) + 1)),
    ],
    ['without a signature', (wire) => withHeader(wire, 'x-guruconnect-signature', () => undefined)],
    ['without a time', (wire) => withHeader(wire, 'x-guruconnect-time', () => undefined)],
    ['without a machine', (wire) => withHeader(wire, 'x-guruconnect-machine', () => undefined)],
    ['of a machine that is no id', (wire) => withHeader(wire, 'x-guruconnect-machine', () => "' OR 1=1 --")],
    ['of a machine that is not there', (wire) => withHeader(wire, 'x-guruconnect-machine', () => ZERO_ID)],
    ['with a zero signature', (wire) => withHeader(wire, 'x-guruconnect-signature', () => 'A'.repeat(86))],
    ['for another method', (wire) => wire],
  ])('%s are refused with one answer and change nothing', async (what, spoil) => {
    const machine = await test.enrol();
    const wire = spoil(machine.signed('checkIn', REPORT));
    if (what === 'for another method') {
      const { status } = await sendWire(test.stage.url, { ...wire, path: '/api/v1/agent/enrol' });
      expect([400, 401]).toContain(status);
    } else {
      const { status, body } = await send(wire);
      expect(status).toBe(401);
      expect(body).toMatchObject(refused('unauthenticated'));
      expect(JSON.stringify(body)).toContain('not signed by a machine');
    }
    expect((await test.details(machine.machineId)).row.lastCheckInAt).toBeNull();
  });

  it('are refused with the key of another machine, and written down', async () => {
    const [machine, other] = [await test.enrol(), await test.enrol()];
    const forged = signRequest(other.key, machine.machineId, 'checkIn', REPORT, Date.now());
    expect(await send(forged)).toMatchObject({ status: 401 });
    const unknown = signRequest(newMachineKey(), machine.machineId, 'checkIn', REPORT, Date.now());
    expect(await send(unknown)).toMatchObject({ status: 401 });
    const entry = await test.audited(
      'machine-request.refused',
      ({ details }) => details.claimed === machine.machineId,
    );
    expect(entry.actor).toBe('machine');
  });

  it('are refused once the machine is removed, and accepted when it is back', async () => {
    const machine = await test.enrol();
    const { client } = test.stage.admin;
    const body = { machineIds: [machine.machineId] };
    await client.call('changeMachines', { body: { ...body, change: { kind: 'remove' } } });
    const { status, body: answer } = await machine.send(machine.signed('checkIn', REPORT));
    expect(status).toBe(403);
    expect(answer).toMatchObject(refused('not-allowed'));
    await client.call('changeMachines', { body: { ...body, change: { kind: 'restore' } } });
    expect((await machine.checkIn()).labels.name).toBe('PC-1');
  });

  it('do not let a page of another site or a technician in', async () => {
    const wire = { method: 'POST', path: '/api/v1/agent/check-in', headers: {}, body: '{}' };
    const login = { ...wire, headers: { cookie: test.stage.admin.client.cookie() ?? '' } };
    expect((await send(login)).status).toBe(401);
  });

  it('too many of one machine are put off, and the others are not', async () => {
    const [machine, other] = [await test.enrol(), await test.enrol()];
    let status = 200;
    for (let i = 0; status === 200 && i < 200; i += 1) {
      const answer = await machine.send(machine.signed('checkIn', { ...REPORT, inventory: undefined }));
      status = answer.status;
    }
    expect(status).toBe(429);
    expect((await other.send(other.signed('checkIn', REPORT))).status).toBe(200);
  });
});

const ZERO_ID = '00000000-0000-4000-8000-000000000000';

function withHeader(
  wire: SignedWire,
  name: string,
  change: (value: string) => string | undefined,
): SignedWire {
  const { [name]: value = '', ...rest } = wire.headers;
  const changed = change(value);
  return { ...wire, headers: changed === undefined ? rest : { ...rest, [name]: changed } };
}
