import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';

const folder = dirname(fileURLToPath(import.meta.url));
const service = join(folder, '..');
const parse = join(service, '..', 'common', 'parse');
const golden = join(service, '..', '..', '..', 'shared', 'src', 'protocol', 'golden');
const readGolden = <T extends z.ZodMiniType>(name: string, schema: T): z.infer<T> =>
  z.parse(schema, JSON.parse(readFileSync(join(golden, name), 'utf8')));

const messages = readGolden('presence.json', z.array(z.object({ name: z.string(), frame: z.string() })));
const line = readGolden('presence-line.json', z.record(z.string(), z.string()));

let build: string;
beforeAll(() => {
  build = mkdtempSync(join(tmpdir(), 'guruconnect-service-'));
  const own = [
    'back-off',
    'identity',
    'node-message',
    'presence-frames',
    'reboot-plan',
    'slots',
    'support-request',
  ];
  const sources = own.map((name) => join(service, `${name}.c`));
  const common = ['encoding', 'json', 'p256-key', 'text-buffer', 'utf8'].map((name) =>
    join(parse, `${name}.c`),
  );
  const flags = ['-std=c11', '-O1', '-g', '-Wall', '-Wextra', '-Werror', '-fsanitize=address,undefined'];
  execFileSync('gcc', [
    ...flags,
    '-fno-sanitize-recover=all',
    join(folder, 'native', 'portable-driver.c'),
    ...sources,
    ...common,
    '-o',
    join(build, 'driver'),
  ]);
});
afterAll(() => rmSync(build, { recursive: true }));

function drive(args: readonly string[], input: readonly string[] = []): string[] {
  const text = input.map((one) => `${one}\n`).join('');
  return execFileSync(join(build, 'driver'), args, { input: text, encoding: 'utf8' })
    .split('\n')
    .slice(0, -1);
}

describe('the line to the server', () => {
  it.each(messages)('reads and writes "$name" byte for byte', ({ frame }) => {
    expect(drive(['frames'], [frame])).toEqual([frame]);
  });

  it('understands the handshakes and heartbeats', () => {
    const { open = '', connected = '', refused = '', ping = '', disconnect = '', close = '' } = line;
    expect(drive(['frames'], [open, connected, refused, ping, disconnect, close])).toEqual([
      'open 15000 9000 0 0 ',
      'connected 0 0 0 0 ',
      'refused 0 0 4 1234 ',
      'ping 0 0 0 0 ',
      'goodbye 0 0 0 0 ',
      'goodbye 0 0 0 0 ',
    ]);
  });

  it('says what people can do about a refusal', () => {
    const refuse = (code: string) =>
      `44/presence,{"message":"x","data":{"code":"${code}","message":"Too old."}}`;
    const [gone = '', old = '', copy = '', key = '', busy = ''] = drive(
      ['frames'],
      ['not-allowed', 'unsupported-version', 'conflict', 'unauthenticated', 'internal'].map(refuse),
    );
    expect(gone).toMatch(/^refused 0 0 1 0 The server does not know this machine/);
    expect(old).toBe('refused 0 0 1 0 Too old.');
    expect(copy).toMatch(/^refused 0 0 2 0 Another computer uses/);
    expect(key).toMatch(/^refused 0 0 3 0 The server did not accept/);
    expect(busy).toBe('refused 0 0 0 0 ');
  });

  it.each([
    '42/presence,["start-session",{"sessionId":"..\\\\..\\\\x","token":"ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8"}]',
    '42/presence,["start-session",{"sessionId":"9c1d7e30-42aa-4b6f-8f11-5a6b7c8d9e0f","token":"short"}]',
    '42/presence,["update",{"version":"1.0.0","manifestSha256":"../../x"}]',
    '42/presence,["check-in",{"withinMs":-1}]',
    '42/presence,["check-in",{"withinMs":60000},1]',
    '42/other,["check-in",{"withinMs":1}]',
    '0{"pingInterval":1e99,"pingTimeout":1}',
    '',
  ])('takes %j for nothing', (frame) => {
    expect(drive(['frames'], [frame])).toEqual(['unknown 0 0 0 0 ']);
  });

  it('stands whatever a server may send', () => {
    const state =
      drive(['slots'], ['', `stage|1.2.3|${'a'.repeat(64)}`, 'roll-back|It did not start.']).at(-1) ?? '';
    const others = [
      identity(),
      '{"type":"request-support","message":"Help","user":"Ann"}',
      '{"type":"check-in-done","checkInSeconds":900,"problem":null}',
    ];
    const seeds = [...messages.map(({ frame }) => frame), ...Object.values(line), state, ...others];
    expect(drive(['fuzz', '7', '150000'], seeds)).toEqual(['done']);
  });
});

const privateKey = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  .privateKey.export({ format: 'der', type: 'pkcs8' })
  .toString('base64url');
