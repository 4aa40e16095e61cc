import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { newInstaller } from '../server/test/support/new-installer.ts';
import { startWineMachine, type WineMachine } from '../tools/windows/wine-machine.ts';
import { newPerson } from './support/launch-browser.ts';
import { savePicture } from './support/save-picture.ts';
import { signInPage } from './support/sign-in-page.ts';
import type { Stack } from './support/stack.ts';
import { ROOT, stageOfThisFile } from './support/stage.ts';
import { focusStage, openViewer, placeOf, untilLive } from './support/technician-page.ts';
import { until } from './support/until.ts';
import { screenShot } from './support/x-programs.ts';

const PICTURES = join(ROOT, 'test-results', 'screens');
const PROGRAMS = 'C:\\Program Files\\GuruConnect';
const STATE = 'C:\\ProgramData\\GuruConnect';
const PROTOCOL = 'HKLM\\Software\\Classes\\guruconnect';
const SERVICE = `${PROGRAMS}\\guruconnect-service.exe`;
/** msiexec's "installation failed", of which Linux passes on the lowest 8 bits. */
const FAILED = 1603 % 256;

const stage = stageOfThisFile();
/** What the server hands out; its version is raised by writing another `release.json`. */
const windowsDir = stage.newFolder('windows-');
let stack: Stack;
let machine: WineMachine;
let token: string;
let page: Page;

beforeAll(async () => {
  mkdirSync(PICTURES, { recursive: true });
  cpSync(join(ROOT, 'dist', 'windows'), windowsDir, { recursive: true });
  stack = await stage.startStack({ env: { WINDOWS_BUILD_DIR: windowsDir } });
  machine = await startWineMachine({
    width: 1280,
    height: 720,
    env: { GURUCONNECT_BIND: '127.0.0.1', GURUCONNECT_LOG: 'info' },
  });
  stage.defer(() => machine.close());
  const { companyId } = await stack.admin.call('createCompany', { body: { name: 'Harbour Clinic' } });
  await stack.admin.call('changeCompany', {
    params: { companyId },
    body: { consent: { kind: 'never' } },
  });
  const body = newInstaller(companyId, { site: 'Main building', tags: ['kiosk'] });
  ({ token } = await stack.admin.call('createInstaller', { body }));
  const browser = await stage.launchBrowser();
  page = await (await newPerson(browser, { viewport: { width: 1280, height: 720 } })).newPage();
  await signInPage(page, stack.url, stack.adminUser);
});

afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return;
  savePicture(join(PICTURES, 'windows-screen-failed.png'), await screenShot(machine.desktop));
  const folder = machine.wine.local(`${STATE}\\logs`);
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    console.error(`--- ${name}\n${readFileSync(join(folder, name), 'utf8').slice(-3000)}`);
  }
});

test('the MSI installs in silence, and the machine is in the list where it belongs (B4, U1)', async () => {
  const msi = await downloadMsi('first.msi');
  const begun = performance.now();
  await machine.wine.runOrFail('msiexec', ['/i', msi, '/qn', 'NAME=Front desk']);
  console.info(`Installed in ${Math.round(performance.now() - begun)} ms.`);
  expect(existsSync(machine.wine.local(SERVICE))).toBe(true);
  await until('the machine is online', async () => (await row())?.online === true, 90_000);
  console.info(`Online ${Math.round(performance.now() - begun)} ms after the installation began.`);
  await until('the properties were told', async () => (await row())?.name === 'Front desk', 30_000);
  expect(await row()).toMatchObject({
    company: { name: 'Harbour Clinic' },
    site: { name: 'Main building' },
    tags: ['kiosk'],
    osFamily: 'windows',
  });
  expect(await machine.wine.readValue('HKLM\\Software\\GuruConnect', 'Token')).toBeUndefined();
});

test('it says what it is made of (U4, A6)', async () => {
  const { inventory } = await stack.admin.call('getMachine', { params: { machineId: await machineId() } });
  expect(inventory?.os.name).toMatch(/Windows/);
  expect(inventory?.memoryBytes).toBeGreaterThan(0);
  expect(inventory?.processor.cores).toBeGreaterThan(0);
  expect(inventory?.disks.length).toBeGreaterThan(0);
});

test('a technician is on its desktop without anybody there, and types (I1, V1, V2)', async () => {
  const pad = await machine.wine.startProgram('note-pad.c', ['C:\\typed.txt']);
  await pad.waitFor(/ready/);
  const { id } = await stack.admin.call('connectMachine', {
    params: { machineId: await machineId() },
    body: {},
  });
  const viewer = await openViewer(page.context(), stack.url, id);
  await untilLive(viewer, 60_000);
  await focusStage(viewer);
  const { x, y } = await placeOf(viewer, 500, 420);
  await viewer.mouse.click(x, y);
  const text = 'typed with nobody there';
  await viewer.keyboard.type(text, { delay: 30 });
  const file = machine.wine.local('C:\\typed.txt');
  const typed = () => readFileSync(file, 'utf8');
  await until('the text is there', () => typed() === text, 20_000).catch(() => expect(typed()).toBe(text));
  await viewer.screenshot({ path: join(PICTURES, 'windows-unattended.png') });
  savePicture(join(PICTURES, 'windows-screen-unattended.png'), await screenShot(machine.desktop));
  await stack.admin.call('endSession', { params: { sessionId: id } });
  await until(
    'no process of the session is left',
    () => machine.wine.processesNamed('node.exe').length === 0,
  );
  await pad.kill();
});

