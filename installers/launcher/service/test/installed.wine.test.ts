import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memoryOf } from '../../../../tools/windows/prefix-processes.ts';
import type { WinePrefix } from '../../../../tools/windows/wine-prefix.ts';
import { ServiceStage, stateFolder, until } from './support/service-stage.ts';
import { installFiles } from './support/test-release.ts';

const PROGRAMS = join(dirname(fileURLToPath(import.meta.url)), 'programs');
const TOKEN = 'T'.repeat(43);
const KEY = 'HKLM\\Software\\GuruConnect';
const PROTOCOL = 'HKLM\\Software\\Classes\\guruconnect';
const RUN = 'HKLM\\Software\\Microsoft\\Windows\\CurrentVersion\\Run';
const ENTRY = 'HKLM\\Software\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\GuruConnect';
const SAFE_BOOT = 'HKLM\\System\\CurrentControlSet\\Control\\SafeBoot\\Network\\GuruConnect';
const ONE = '9c1d7e30-42aa-4b6f-8f11-5a6b7c8d9e0f';
const TWO = '1c1d7e30-42aa-4b6f-8f11-5a6b7c8d9e0f';

let stage: ServiceStage;
let wine: WinePrefix;
let machineId: string;
let downloads: string;
beforeAll(async () => {
  stage = await ServiceStage.start();
  wine = await stage.newWindows();
  await wine.keepAwake();
  const enrolled = await stage.enrol();
  machineId = enrolled.machineId;
  // What the server would answer to the enrolment, see programs/fake-node.c.
  writeFileSync(inState('prepared-identity.json'), enrolled.identity);
  downloads = join(wine.driveC, 'downloads');
  installFiles(stage.release('1.0.0'), downloads);
});
afterAll(() => stage?.close());

const inState = (...names: string[]) => join(stateFolder(wine), ...names);
const textOf = (...names: string[]) =>
  existsSync(inState(...names)) ? readFileSync(inState(...names), 'utf8') : '';
const log = () => textOf('logs', 'service.log');
const program = 'C:\\Program Files\\GuruConnect\\guruconnect-service.exe';
const run = (...args: string[]) => wine.run(program, args);
const service = async () => (await wine.run('sc', ['query', 'GuruConnect'])).output;

describe('the installed service', () => {
  it('is installed from wherever it was downloaded to, and enrols with the token of the registry', async () => {
    await wine.writeValue(KEY, 'Token', TOKEN);
    await wine.writeValue(KEY, 'Site', 'Main "street" \\');
    await wine.writeValue(KEY, 'Tags', 'kiosk, front desk');
    await wine.runOrFail(join(downloads, 'guruconnect-service.exe'), ['--install']);
    expect(await service()).toContain('RUNNING');
    await until(log, () => stage.isOnline(machineId));
    expect(textOf('enrolled-with.log')).toBe(`${TOKEN}\n`);
    await until(log, () => textOf('check-ins.log') !== '');
    // Nobody can take the token from this computer any more.
    expect(existsSync(inState('enrol-token'))).toBe(false);
    expect(await wine.readValue(KEY, 'Token')).toBeUndefined();
  });

  it('tells the agent the names that the installer was given, before the first check-in', async () => {
    expect(textOf('reconfigured.log').split('\n').slice(0, -1)).toEqual([
      ...['--site', 'Main "street" \\', '--tag', 'kiosk', '--tag', 'front desk'],
    ]);
    expect(await wine.readValue(KEY, 'Site')).toBeUndefined();
    expect(await wine.readValue(KEY, 'Tags')).toBeUndefined();
  });

  it('registers the protocol, the tray, Safe Mode and its entry in the list of programs', async () => {
    const ui = 'C:\\Program Files\\GuruConnect\\GuruConnect.exe';
    expect(await wine.readValue(`${PROTOCOL}\\shell\\open\\command`, '@')).toBe(`"${ui}" --url "%1"`);
    expect(await wine.readValue(RUN, 'GuruConnect')).toBe(`"${ui}" --tray`);
    expect(await wine.readValue(SAFE_BOOT, '@')).toBe('Service');
    expect(Object.fromEntries((await wine.readKey(ENTRY)) ?? [])).toMatchObject({
      DisplayName: 'GuruConnect Agent',
      DisplayVersion: '1.0.0',
      UninstallString: `"${program}" --uninstall`,
    });
  });

  it('needs little memory with both its processes, beside what Wine needs for a service that does nothing', async () => {
    await until(log, () => wine.processesNamed('node.exe').length === 0);
    await wine.runProgram('empty-service.c', ['install']);
    const bytesOf = (name: RegExp) =>
      wine
        .processes()
        .filter((process) => name.test(process.name))
        .map(({ pid }) => memoryOf(pid).privateBytes);
    const [nothing = 0] = bytesOf(/^empty-service/);
    const both = bytesOf(/^guruconnect-ser/);
    expect(nothing).toBeGreaterThan(0);
    expect(both).toHaveLength(2);
    expect(both.reduce((sum, one) => sum + one, 0) - nothing).toBeLessThan(8e6);
  });

  it('says how it is where everybody may read it', () => {
    expect(JSON.parse(textOf('public', 'status.json'))).toMatchObject({
      online: true,
      since: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      company: 'Example MSP',
      version: '1.0.0',
      problem: null,
      session: false,
    });
  });

  it('installed again repairs, and keeps the identity', async () => {
    await wine.runOrFail(join(downloads, 'guruconnect-service.exe'), ['--install']);
    await until(log, () => log().split('this is machine').length > 2);
    await until(log, () => stage.isOnline(machineId));
    expect(textOf('enrolled-with.log')).toBe(`${TOKEN}\n`);
  });
});

