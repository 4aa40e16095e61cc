import { lookup } from 'node:dns/promises';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { ConnectProxy } from '../agent/test/support/connect-proxy.ts';
import { newInstaller } from '../server/test/support/new-installer.ts';
import { memoryOf } from '../tools/windows/prefix-processes.ts';
import { startWineMachine, type WineMachine } from '../tools/windows/wine-machine.ts';
import { newPerson } from './support/launch-browser.ts';
import { signInPage } from './support/sign-in-page.ts';
import type { Stack } from './support/stack.ts';
import { ROOT, stageOfThisFile } from './support/stage.ts';
import { openViewer, untilLive } from './support/technician-page.ts';
import { until } from './support/until.ts';
import { makeRelease } from './support/windows/newer-release.ts';

const STATE = 'C:\\ProgramData\\GuruConnect';

const stage = stageOfThisFile();
const windowsDir = stage.newFolder('windows-');
const dataDir = stage.newFolder('data-');
let stack: Stack;
let machine: WineMachine;
let proxy: ConnectProxy;
let technician: BrowserContext;
/** The server's, as the machine knows it. */
let address: string;

beforeAll(async () => {
  // For this process alone, which is no part of what is tried: the machine trusts what its installer says.
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
  cpSync(join(ROOT, 'dist', 'windows'), windowsDir, { recursive: true });
  // Beyond loopback a server speaks HTTPS, with a certificate of its own authority where it is given none.
  stack = await stage.startStack({
    env: { HOST: '0.0.0.0', DATA_DIR: dataDir, WINDOWS_BUILD_DIR: windowsDir },
  });
  // By a name that is not the loopback's: to that the agent goes by no proxy.
  address = stack.url.replace('localhost', await ownName());
  machine = await startWineMachine({ windowManager: false });
  stage.defer(() => machine.close());
});
/** A name or address of this computer that is not the loopback's, and that the server's certificate is for. */
async function ownName(): Promise<string> {
  const name = hostname().toLowerCase();
  if (await lookup(name).catch(() => undefined)) return name;
  const addresses = Object.values(networkInterfaces()).flatMap((one) => one ?? []);
  const own = addresses.find(({ internal, family }) => !internal && family === 'IPv4')?.address;
  if (own === undefined)
    throw new Error(`This computer does not know its own name: add "127.0.1.1 ${name}" to /etc/hosts.`);
  return own;
}

afterAll(() => {
  delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
});

afterEach(({ task }) => {
  if (task.result?.state !== 'fail') return;
  const folder = machine.wine.local(`${STATE}\\logs`);
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    console.error(`--- ${name}\n${readFileSync(join(folder, name), 'utf8').slice(-4000)}`);
  }
});

test("a machine is online over TLS by its server's own authority, with its inventory (U1, R3)", async () => {
  expect(stack.url).toMatch(/^https:/);
  const token = await createInstaller();
  const response = await fetch(`${address}/download/installer/${token}/GuruConnect.msi`);
  expect(response.status).toBe(200);
  const msi = join(machine.wine.driveC, 'GuruConnect.msi');
  writeFileSync(msi, Buffer.from(await response.arrayBuffer()));
  await machine.wine.runOrFail('msiexec', ['/i', machine.wine.windows(msi), '/qn']);
  await until('the machine is online', async () => (await row())?.online === true, 90_000);
  const service = machine.wine.processesNamed('guruconnect-service.exe');
  const bytes = service.map(({ pid }) => memoryOf(pid).privateBytes);
  console.info(`Stub and core over TLS have ${bytes.join(' and ')} bytes of their own.`);
  const { machineId = '' } = (await row()) ?? {};
  const inventory = async () => (await stack.admin.call('getMachine', { params: { machineId } })).inventory;
  await until(
    'it has checked in',
    async () => (await inventory())?.os.name.includes('Windows') === true,
    60_000,
  );
});

