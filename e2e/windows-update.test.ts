import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { newInstaller } from '../server/test/support/new-installer.ts';
import { startWineMachine, type WineMachine } from '../tools/windows/wine-machine.ts';
import type { Stack } from './support/stack.ts';
import { ROOT, stageOfThisFile } from './support/stage.ts';
import { until } from './support/until.ts';
import { makeRelease } from './support/windows/newer-release.ts';

const PROGRAMS = 'C:\\Program Files\\GuruConnect';
const SERVICE = `${PROGRAMS}\\guruconnect-service.exe`;

const LOGS = 'C:\\ProgramData\\GuruConnect\\logs';

const stage = stageOfThisFile();
const windowsDir = stage.newFolder('windows-');
let stack: Stack;
let machine: WineMachine;

beforeAll(async () => {
  cpSync(join(ROOT, 'dist', 'windows'), windowsDir, { recursive: true });
  stack = await stage.startStack({ env: { WINDOWS_BUILD_DIR: windowsDir } });
  machine = await startWineMachine({ windowManager: false });
  stage.defer(() => machine.close());
  const { companyId } = await stack.admin.call('createCompany', { body: { name: 'Harbour Clinic' } });
  const { token } = await stack.admin.call('createInstaller', {
    body: newInstaller(companyId),
  });
  const response = await fetch(`${stack.url}/download/installer/${token}/GuruConnect.msi`);
  const msi = join(machine.wine.driveC, 'GuruConnect.msi');
  writeFileSync(msi, Buffer.from(await response.arrayBuffer()));
  await machine.wine.runOrFail('msiexec', ['/i', machine.wine.windows(msi), '/qn']);
  await until('the machine is online', async () => (await row())?.online === true, 90_000);
});

afterEach(({ task }) => {
  if (task.result?.state !== 'fail') return;
  const folder = machine.wine.local(LOGS);
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    console.error(`--- ${name}\n${readFileSync(join(folder, name), 'utf8').slice(-4000)}`);
  }
});

test('a new version comes by itself, and the machine is back with it (U5)', async () => {
  const before = (await row())?.agentVersion;
  // As Windows does when somebody signs in.
  machine.wine.start(`${PROGRAMS}\\GuruConnect.exe`, ['--tray']);
  await until('the tray is there', () => trays().length === 1);
  await makeRelease(windowsDir, '9.9.8');
  const begun = performance.now();
  await until('it runs the new version', async () => (await row())?.agentVersion === '9.9.8', 150_000);
  console.info(`From the build of the new version to the machine with it: ${seconds(begun)} s.`);
  expect(before).not.toBe('9.9.8');
  await until('it is online', async () => (await row())?.online === true, 30_000);
  const { version, versions } = await stack.admin.call('getUpdates', {});
  expect({ version, versions }).toEqual({ version: '9.9.8', versions: [{ version: '9.9.8', machines: 1 }] });
});

test('the tray is of the new version soon after (U5)', async () => {
  const newer = `${PROGRAMS}\\tray\\9.9.8\\GuruConnect.exe`;
  await until(
    'the new tray is the only one',
    () => trays().length === 1 && trays()[0]?.includes(newer) === true,
    30_000,
  );
});

test('a version that does not work is given up, and the machine stays as it was (U5)', async () => {
  // How long a version may take to show that it works; two minutes otherwise.
  await machine.wine.writeValue('HKLM\\Software\\GuruConnect', 'HealthSeconds', 30);
  await makeRelease(windowsDir, '9.9.9', { 'main.mjs': 'process.exit(3);\n' });
  await until(
    'the machine told of it',
    async () => {
      const { reports } = await stack.admin.call('getUpdates', {});
      return reports.some((report) => report.toVersion === '9.9.9');
    },
    170_000,
  );
  const { reports } = await stack.admin.call('getUpdates', {});
  expect(reports[0]).toMatchObject({ toVersion: '9.9.9', outcome: 'rolled-back' });
  expect(reports[0]?.reason).not.toBe('');
  await until('it is online', async () => (await row())?.online === true, 60_000);
  expect((await row())?.agentVersion).toBe('9.9.8');
  expect(await machine.wine.runOrFail(SERVICE, ['--version'])).toContain('.');
});

test('taken away, it takes the tray of the new version along (B4, U5)', async () => {
  await machine.wine.runOrFail('msiexec', ['/x', 'C:\\GuruConnect.msi', '/qn']);
  expect(trays()).toEqual([]);
  await until('its folder is gone', () => !existsSync(machine.wine.local(PROGRAMS)));
});

async function row() {
  return (await stack.admin.call('listMachines', { query: {} })).machines[0];
}

function trays(): string[] {
  return machine.wine.processesNamed('GuruConnect.exe').map(({ commandLine }) => commandLine);
}

function seconds(since: number): string {
  return ((performance.now() - since) / 1000).toFixed(1);
}