describe('a session', () => {
  const token = 'ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8';
  const start = (sessionId: string) => ({ type: 'start-session', sessionId, token }) as const;
  const said = () => textOf('session.log').split('\n').slice(0, -1);

  it('gets an agent of its own, once, however often the server asks', async () => {
    stage.proxy.tell(start(ONE));
    stage.proxy.tell(start(ONE));
    await until(log, () => said().length === 2);
    expect(said()).toEqual(['started', JSON.stringify(start(ONE))]);
    await until(log, () => JSON.parse(textOf('public', 'status.json')).session === true);
  });

  it('makes way for another one', async () => {
    stage.proxy.tell(start(TWO));
    await until(log, () => said().length === 5);
    expect(said().slice(2)).toEqual(
      expect.arrayContaining([
        JSON.stringify({ type: 'stop-session', sessionId: ONE }),
        'started',
        JSON.stringify(start(TWO)),
      ]),
    );
  });

  it('ends when the server says so, and leaves nothing running', async () => {
    stage.proxy.tell({ type: 'stop', sessionId: TWO });
    await until(log, () => wine.processesNamed('node.exe').length === 0);
    await until(log, () => JSON.parse(textOf('public', 'status.json')).session === false);
    expect(said().at(-1)).toBe(JSON.stringify({ type: 'stop-session', sessionId: TWO }));
  });
});

describe('somebody at the computer', () => {
  const ask = async (line: string) =>
    (await wine.runProgram(join(PROGRAMS, 'ask-for-help.c'), [line])).output.trim();
  const help = (user: string, message: string) => JSON.stringify({ type: 'request-support', message, user });

  it('asks for help, and the server has it', async () => {
    expect(await ask(help('Erika', 'Der Drucker druckt „nicht“.'))).toBe('{"type":"sent"}');
    const { requests } = await stage.admin.call('listSupportRequests', { query: {} });
    expect(requests).toMatchObject([
      { user: 'Erika', message: 'Der Drucker druckt „nicht“.', machine: { machineId } },
    ]);
  });

  it('has to wait before asking again; what the server does not take is told in its words', async () => {
    expect(JSON.parse(await ask(help('Erika', 'Hurry!')))).toMatchObject({
      type: 'failed',
      text: expect.stringMatching(/^You have asked for help a moment ago/),
    });
    // For us Max is somebody else; the server takes one request of a machine at a time.
    expect(JSON.parse(await ask(help('Max', 'Me too.')))).toMatchObject({
      type: 'failed',
      text: expect.stringMatching(/^Too many/),
    });
  });

  it.each(['{"type":"other"}', 'x', help('Eve', ''), help('Eve', 'x'.repeat(9000))])(
    'is told when the request makes no sense',
    async (line) => {
      expect(JSON.parse(await ask(line))).toEqual({
        type: 'failed',
        text: 'The message is empty or too long.',
      });
    },
  );
});

describe('its commands', () => {
  it('say the version, and what a restart would do', async () => {
    expect((await run('--version')).output.trim()).toBe('1.0.0');
    const { code, output } = await run('--reboot', 'safe-network', '--dry-run');
    expect(code).toBe(0);
    expect(
      output
        .trim()
        .split('\r\n')
        .map((line) => JSON.parse(line).step),
    ).toEqual([
      ...['register-safe-boot', 'register-safe-boot', 'write-marker', 'bcdedit', 'bcdedit', 'restart'],
    ]);
    expect(existsSync(inState('safe-mode.json'))).toBe(false);
    expect(await run('--reboot', 'sideways')).toMatchObject({ code: 3 });
  });

  it('ask the agent, and print what it says', async () => {
    expect(await run('--diagnose')).toMatchObject({
      code: 0,
      output: expect.stringContaining('All is well.'),
    });
    await run('--reconfigure', '--name', 'Front "desk"');
    expect(textOf('reconfigured.log')).toMatch(/--name\nFront "desk"\n$/);
  });

  it('refuse a token that is none', async () => {
    expect(await run('--install', '--token', 'short')).toMatchObject({
      code: 3,
      output: expect.stringContaining('A token has 43 letters'),
    });
    expect(await run('--nonsense')).toMatchObject({ code: 3, output: expect.stringContaining('--install') });
  });
});

it('is uninstalled and leaves nothing but its identity, and that only until it is purged', async () => {
  // As the list of programs does: the program that removes itself.
  await wine.runOrFail(program, ['--uninstall']);
  expect(await service()).not.toContain('RUNNING');
  for (const key of [KEY, PROTOCOL, ENTRY, SAFE_BOOT]) expect(await wine.readKey(key)).toBeUndefined();
  expect(await wine.readValue(RUN, 'GuruConnect')).toBeUndefined();
  await until('It is still there.', () => !existsSync(join(wine.driveC, 'Program Files', 'GuruConnect')));
  expect(readdirSync(stateFolder(wine))).toContain('identity.json');
  expect(readdirSync(stateFolder(wine))).not.toContain('packs');
  await wine.runOrFail(join(downloads, 'guruconnect-service.exe'), ['--uninstall', '--purge']);
  expect(existsSync(join(wine.driveC, 'ProgramData', 'GuruConnect'))).toBe(false);
});