const identity = (change: object = {}) =>
  JSON.stringify({
    privateKey,
    origin: 'https://help.example.com',
    hardwareId: 'x',
    ca: null,
    enrolment: {
      machineId: '3f2b8a52-5f0e-4c57-9a3b-0d1c2e4f6a7b',
      serverPublicKey: '',
      companyName: 'Acme',
      checkInSeconds: 600,
      labels: { name: 'PC 1', site: '', department: '', deviceType: '', tags: [], properties: {} },
      ...change,
    },
  });

describe('the identity', () => {
  it('is read from the file that the agent writes', () => {
    const known = '3f2b8a52-5f0e-4c57-9a3b-0d1c2e4f6a7b https://help.example.com Acme';
    expect(drive(['identities'], [identity(), identity({ checkInSeconds: 0 })])).toEqual([
      `${known} 600`,
      `${known} 900`,
    ]);
  });

  it('is damaged where the machine or its key makes no sense', () => {
    const bad = [
      ...['', '{}', identity({ machineId: '..' }), identity().replace(privateKey, 'AAAA')],
      identity().slice(0, -1),
    ];
    expect(drive(['identities'], bad)).toEqual(bad.map(() => 'damaged'));
  });
});

it('lets each person ask for help once in half a minute', () => {
  const times = ['0 Ann', '5 Ann', '6 Ben', '29 Ann', '30 Ann', '31 Ben', '37 Ben'];
  expect(drive(['limits'], times)).toEqual(['yes', 'no', 'yes', 'no', 'yes', 'no', 'yes']);
  const many = Array.from({ length: 18 }, (_, i) => `0 user${i}`);
  expect(drive(['limits'], many).filter((answer) => answer === 'no')).toHaveLength(2);
});

describe('how long it waits', () => {
  const delay = (failures: number, kind: number, told: number, chance: number) =>
    Number(drive(['delay', failures, kind, told, chance].map(String))[0]);

  it('doubles up to 15 s while the server cannot be reached, and takes any part of it', () => {
    expect([1, 2, 3, 6, 40].map((failures) => delay(failures, 0, 0, 0.5))).toEqual([
      250, 500, 1000, 7500, 7500,
    ]);
    expect(delay(40, 0, 0, 0)).toBe(0);
  });

  it('keeps to what the server says', () => {
    expect(delay(1, 4, 20_000, 0)).toBe(20_000);
    expect(delay(1, 4, 20_000, 0.5)).toBe(22_500);
  });

  it('asks rarely where the machine is gone or copied', () => {
    expect(delay(1, 1, 0, 0.5)).toBe(60_000);
    expect(delay(20, 1, 0, 0.5)).toBe(3_600_000);
    expect(delay(1, 2, 0, 0.5)).toBe(300_000);
    expect(delay(1, 3, 0, 0.5)).toBe(150_000);
  });
});

