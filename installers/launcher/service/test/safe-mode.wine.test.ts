import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { compileWindowsProgram } from '../../../../tools/windows/compile-windows-program.ts';
import type { WinePrefix } from '../../../../tools/windows/wine-prefix.ts';
import { ServiceStage, stateFolder, until, writeIdentity } from './support/service-stage.ts';
import { installFiles } from './support/test-release.ts';

/**
 * Safe Mode as far as Wine goes, which neither has one nor restarts: what the program asks Windows for, and what it
 * does when Windows says that this is Safe Mode.
 */
const PROGRAMS = join(dirname(fileURLToPath(import.meta.url)), 'programs');
const SAFE_BOOT = 'HKLM\\System\\CurrentControlSet\\Control\\SafeBoot';

let stage: ServiceStage;
let wine: WinePrefix;
let program: string;
beforeAll(async () => {
  stage = await ServiceStage.start();
  wine = await stage.newWindows();
  const bcdedit = await compileWindowsProgram(join(PROGRAMS, 'fake-bcdedit.c'));
  copyFileSync(bcdedit, join(wine.driveC, 'windows', 'system32', 'bcdedit.exe'));
  const folder = join(wine.driveC, 'agent');
  installFiles(stage.release('1.0.0'), folder);
  program = join(folder, 'guruconnect-service.exe');
  writeIdentity(wine, (await stage.enrol()).identity);
});
afterAll(() => stage?.close());

const marker = () => join(stateFolder(wine), 'safe-mode.json');
const asked = () => {
  const file = join(wine.driveC, 'bcdedit.log');
  return existsSync(file) ? readFileSync(file, 'utf8').split('\r\n').slice(0, -1) : [];
};
const log = () => readFileSync(join(stateFolder(wine), 'logs', 'service.log'), 'utf8');

it('sets the boot value, lets the service start there and remembers to come back', async () => {
  expect(await wine.run(program, ['--reboot', 'safe-network'])).toEqual({ code: 0, output: '' });
  expect(asked()).toEqual([
    '/set {current} safeboot network',
    '/deletevalue {current} safebootalternateshell',
  ]);
  expect(await wine.readValue(`${SAFE_BOOT}\\Minimal\\GuruConnect`, '@')).toBe('Service');
  expect(await wine.readValue(`${SAFE_BOOT}\\Network\\GuruConnect`, '@')).toBe('Service');
  expect(JSON.parse(readFileSync(marker(), 'utf8'))).toEqual({ kind: 'safe-network', minutes: 15 });
});

it('takes the boot value away as soon as it runs in Safe Mode, so that the next start is a normal one', async () => {
  await wine.writeValue(`${SAFE_BOOT}\\Option`, 'OptionValue', 2);
  const core = wine.start(program, ['--core', '--slot', 'none', '--console']);
  await core.waitFor(/this is the Safe Mode that was asked for/);
  await until(log, () => asked().length === 4);
  expect(asked().slice(2)).toEqual([
    '/deletevalue {current} safeboot',
    '/deletevalue {current} safebootalternateshell',
  ]);
  await core.waitFor(/^online/m);
  expect(existsSync(marker())).toBe(true);
  await core.kill();
});

it('forgets Safe Mode once Windows is back in normal mode', async () => {
  await wine.deleteKey(`${SAFE_BOOT}\\Option`);
  const core = wine.start(program, ['--core', '--slot', 'none', '--console']);
  await core.waitFor(/back from Safe Mode/);
  await until(log, () => !existsSync(marker()));
  await core.kill();
});

it('does not go where it cannot come back from: without a boot value there is no marker and no restart', async () => {
  const system = join(wine.driveC, 'windows', 'system32', 'bcdedit.exe');
  copyFileSync(await compileWindowsProgram(join(PROGRAMS, 'crash.c')), system);
  expect(await wine.run(program, ['--reboot', 'safe'])).toMatchObject({
    code: 14,
    output: expect.stringContaining('bcdedit /set {current} safeboot minimal did not work'),
  });
  expect(existsSync(marker())).toBe(false);
});
