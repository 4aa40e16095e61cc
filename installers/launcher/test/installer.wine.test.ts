import { sign } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { encodeReleaseManifest, releaseManifestText } from '@guruconnect/shared';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileWindowsProgram } from '../../../tools/windows/compile-windows-program.ts';
import { makeDeployment, makeOneTimeExe, sha256, type TestDeployment } from './support/configure-exe.ts';
import { LauncherStage } from './support/launcher-stage.ts';
import { ReleaseServer } from './support/release-server.ts';

const TOKEN = 'ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8';
const SETUP = fileURLToPath(new URL('programs/fake-setup.c', import.meta.url));

let stage: LauncherStage;
let server: ReleaseServer;
let deployment: TestDeployment;
let service: Buffer;
beforeAll(async () => {
  stage = await LauncherStage.start();
  server = await ReleaseServer.start();
  deployment = makeDeployment(server.origin);
  service = readFileSync(await compileWindowsProgram(SETUP));
});
afterAll(async () => {
  await server.close();
  await stage.close();
});

/** What a server hands out as its newest version, signed by `key`. */
function publish(key: TestDeployment['key']): void {
  const ui = Buffer.from('the other program');
  const blob = (bytes: Buffer) => ({ sha256: sha256(bytes), size: bytes.length });
  const pack = stage.pack('end');
  const manifest = encodeReleaseManifest({
    ...{ version: '0.1.0', platform: 'win32-x64' },
    ...{ pack: blob(pack), service: blob(service), ui: blob(ui) },
  });
  const text = Buffer.from(releaseManifestText(manifest));
  server.files.set('/download/release/win32-x64/manifest.json', Buffer.from(manifest));
  const signature = sign('sha256', text, { key, dsaEncoding: 'ieee-p1363' });
  server.files.set('/download/release/win32-x64/manifest.sig', signature);
  for (const bytes of [service, ui]) server.files.set(`/download/release/blob/${sha256(bytes)}`, bytes);
}

const installer = () => makeOneTimeExe(stage.program, deployment, stage.pack('end'), 'small');
const told = () => join(stage.wine.driveC, 'setup.log');
const leftInProgramData = () =>
  readdirSync(join(stage.wine.driveC, 'ProgramData')).filter((name) => name.startsWith('GuruConnect'));

describe('an installer with a token in its name', () => {
  it('fetches what machines run, has it install itself with the token, and leaves no files', async () => {
    publish(deployment.key);
    const exe = stage.startDownloaded(`GuruConnect-Setup-${TOKEN} (1).exe`, installer());
    await stage.window('wait', 'GuruConnectStatus', 'GuruConnect is installed on this computer.');
    await stage.window('press', 'GuruConnectStatus', 'Close');
    expect(await exe.ended).toMatchObject({ code: 0 });
    const [self, ...words] = readFileSync(told(), 'utf8').trim().split('\n');
    expect(self).toMatch(/^C:\\ProgramData\\GuruConnect-setup-[0-9a-f]{16}\\guruconnect-service\.exe$/);
    expect(words).toEqual(['--install', '--token', TOKEN, 'with the other program']);
    expect(leftInProgramData()).toEqual([]);
  });

  it('runs nothing that another key has signed', async () => {
    rmSync(told(), { force: true });
    publish(makeDeployment(server.origin).key);
    const exe = stage.startDownloaded(`GuruConnect-Setup-${TOKEN}.exe`, installer(), ['--quiet']);
    expect(await exe.ended).toMatchObject({ code: 4 });
    expect(existsSync(told())).toBe(false);
    expect(leftInProgramData()).toEqual([]);
  });
});