describe('the slots', () => {
  const one = 'a'.repeat(64);
  const two = 'b'.repeat(64);
  const Slots = z.object({
    active: z.string(),
    pending: z.string(),
    refused: z.array(z.object({ manifestSha256: z.string(), version: z.string(), reason: z.string() })),
    report: z.nullable(z.object({ outcome: z.string(), version: z.string(), reason: z.string() })),
  });
  const stateAfter = (...orders: string[]) =>
    z.parse(Slots, JSON.parse(drive(['slots'], ['', ...orders]).at(-1) ?? ''));

  it('run a version that has proved itself, and tell of it', () => {
    expect(stateAfter(`stage|1.1.0|${one}`, 'trial')).toMatchObject({
      active: 'none',
      pending: 'A',
      report: null,
    });
    expect(stateAfter(`stage|1.1.0|${one}`, 'trial', 'promote')).toMatchObject({
      active: 'A',
      pending: 'none',
      report: { outcome: 'updated', version: '1.1.0', reason: '' },
    });
  });

  it('take the other slot for the next version', () => {
    const first = [`stage|1.1.0|${one}`, 'trial', 'promote'];
    expect(stateAfter(...first, `stage|1.2.0|${two}`)).toMatchObject({ active: 'A', pending: 'B' });
    expect(stateAfter(...first, `stage|1.2.0|${two}`, 'promote', `stage|1.1.1|${one}`)).toMatchObject({
      active: 'B',
      pending: 'A',
    });
  });

  it('go back to the version before, remember the bad one and say why', () => {
    const state = stateAfter(
      `stage|1.1.0|${one}`,
      'promote',
      `stage|1.2.0|${two}`,
      'roll-back|It did not come online.',
    );
    expect(state).toMatchObject({
      active: 'A',
      pending: 'none',
      refused: [{ manifestSha256: two, version: '1.2.0', reason: 'It did not come online.' }],
      report: { outcome: 'rolled-back', version: '1.2.0', reason: 'It did not come online.' },
    });
  });

  it('give a version three starts, those of a computer that went down included', () => {
    const answers = drive(['slots'], ['', `stage|1.1.0|${one}`, 'trial', 'trial', 'trial', 'trial']);
    expect(answers.filter((answer) => !answer.startsWith('{'))).toEqual(['new', 'go', 'go', 'go', 'no more']);
  });

  it('do not count starts while nobody reaches the server, for a day of minutes', () => {
    const stage = `stage|1.1.0|${one}`;
    const answersTo = (...orders: string[]) =>
      drive(['slots'], ['', stage, ...orders]).filter((answer) => !answer.startsWith('{'));
    const starts = ['trial', 'trial', 'trial'];
    expect(answersTo(...starts, 'prolong', ...starts, 'trial')).toEqual([
      ...['new', 'go', 'go', 'go', 'goes on', 'go', 'go', 'go', 'no more'],
    ]);
    const day = Array.from({ length: 24 * 60 }, () => 'prolong');
    expect(answersTo(...day, 'prolong').slice(-2)).toEqual(['goes on', 'too often']);
    expect(answersTo(...day, stage, 'prolong').at(-1)).toBe('goes on');
  });

  it('know what older versions wrote', () => {
    const old = '{"active":"A","pending":"none","trials":0,"refused":[],"report":null}';
    expect(drive(['slots'], [old])).toEqual(['read']);
  });

  it('remember the last eight refused ones, and forget one that is to be tried again', () => {
    const refusals = Array.from({ length: 10 }, (_, i) => `refuse|1.0.${i}|${String(i).repeat(64)}|bad`);
    expect(
      stateAfter(...refusals)
        .refused.map(({ version }) => version.at(-1))
        .join(''),
    ).toBe('23456789');
    expect(stateAfter(...refusals, `forgive|${'5'.repeat(64)}`).refused).toHaveLength(7);
  });

  it('begin anew where their file is damaged', () => {
    for (const text of [
      '{',
      '{"active":"C"}',
      '{"active":"A","pending":"A","trials":0,"refused":[],"report":null}',
    ]) {
      expect(drive(['slots'], [text])).toEqual(['new']);
    }
  });

  it('cut a long reason between two characters', () => {
    const state = stateAfter(`stage|1.1.0|${one}`, `roll-back|${'é'.repeat(200)}`);
    expect(state.report?.reason).toBe('é'.repeat(119));
  });
});

describe('a restart', () => {
  const plan = (kind: string) => drive(['plan', kind]).map((step): unknown => JSON.parse(step));

  it('is one step where nothing is special', () => {
    expect(plan('normal')).toEqual([{ step: 'restart', kind: 'normal', force: false }]);
    expect(plan('emergency')).toEqual([{ step: 'restart', kind: 'emergency', force: true }]);
    expect(drive(['plan', 'sideways'])).toEqual(['unknown']);
  });

  it('into Safe Mode lets the service start there and remembers to come back, before it sets the boot value', () => {
    expect(plan('safe-network')).toEqual([
      { step: 'register-safe-boot', mode: 'Minimal' },
      { step: 'register-safe-boot', mode: 'Network' },
      { step: 'write-marker', kind: 'safe-network', minutes: 15 },
      { step: 'bcdedit', arguments: '/set {current} safeboot network', mayFail: false },
      { step: 'bcdedit', arguments: '/deletevalue {current} safebootalternateshell', mayFail: true },
      { step: 'restart', kind: 'safe-network', force: false },
    ]);
    expect(plan('safe')[3]).toEqual({
      step: 'bcdedit',
      arguments: '/set {current} safeboot minimal',
      mayFail: false,
    });
    expect(plan('safe-command')[4]).toEqual({
      step: 'bcdedit',
      arguments: '/set {current} safebootalternateshell yes',
      mayFail: false,
    });
  });

  it('back to normal takes both values away', () => {
    expect(plan('return-to-normal').slice(0, 3)).toEqual([
      { step: 'bcdedit', arguments: '/deletevalue {current} safeboot', mayFail: true },
      { step: 'bcdedit', arguments: '/deletevalue {current} safebootalternateshell', mayFail: true },
      { step: 'remove-marker' },
    ]);
  });

  it.each([
    ['nothing, where Safe Mode was not ours', '0', '1', '0', '0', '99', 'nothing'],
    ['takes the boot value away at once', '1', '1', '0', '0', '0', 'clear-value'],
    ['also where it is back in normal mode already', '1', '0', '0', '0', '0', 'clear-value'],
    ['forgets Safe Mode in normal mode', '1', '0', '1', '0', '0', 'forget'],
    ['stays while there is time', '1', '1', '1', '0', '14', 'nothing'],
    ['goes back when nobody was heard', '1', '1', '1', '0', '15', 'restart'],
    ['stays for somebody who works there', '1', '1', '1', '1', '99', 'nothing'],
  ])('%s', (_, marked, safe, cleared, checkedIn, minutes, action) => {
    expect(drive(['safe-return', marked, safe, cleared, checkedIn, minutes])).toEqual([action]);
  });
});
