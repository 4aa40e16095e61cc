import { createPublicKey, verify } from 'node:crypto';
import {
  type GuruError,
  type MachineCommandKind,
  machineCommandText,
  type SignedMachineCommand,
} from '@guruconnect/shared';
import { describe, expect, it, onTestFinished } from 'vitest';
import { COMMAND_TTL_MS } from '../../src/machine-commands/command-desk.ts';
import { type FakeMachine, inventoryOf, STATUS } from '../machines/support/enrol-machine.ts';
import { machineTest } from '../machines/support/machine-test.ts';
import { startMachineAgent } from '../presence/support/fake-machine-agent.ts';
import { DATABASE_KINDS } from '../support/test-databases.ts';

const NO_ID = '00000000-0000-4000-8000-000000000009';

describe.each(DATABASE_KINDS)('commands for machines on $name', (kind) => {
  const test = machineTest(kind);
  let made = 0;

  /** A computer that has checked in. */
  async function machineOf(family: 'windows' | 'linux'): Promise<FakeMachine> {
    made += 1;
    const hostname = `PC-${made}`;
    const machine = await test.enrol({ hostname });
    const os = { ...inventoryOf({}).os, family };
    await machine.checkIn({ inventory: inventoryOf({ hostname, inventory: { os } }) });
    return machine;
  }
  const command = (machineId: string, kind: MachineCommandKind, confirm?: string) =>
    test.stage.admin.client.call('commandMachine', {
      params: { machineId },
      body: confirm === undefined ? { kind } : { kind, confirm },
    });
  const list = async (machineId: string) =>
    (await test.stage.admin.client.call('listCommands', { params: { machineId } })).commands;
  const cancel = (commandId: string) =>
    test.stage.admin.client.call('cancelCommand', { params: { commandId } });
  const steps = async (commandId: string) =>
    ['issued', 'sent', 'answered', 'expired', 'cancelled'].flatMap(async (step) => {
      const entries = await test.audit(`machine.command-${step}`);
      return entries.filter(({ details }) => details.commandId === commandId).map(() => step);
    });
  const stepsOf = async (commandId: string) => (await Promise.all(await steps(commandId))).flat();

  function isSigned(machine: FakeMachine, given: SignedMachineCommand): boolean {
    const key = createPublicKey({
      key: Buffer.from(machine.enrolled.serverPublicKey, 'base64url'),
      format: 'der',
      type: 'spki',
    });
    const text = Buffer.from(machineCommandText(machine.machineId, given));
    return verify(
      'sha256',
      text,
      { key, dsaEncoding: 'ieee-p1363' },
      Buffer.from(given.signature, 'base64url'),
    );
  }

  it('are given with the next check-in, signed by the key that the agent pinned, until it answers', async () => {
    const machine = await machineOf('windows');
    const issued = await command(machine.machineId, 'safe-network');
    expect(issued).toMatchObject({ status: 'waiting', kind: 'safe-network', issuedBy: { name: 'Ada' } });
    const { commands: first } = await machine.checkIn();
    const { commands: again } = await machine.checkIn();
    expect(first).toHaveLength(1);
    expect(first[0]).toMatchObject({ commandId: issued.commandId, kind: 'safe-network' });
    expect(again).toHaveLength(1);
    for (const given of [...first, ...again]) expect(isSigned(machine, given)).toBe(true);
    expect((await list(machine.machineId))[0]?.status).toBe('sent');
    const commandResults = [{ commandId: issued.commandId, outcome: 'accepted' as const, reason: '' }];
    // Told twice: the answer to the first may be lost.
    expect((await machine.checkIn({ commandResults })).commands).toEqual([]);
    await machine.checkIn({ commandResults });
    expect((await list(machine.machineId))[0]).toMatchObject({ status: 'accepted', reason: '' });
    expect(await stepsOf(issued.commandId)).toEqual(['issued', 'sent', 'answered']);
  });

  it('are signed for one machine and one kind', async () => {
    const machine = await machineOf('windows');
    const other = await machineOf('windows');
    await command(machine.machineId, 'normal');
    const [given] = (await machine.checkIn()).commands;
    if (!given) throw new Error('no command came');
    expect(isSigned(machine, given)).toBe(true);
    expect(isSigned({ ...other, enrolled: machine.enrolled }, given)).toBe(false);
    expect(isSigned(machine, { ...given, kind: 'emergency' })).toBe(false);
    expect(isSigned(machine, { ...given, expiresAt: given.expiresAt + 60_000 })).toBe(false);
  });

  it('make a machine that is connected check in at once, and one that connects later', async () => {
    const machine = await machineOf('linux');
    const agent = await startMachineAgent(test.stage.url, machine);
    const issued = await command(machine.machineId, 'normal');
    expect(issued.reason).toBe('');
    expect(await agent.next('check-in')).toMatchObject({ withinMs: 0 });
    agent.stop();
    const late = await machineOf('linux');
    expect((await command(late.machineId, 'normal')).reason).toContain('offline');
    const connected = await startMachineAgent(test.stage.url, late);
    expect(await connected.next('check-in')).toMatchObject({ withinMs: 0 });
    connected.stop();
  });

  it('are one at a time for a machine, also when two people ask at once', async () => {
    const { machineId } = await machineOf('linux');
    const asked = await Promise.allSettled([command(machineId, 'normal'), command(machineId, 'normal')]);
    expect(asked.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(asked.find((one) => one.status === 'rejected')?.reason).toMatchObject({ code: 'conflict' });
    expect(await list(machineId)).toHaveLength(1);
  });

  it('ask for the name before an emergency restart, whatever its case', async () => {
    const { machineId } = await machineOf('linux');
    const { name } = (await test.details(machineId)).row;
    for (const wrong of [undefined, '', 'PC', `${name}x`]) {
      await expect(command(machineId, 'emergency', wrong)).rejects.toMatchObject({ code: 'invalid-message' });
    }
    expect(await list(machineId)).toEqual([]);
    expect(await command(machineId, 'emergency', `  ${name.toLowerCase()} `)).toMatchObject({
      status: 'waiting',
    });
  });

  it.each<MachineCommandKind>(['safe', 'safe-network', 'safe-command', 'return-to-normal'])(
    'refuse %s where there is no Windows',
    async (unfit) => {
      const { machineId } = await machineOf('linux');
      await expect(command(machineId, unfit)).rejects.toMatchObject({ code: 'conflict' });
      const windows = await machineOf('windows');
      expect(await command(windows.machineId, unfit)).toMatchObject({ kind: unfit });
    },
  );

  it('expire, and are not given afterwards; what the machine says late of one that it got is kept', async () => {
    const machine = await machineOf('linux');
    const missed = await command(machine.machineId, 'normal');
    const shift = (ms: number) => {
      test.clock.shift(ms);
      onTestFinished(() => test.clock.shift(-ms));
    };
    shift(COMMAND_TTL_MS);
    const serverTime = test.clock.now();
    expect((await test.details(machine.machineId)).command).toBeNull();
    const gone = await machine.send(machine.signed('checkIn', report(), serverTime));
    expect(gone.body).toMatchObject({ commands: [] });
    expect((await list(machine.machineId))[0]).toMatchObject({
      status: 'expired',
      reason: 'The machine did not connect in time.',
    });
    expect(await stepsOf(missed.commandId)).toEqual(['issued', 'expired']);

    const sent = await command(machine.machineId, 'normal');
    await machine.send(machine.signed('checkIn', report(), serverTime + 1));
    shift(COMMAND_TTL_MS);
    expect((await list(machine.machineId))[0]?.reason).toContain('did not answer');
    const late = test.clock.now();
    const answer = (commandId: string) =>
      report({ commandResults: [{ commandId, outcome: 'failed', reason: 'It hangs.' }] });
    await machine.send(machine.signed('checkIn', answer(sent.commandId), late));
    await machine.send(machine.signed('checkIn', answer(missed.commandId), late + 1));
    const [first, second] = await list(machine.machineId);
    expect(first).toMatchObject({ status: 'failed', reason: 'It hangs.' });
    // Never sent: whatever is said of it is made up.
    expect(second).toMatchObject({ status: 'expired' });
  });

  it('take answers of their own machine alone', async () => {
    const machine = await machineOf('linux');
    const stranger = await machineOf('linux');
    const { commandId } = await command(machine.machineId, 'normal');
    await machine.checkIn();
    const commandResults = [
      { commandId, outcome: 'refused' as const, reason: 'Mine now.' },
      { commandId: NO_ID, outcome: 'accepted' as const, reason: '' },
    ];
    await stranger.checkIn({ commandResults });
    expect((await list(machine.machineId))[0]).toMatchObject({ status: 'sent', reason: '' });
    expect(await stepsOf(commandId)).toEqual(['issued', 'sent']);
  });

  it('can be taken back until the machine has got them', async () => {
    const machine = await machineOf('linux');
    const first = await command(machine.machineId, 'normal');
    expect(await cancel(first.commandId)).toMatchObject({ status: 'cancelled' });
    expect((await machine.checkIn()).commands).toEqual([]);
    await expect(cancel(first.commandId)).rejects.toMatchObject({ code: 'conflict' });
    const second = await command(machine.machineId, 'normal');
    await machine.checkIn();
    await expect(cancel(second.commandId)).rejects.toMatchObject({ code: 'conflict' });
    expect(await stepsOf(first.commandId)).toEqual(['issued', 'cancelled']);
  });

  it('are shown with the machine, which gets a newer version with every step', async () => {
    const machine = await machineOf('linux');
    const seen = async () => {
      const { row, command: open, rights } = await test.details(machine.machineId);
      expect(rights.command).toBe(true);
      return { version: row.version, status: open?.status };
    };
    const before = await seen();
    const { commandId } = await command(machine.machineId, 'normal');
    const issued = await seen();
    await machine.checkIn();
    const sent = await seen();
    await machine.checkIn({ commandResults: [{ commandId, outcome: 'accepted', reason: '' }] });
    const answered = await seen();
    expect([before, issued, sent, answered].map(({ status }) => status)).toEqual([
      undefined,
      'waiting',
      'sent',
      undefined,
    ]);
    const versions = [before, issued, sent, answered].map(({ version }) => version);
    expect(new Set(versions).size).toBe(4);
    expect(versions).toEqual(versions.toSorted((a, b) => a - b));
  });

  it('are hidden with their machine from whoever is not shown it', async () => {
    const machine = await machineOf('linux');
    const { commandId } = await command(machine.machineId, 'normal');
    const name = `otto${made}`;
    const otto = await test.stage.hire(name, 'technician');
    await test.stage.admin.client.call('changeCompany', {
      params: { companyId: test.companyId },
      body: { access: 'assigned', assignedUserIds: [] },
    });
    const params = { machineId: machine.machineId };
    const missing = { machineId: NO_ID };
    const refusals: Promise<unknown>[] = [
      otto.client.call('commandMachine', { params, body: { kind: 'normal' } }),
      otto.client.call('commandMachine', { params: missing, body: { kind: 'normal' } }),
      otto.client.call('listCommands', { params }),
      otto.client.call('listCommands', { params: missing }),
    ];
    const messages = await Promise.all(refusals.map(messageOf));
    expect(new Set(messages).size).toBe(1);
    const cancelled = [commandId, NO_ID].map((id) =>
      messageOf(otto.client.call('cancelCommand', { params: { commandId: id } })),
    );
    expect(new Set(await Promise.all(cancelled)).size).toBe(1);
    await test.stage.admin.client.call('changeCompany', {
      params: { companyId: test.companyId },
      body: { access: 'everyone' },
    });
    // In scope a technician may.
    expect(await otto.client.call('cancelCommand', { params: { commandId } })).toMatchObject({
      status: 'cancelled',
    });
  });
});

function report(more: object = {}): object {
  return { agentVersion: '0.1.0', status: STATUS, inventoryHash: 'a'.repeat(64), ...more };
}

async function messageOf(refusal: Promise<unknown>): Promise<string> {
  const error = await refusal.then(
    () => undefined,
    (thrown: unknown) => thrown as GuruError,
  );
  expect(error?.code).toBe('not-found');
  return error?.message ?? '';
}
