import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { selfSigned } from '../agent/test/support/self-signed.ts';
import { newInstaller } from '../server/test/support/new-installer.ts';
import { compileWindowsProgram } from '../tools/windows/compile-windows-program.ts';
import { startWineMachine, type WineMachine } from '../tools/windows/wine-machine.ts';
import { newPerson } from './support/launch-browser.ts';
import { signInPage } from './support/sign-in-page.ts';
import type { Stack } from './support/stack.ts';
import { ROOT, stageOfThisFile } from './support/stage.ts';
import { openViewer, untilLive } from './support/technician-page.ts';
import { connectPresence } from './support/windows/presence-client.ts';
import { runWindowsAgent, WindowsAgent } from './support/windows/windows-agent.ts';

const stage = stageOfThisFile();
let stack: Stack;
let machine: WineMachine;
let machineId: string;
let env: Readonly<Record<string, string>>;
let checkIns = 0;

beforeAll(async () => {
  stack = await stage.startStack();
  machine = await startWineMachine();
  stage.defer(() => machine.close());
  const noteArguments = await compileWindowsProgram(join(ROOT, 'e2e/support/windows/note-arguments.c'));
  env = {
    GURUCONNECT_SERVER: stack.url,
    GURUCONNECT_STATE_DIR: 'C:\\state',
    GURUCONNECT_TOKEN_FILE: 'C:\\token.txt',
    GURUCONNECT_SERVICE: machine.wine.windows(noteArguments),
    NOTE_ARGUMENTS: 'C:\\arguments.txt',
  };
  await machine.wine.writeValue('HKLM\\Software\\Microsoft\\Windows NT\\CurrentVersion', 'UBR', 4317);
});

const run = (...args: string[]) => runWindowsAgent({ wine: machine.wine, args, env });
const seen = () => stack.admin.call('getMachine', { params: { machineId } });

/** As the service program has it done: by a process that tells how it went over its pipe. */
async function checkIn(): Promise<void> {
  checkIns += 1;
  const agent = new WindowsAgent({ wine: machine.wine, args: ['--check-in'], env }, `check-in-${checkIns}`);
  const { problem, checkInSeconds } = await agent.said({ type: 'check-in-done' });
  expect(problem).toBeNull();
  expect(checkInSeconds).toBeGreaterThan(0);
  expect((await agent.process.ended).code).toBe(0);
}

test('a computer is enrolled with the token of a file (U1)', async () => {
  const { companyId } = await stack.admin.call('createCompany', { body: { name: 'Harbour Clinic' } });
  await stack.admin.call('changeCompany', { params: { companyId }, body: { consent: { kind: 'never' } } });
  const { token } = await stack.admin.call('createInstaller', { body: newInstaller(companyId) });
  writeFileSync(machine.wine.local('C:\\token.txt'), `${token}\r\n`);
  const { code, output } = await run('--enrol');
  expect(output).toMatch(/This computer is enrolled as /);
  expect(code).toBe(0);
  const { machines } = await stack.admin.call('listMachines', { query: {} });
  expect(machines).toHaveLength(1);
  machineId = machines[0]?.machineId ?? '';
  expect((await run('--status')).output).toContain(machineId);
});

test('a check-in tells what the computer is (U4, A6)', async () => {
  await checkIn();
  const { inventory, status } = await seen();
  expect(inventory).toMatchObject({ os: { family: 'windows', name: 'Windows 10' } });
  expect(inventory?.os.build).toMatch(/^\d{5}\.4317$/);
  expect(inventory?.hostname).not.toBe('');
  expect(inventory?.processor.model).not.toBe('');
  expect(inventory?.processor.cores).toBeGreaterThan(0);
  expect(inventory?.memoryBytes).toBeGreaterThan(1e8);
  expect(inventory?.disks).toContainEqual({ name: 'C:', sizeBytes: expect.any(Number) });
  expect(inventory?.networks[0]?.mac).toMatch(/^([0-9a-f]{2}:){5}/);
  expect(inventory?.bootedAt).toBeLessThan(Date.now());
  expect(status?.user).not.toBe('');
  expect(status?.idleMs).toBeGreaterThanOrEqual(0);
  expect(status?.memoryFreeBytes).toBeGreaterThan(0);
  expect(status?.diskFreeBytes['C:']).toBeGreaterThan(0);
});

test('what it is called is changed on it and told to the server at once (U9)', async () => {
  const { output } = await run('--reconfigure', '--site', 'Annex', '--tag', 'till', '--name', 'Front desk');
  expect(output).toMatch(/^Changed\./m);
  expect(await seen()).toMatchObject({
    row: { name: 'Front desk', site: { name: 'Annex' }, tags: ['till'] },
  });
});

test('the connection doctor finds the way to the server good (U3)', async () => {
  const { code, output } = await run('--diagnose');
  expect(output).toMatch(/ok {4}Line: A WebSocket opens and the server greets/);
  expect(output).toMatch(/ok {4}Relay at 127\.0\.0\.1, port \d+: A WebSocket opens/);
  expect(output).toMatch(/Sessions: .+ over the relay on port \d+/);
  expect(code).toBe(0);
});

test('an authority that Windows trusts is trusted (R3)', async () => {
  const certificate = selfSigned();
  const server = createServer(certificate, (_request, response) => response.end('{}'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  stage.defer(() => server.close());
  const origin = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  expect((await run('--diagnose', '--server', origin)).output).toContain('does not trust it');
  await machine.wine.trust(certificate.cert);
  const { output } = await run('--diagnose', '--server', origin);
  expect(output).toMatch(/Certificate: Signed by localhost/);
  expect(output).not.toContain('does not trust it');
});

test('a restart is told as accepted, then done, and never twice (U6)', async () => {
  const { commandId } = await stack.admin.call('commandMachine', {
    params: { machineId },
    body: { kind: 'safe-network' },
  });
  await checkIn();
  const done = machine.wine.local('C:\\arguments.txt');
  expect(readFileSync(done, 'utf8')).toBe('--reboot safe-network\n');
  const { commands } = await stack.admin.call('listCommands', { params: { machineId } });
  expect(commands.find((one) => one.commandId === commandId)?.status).toBe('accepted');
  await checkIn();
  expect(readFileSync(done, 'utf8')).toBe('--reboot safe-network\n');
  expect(existsSync(machine.wine.local('C:\\state\\commands.json'))).toBe(true);
});

test('a session that the server wants runs with nobody there, and its process ends with it (I1, V1)', async () => {
  const identity = JSON.parse(readFileSync(machine.wine.local('C:\\state\\identity.json'), 'utf8'));
  const line = await connectPresence(identity);
  stage.defer(() => line.close());
  const wanted = once(line as never, 'start-session');
  const { id } = await stack.admin.call('connectMachine', { params: { machineId }, body: {} });
  const [{ sessionId, token }] = (await wanted) as [{ sessionId: string; token: string }];
  const agent = new WindowsAgent({ wine: machine.wine, args: ['--windows-session'], env }, 'session');
  await agent.said({ type: 'ready' });
  agent.tell({ type: 'start-session', sessionId, token });
  await agent.said({ type: 'state', state: 'connected' });
  const browser = await stage.launchBrowser();
  const context = await newPerson(browser, { viewport: { width: 1280, height: 720 } });
  await signInPage(await context.newPage(), stack.url, stack.adminUser);
  const viewer = await openViewer(context, stack.url, id);
  await untilLive(viewer, 60_000);
  await agent.said({ type: 'state', state: 'live' });
  agent.tell({ type: 'stop-session', sessionId });
  await agent.said({ type: 'over' });
  expect((await agent.process.ended).code).toBe(0);
});
