import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type MachineCommandKind, machineCommandText, type SignedMachineCommand } from '@guruconnect/shared';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '../core/log.ts';
import { StateFolder } from '../state/state-folder.ts';
import { CommandLog } from './command-log.ts';
import { linuxCommands } from './linux-commands.ts';
import { MachineCommands } from './machine-commands.ts';
import { windowsCommands } from './windows-commands.ts';

const MACHINE = randomUUID();
const NOW = 1_800_000_000_000;
const server = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const CHECK = {
  machineId: MACHINE,
  serverPublicKey: server.publicKey.export({ format: 'der', type: 'spki' }).toString('base64url'),
  serverTimeMs: NOW,
};

let folder: string;
let ran: string[];
let fails: boolean;
let commands: MachineCommands;

const run = async (program: string, args: readonly string[]) => {
  if (fails) throw new Error('no such program');
  ran.push([program, ...args].join(' '));
};

/** As after a restart: what is known is on the disk alone. */
function start(): void {
  commands = new MachineCommands({
    commands: new CommandLog(new StateFolder(folder)),
    executor: windowsCommands('service.exe', run),
    log: silentLog,
  });
}

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'guruconnect-commands-'));
  ran = [];
  fails = false;
  start();
});

afterEach(() => rmSync(folder, { recursive: true }));

function command(
  kind: MachineCommandKind,
  { by = server.privateKey, expiresAt = NOW + 60_000, machine = MACHINE } = {},
): SignedMachineCommand {
  const unsigned = { commandId: randomUUID(), kind, issuedAt: NOW - 1_000, expiresAt };
  const text = Buffer.from(machineCommandText(machine, unsigned));
  const signature = sign('sha256', text, { key: by, dsaEncoding: 'ieee-p1363' }).toString('base64url');
  return { ...unsigned, signature };
}

describe('a command', () => {
  it('is told as accepted first, then carried out, and never twice', async () => {
    const one = command('safe-network');
    await commands.take([one, one], CHECK);
    const results = await commands.results();
    expect(results).toEqual([{ commandId: one.commandId, outcome: 'accepted', reason: '' }]);
    expect(ran).toEqual([]);
    await commands.told(results, NOW + 500);
    expect(ran).toEqual(['service.exe --reboot safe-network']);
    start();
    await commands.take([one], CHECK);
    expect(await commands.results()).toEqual([]);
    await commands.told(results, NOW + 900);
    expect(ran).toHaveLength(1);
  });

  it('that the server heard of before this computer restarted is carried out then, in its time', async () => {
    const [soon, late] = [command('normal'), command('emergency', { expiresAt: NOW + 1_000 })];
    await commands.take([soon, late], CHECK);
    start();
    await commands.told(await commands.results(), NOW + 30_000);
    expect(ran).toEqual(['service.exe --reboot normal']);
  });

  it('of somebody else, of another machine, or too late is refused', async () => {
    const bad = [
      command('normal', { by: stranger.privateKey }),
      command('normal', { machine: randomUUID() }),
      { ...command('normal'), kind: 'emergency' as const },
      command('normal', { expiresAt: NOW }),
    ];
    await commands.take(bad, CHECK);
    const results = await commands.results();
    expect(results.map((one) => one.outcome)).toEqual(['refused', 'refused', 'refused', 'refused']);
    await commands.told(results, NOW);
    expect(ran).toEqual([]);
    expect(await commands.results()).toEqual([]);
  });

  it('that fails is told as failed, and not tried again', async () => {
    fails = true;
    const one = command('normal');
    await commands.take([one], CHECK);
    await commands.told(await commands.results(), NOW);
    const [result] = await commands.results();
    expect(result).toEqual({ commandId: one.commandId, outcome: 'failed', reason: 'no such program' });
    fails = false;
    await commands.told(result ? [result] : [], NOW);
    expect(ran).toEqual([]);
  });
});

describe('on Linux', () => {
  it('restarts are systemd’s, and Safe Mode is refused', async () => {
    const linux = linuxCommands(run);
    expect(await linux.refusal('normal')).toBeUndefined();
    expect(await linux.refusal('safe')).toMatch(/Windows/);
    ran = [];
    await linux.carryOut('normal');
    await linux.carryOut('emergency');
    expect(ran).toEqual(['systemctl reboot', 'systemctl reboot --force --force']);
    fails = true;
    expect(await linux.refusal('normal')).toMatch(/systemd/);
  });
});