test('what it is called can be changed on it (U9)', async () => {
  const change = ['--reconfigure', '--site', 'Annex', '--tag', 'till', '--department', 'Front office'];
  await machine.wine.runOrFail(SERVICE, change);
  await until('the change arrived', async () => (await row())?.site?.name === 'Annex', 60_000);
  expect(await row()).toMatchObject({ tags: ['till'], department: 'Front office' });
});

test('a guruconnect:// link starts a session (U2, P3)', async () => {
  const session = await stack.createSession({ consentRequired: false });
  await machine.wine.runOrFail('start', [`guruconnect://session/${session.code}`]);
  const viewer = await openViewer(page.context(), stack.url, session.id);
  await untilLive(viewer, 60_000);
  await stack.admin.call('endSession', { params: { sessionId: session.id } });
  await until(
    'its program has ended',
    () => machine.wine.processesNamed('GuruConnect.exe').length === 0,
    30_000,
  );
});

test('a newer MSI takes the place of the older one, and not the other way round (B4)', async () => {
  const before = (await row())?.machineId;
  raiseVersion('9.9.9');
  const newer = await downloadMsi('newer.msi');
  await machine.wine.runOrFail('msiexec', ['/i', newer, '/qn']);
  await until('it is online again', async () => (await row())?.online === true, 90_000);
  expect((await row())?.machineId).toBe(before);
  const older = machine.wine.windows(join(machine.wine.driveC, 'first.msi'));
  const { code } = await machine.wine.run('msiexec', ['/i', older, '/qn']);
  expect(code).toBe(FAILED);
  expect(existsSync(machine.wine.local(SERVICE))).toBe(true);
});

test('a repair brings back what was lost, and the machine stays what it is (B4, U5)', async () => {
  const before = await row();
  const window = machine.wine.local(`${PROGRAMS}\\GuruConnect.exe`);
  rmSync(window);
  await machine.wine.runOrFail('reg', ['delete', PROTOCOL, '/f']);
  const newer = machine.wine.windows(join(machine.wine.driveC, 'newer.msi'));
  // What `/fa` means; Wine's takes that for product codes alone.
  await machine.wine.runOrFail('msiexec', ['/i', newer, 'REINSTALL=ALL', 'REINSTALLMODE=amus', '/qn']);
  expect(existsSync(window)).toBe(true);
  expect(await machine.wine.readKey(PROTOCOL)).toBeDefined();
  await until('it is online again', async () => (await row())?.online === true, 90_000);
  const { machineId: id, name, company, site } = before ?? {};
  expect(await row()).toMatchObject({ machineId: id, name, company, site });
});

test('nothing is left once it is taken away, the tray of whoever is signed in included (B4)', async () => {
  machine.wine.start(`${PROGRAMS}\\GuruConnect.exe`, ['--tray']);
  await until('the tray is there', () => machine.wine.processesNamed('GuruConnect.exe').length === 1);
  const newer = machine.wine.windows(join(machine.wine.driveC, 'newer.msi'));
  await machine.wine.runOrFail('msiexec', ['/x', newer, '/qn']);
  await until('its folders are gone', () =>
    [PROGRAMS, STATE].every((path) => !existsSync(machine.wine.local(path))),
  );
  for (const key of [
    'HKLM\\Software\\GuruConnect',
    PROTOCOL,
    'HKLM\\System\\CurrentControlSet\\Services\\GuruConnect',
    'HKLM\\System\\CurrentControlSet\\Control\\SafeBoot\\Network\\GuruConnect',
  ]) {
    expect(await machine.wine.readKey(key)).toBeUndefined();
  }
  const left = machine.wine.processes().filter(({ name }) => /guruconnect|node/i.test(name));
  expect(left).toEqual([]);
});

/** Puts the installer's MSI on the Windows computer and returns its path there. */
async function downloadMsi(name: string): Promise<string> {
  const begun = performance.now();
  const response = await fetch(`${stack.url}/download/installer/${token}/GuruConnect.msi`);
  expect(response.status, await response.clone().text().catch(String)).toBe(200);
  const file = join(machine.wine.driveC, name);
  writeFileSync(file, Buffer.from(await response.arrayBuffer()));
  console.info(`${name} was made and fetched in ${Math.round(performance.now() - begun)} ms.`);
  return machine.wine.windows(file);
}

/** As if another version had been built. */
function raiseVersion(version: string): void {
  const file = join(windowsDir, 'release.json');
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), version }));
  expect(readdirSync(windowsDir)).toContain('release.json');
}

async function row() {
  return (await stack.admin.call('listMachines', { query: {} })).machines[0];
}

async function machineId(): Promise<string> {
  return (await row())?.machineId ?? '';
}
