import { type ApiBody, type Inventory, MAX_INVENTORY_TEXT } from '@guruconnect/shared';
import { describe, expect, it } from 'vitest';
import { refusalOf } from '../sessions/support/inbox.ts';
import { DATABASE_KINDS } from '../support/test-databases.ts';
import {
  enrolMachine,
  enrolmentBody,
  hashOf,
  inventoryOf,
  makeInstaller,
  newMachineKey,
  STATUS,
} from './support/enrol-machine.ts';
import { machineTest } from './support/machine-test.ts';

const HOSTILE = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "'; DROP TABLE machines; --",
  '\u202egnp.exe\u202c',
  '{{7*7}} %s %n $(reboot) `id`',
  '../../../../etc/passwd',
  '\u0000\u0001\u001b[31mred',
  '\ud800 alone',
  '👩‍👩‍👧‍👦'.repeat(10),
  'x'.repeat(MAX_INVENTORY_TEXT),
];

describe.each(DATABASE_KINDS)('hostile machines on $name', (kind) => {
  const test = machineTest(kind);
  const anybody = () => test.stage.server.browser();
  const enrolRaw = (body: object) => anybody().send('enrolMachine', { body });

  it('are not enrolled with a signature that is not theirs', async () => {
    const [key, other] = [newMachineKey(), newMachineKey()];
    const good = enrolmentBody(test.token, key);
    const forgeries: object[] = [
      { ...good, publicKey: other.publicKey },
      { ...good, hardwareId: 'a'.repeat(64) },
      { ...good, signature: enrolmentBody(test.token, other).signature },
      { ...good, signature: 'A'.repeat(86) },
      // A point that is not on the curve.
      { ...good, publicKey: Buffer.concat([Buffer.of(4), Buffer.alloc(64, 1)]).toString('base64url') },
      { ...good, publicKey: `A${good.publicKey.slice(1)}` },
    ];
    for (const forgery of forgeries) {
      expect(await enrolRaw(forgery)).toMatchObject({
        status: 403,
        body: { error: { code: 'not-allowed' } },
      });
    }
    const refusal = await test.audited('enrolment.refused', () => true);
    expect(refusal).toMatchObject({
      actor: 'machine',
      address: '127.0.0.1',
      details: { hostname: 'PC-1', reason: 'The signature is not good.' },
    });
    expect(JSON.stringify(refusal)).not.toContain(test.token);
  });

  it('learn nothing of why a token is not good', async () => {
    const admin = test.stage.admin.client;
    const revoked = await makeInstaller(admin);
    await admin.call('revokeInstaller', { params: { installerId: revoked.installerId } });
    const expired = await makeInstaller(admin, { expiresAt: test.clock.now() + 60_000 });
    const usedUp = await makeInstaller(admin, { maxUses: 1 });
    await enrolMachine(test.stage.url, usedUp.token);
    test.clock.shift(61_000);
    const answers = [];
    for (const token of [revoked.token, expired.token, usedUp.token, 'A'.repeat(43)]) {
      const { status, body } = await enrolRaw(enrolmentBody(token, newMachineKey()));
      answers.push({ status, body });
    }
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ status: 403, body: { error: { code: 'not-allowed' } } });
    for (const status of ['revoked', 'expired', 'used-up', 'unknown']) {
      await test.audited('enrolment.refused', ({ details }) => details.reason === `The token is ${status}.`);
    }
    const { installers } = await admin.call('listInstallers');
    expect(installers.map((one) => one.status).sort()).toEqual(['active', 'expired', 'revoked', 'used-up']);
  });

  it('who guess tokens are put off, and fill neither the audit log nor the machines', async () => {
    const statuses = await Promise.all(
      Array.from({ length: 60 }, async (_, i) => {
        const guess = String(i).padStart(43, 'A');
        return (await enrolRaw(enrolmentBody(guess, newMachineKey()))).status;
      }),
    );
    expect(new Set(statuses)).toEqual(new Set([403, 429]));
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(30);
    // Whoever has a good one is not kept out by them; its entry comes after all that was written of theirs.
    expect((await test.enrol()).enrolled.labels.name).toBe('PC-1');
    const refusals = await test.audit('enrolment.refused');
    const unknown = refusals.filter(({ details }) => details.reason === 'The token is unknown.');
    expect(unknown.length).toBeGreaterThanOrEqual(10);
    expect(unknown.length).toBeLessThan(20);
  });

  it.each(HOSTILE)('may call themselves %j: it is text, stored and shown as it is', async (text) => {
    const clean = text.replaceAll('\u0000', '\ufffd').replaceAll('\ud800', '\ufffd');
    const machine = await test.enrol({ hostname: text });
    const inventory: Inventory = {
      ...inventoryOf({ hostname: text }),
      description: text,
      manufacturer: text,
      serial: text,
      disks: [{ name: text, sizeBytes: 1 }],
    };
    const status = { ...STATUS, user: text, diskFreeBytes: { [text]: 1 } };
    const properties = { note: text };
    await machine.checkIn({
      inventory,
      inventoryHash: hashOf(inventory),
      status,
      reconfigure: { properties },
    });
    const details = await test.details(machine.machineId);
    expect(details.row).toMatchObject({ hostname: clean, name: clean, user: clean });
    expect(details.inventory).toMatchObject({ description: clean, serial: clean, disks: [{ name: clean }] });
    expect(details.properties).toEqual({ note: clean });
    const again = await machine.checkIn({ inventoryHash: hashOf(inventory), status });
    expect(again.labels.name).toBe(clean);
  });

  const base = inventoryOf({});
  const WRONG: [string, object][] = [
    ['a text of 10 kB', { ...base, model: 'x'.repeat(10_000) }],
    ['a text that is a number', { ...base, serial: 5 }],
    ['no operating system', { ...base, os: undefined }],
    ['an operating system that nobody has', { ...base, os: { ...base.os, family: 'beos' } }],
    ['a MAC that is none', { ...base, networks: [{ name: 'x', mac: 'no', addresses: [] }] }],
    ['too many disks', { ...base, disks: Array(65).fill({ name: 'x', sizeBytes: 1 }) }],
    ['negative memory', { ...base, memoryBytes: -1 }],
    ['a list', []],
    ['null', { inventory: null }],
  ];
  it.each(WRONG)('are refused an inventory with %s, and keep the one they had', async (_what, inventory) => {
    const machine = await test.enrol();
    await machine.checkIn();
    const before = await test.details(machine.machineId);
    const body = { agentVersion: '9', status: STATUS, inventoryHash: 'b'.repeat(64), inventory };
    const { status, body: answer } = await machine.send(machine.signed('checkIn', body));
    expect(status).toBe(400);
    expect(answer).toMatchObject({ error: { code: 'invalid-message' } });
    expect(await test.details(machine.machineId)).toEqual(before);
    // Nothing was used up: the next one is heard.
    expect((await machine.checkIn()).wantsInventory).toBe(false);
  });

  it('are refused what is too large or no JSON; both are written down', async () => {
    const machine = await test.enrol();
    const huge = {
      agentVersion: '1',
      status: STATUS,
      inventoryHash: 'c'.repeat(64),
      more: 'x'.repeat(70_000),
    };
    expect(await machine.send(machine.signed('checkIn', huge))).toMatchObject({
      status: 413,
      body: { error: { code: 'payload-too-large' } },
    });
    const noObject = await machine.send(machine.signed('checkIn', 'just a text'));
    expect(noObject.status).toBe(400);
    const isProven = (entry: { actor: string }) => entry.actor === `machine:${machine.machineId}`;
    const malformed = await test.audited('machine-request.refused', isProven);
    expect(malformed.details.reason).toBe('The body of the request is not valid.');
    await test.audited(
      'machine-request.refused',
      ({ details }) => details.claimed === machine.machineId && details.reason === 'request entity too large',
    );
    expect((await test.details(machine.machineId)).row.lastCheckInAt).toBeNull();
  });

  it('store times and numbers that no calendar and no column reaches as unknown', async () => {
    const machine = await test.enrol();
    const inventory: Inventory = {
      ...base,
      bootedAt: 1e300,
      os: { ...base.os, installedAt: Number.MAX_SAFE_INTEGER },
      memoryBytes: 1e308,
    };
    await machine.checkIn({
      inventory,
      inventoryHash: hashOf(inventory),
      status: { ...STATUS, idleMs: 1e300 },
    });
    expect(await test.details(machine.machineId)).toMatchObject({ bootedAt: null, row: { user: 'jsmith' } });
  });

  it('cannot change their company, nor make sites and properties without end', async () => {
    const machine = await test.enrol();
    const reconfigure = { company: 'Other', companyId: crypto.randomUUID(), name: 'Mine' } as object;
    const { labels } = await machine.checkIn({ reconfigure });
    expect(labels).toMatchObject({ company: 'Glazier & Sons', name: 'Mine' });
    const properties = (from: number) =>
      Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`key${from + i}`, 'value']));
    await machine.checkIn({ reconfigure: { properties: properties(0) } });
    const more: ApiBody<'checkIn'>['reconfigure'] = { properties: properties(40), name: 'Not taken' };
    expect(await refusalOf(machine.checkIn({ reconfigure: more }))).toBe('invalid-message');
    const after = await machine.checkIn();
    expect(Object.keys(after.labels.properties)).toHaveLength(40);
    expect(after.labels.name).toBe('Mine');
    const entry = await test.audited(
      'machine-request.refused',
      ({ actor }) => actor === `machine:${machine.machineId}`,
    );
    expect(entry.details.reason).toMatch(/at most 50 custom properties/);
  });
});