test('a new version comes over TLS, by the proxy that the computer is set to (U5, R3)', async () => {
  proxy = await ConnectProxy.start();
  stage.defer(() => proxy.close());
  expect(await machine.wine.runProgram('set-proxy.c', [proxy.address])).toMatchObject({ code: 0 });
  await machine.wine.runOrFail('net', ['stop', 'GuruConnect']);
  await makeRelease(windowsDir, '9.9.8');
  await machine.wine.runOrFail('net', ['start', 'GuruConnect']);
  await until('it runs the new version', async () => (await row())?.agentVersion === '9.9.8', 120_000);
  await until('it is online', async () => (await row())?.online === true, 30_000);
  const { host } = new URL(address);
  expect(new Set(proxy.tunnels.map(({ target }) => target))).toEqual(new Set([host]));
  expect(proxy.tunnels.map(({ program }) => program)).toContainEqual(expect.stringMatching(/^GuruConnect\//));
});

test('a session goes through that proxy, to the server and to the relay (U3, R3)', async () => {
  const browser = await stage.launchBrowser(['--ignore-certificate-errors']);
  technician = await newPerson(browser, { viewport: { width: 1280, height: 720 } });
  // No UDP leaves this browser, so the relay is the only way.
  await technician.addInitScript(() => {
    const Native = window.RTCPeerConnection;
    window.RTCPeerConnection = class extends Native {
      constructor(configuration?: RTCConfiguration) {
        super({ ...configuration, iceTransportPolicy: 'relay' });
      }
    };
  });
  const page = await technician.newPage();
  await signInPage(page, stack.url, stack.adminUser);
  const { machineId = '' } = (await row()) ?? {};
  const before = proxy.tunnels.length;
  const { id } = await stack.admin.call('connectMachine', { params: { machineId }, body: {} });
  await expectProxied(id, before);
});

test('so does one of the program that needs no installation (E1, R3)', async () => {
  const { id, code } = await stack.createSession({ consentRequired: false });
  const response = await fetch(`${address}/download/windows/GuruConnect-${code}.exe`);
  expect(response.status).toBe(200);
  const file = join(machine.wine.driveC, `GuruConnect-${code}.exe`);
  writeFileSync(file, Buffer.from(await response.arrayBuffer()));
  const before = proxy.tunnels.length;
  proxy.bytes.clear();
  const program = machine.wine.start(file);
  await expectProxied(id, before);
  await program.ended;
  expect(await machine.wine.runProgram('set-proxy.c', ['none'])).toMatchObject({ code: 0 });
});

/** Looks at a session, by the proxy's tunnels from the given one on, and ends it. */
async function expectProxied(sessionId: string, fromTunnel: number): Promise<void> {
  const viewer = await openViewer(technician, stack.url, sessionId);
  await untilLive(viewer, 60_000);
  const server = new URL(address);
  const byAgent = proxy.tunnels.slice(fromTunnel).filter(({ program }) => program === 'GuruConnect');
  const targets = [...new Set(byAgent.map(({ target }) => target))];
  expect(targets).toContain(server.host);
  const relay = targets.find((target) => target !== server.host) ?? '';
  expect(relay.startsWith(`${server.hostname}:`)).toBe(true);
  await until('the picture went through it', () => (proxy.bytes.get(relay) ?? 0) > 10_000, 20_000);
  await stack.admin.call('endSession', { params: { sessionId } });
  await viewer.close();
}

test('a server with the certificate of an unknown authority is refused, and the computer says so (R3)', async () => {
  rmSync(join(dataDir, 'tls'), { recursive: true });
  await stack.restart();
  const status = () => JSON.parse(readFileSync(machine.wine.local(`${STATE}\\public\\status.json`), 'utf8'));
  await until(
    'it says what is wrong',
    () => /does not trust the certificate/.test(status().problem ?? ''),
    60_000,
  );
  expect(status().online).toBe(false);
});

async function createInstaller(): Promise<string> {
  const { companyId } = await stack.admin.call('createCompany', { body: { name: 'Harbour Clinic' } });
  await stack.admin.call('changeCompany', { params: { companyId }, body: { consent: { kind: 'never' } } });
  const { token } = await stack.admin.call('createInstaller', {
    body: newInstaller(companyId),
  });
  return token;
}

async function row() {
  return (await stack.admin.call('listMachines', { query: {} })).machines[0];
}
