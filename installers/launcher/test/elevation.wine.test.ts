import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeDeployment, makeOneTimeExe } from './support/configure-exe.ts';
import { LauncherStage } from './support/launcher-stage.ts';

const WINDOW = 'GuruConnectStatus';
const SERVICES = 'HKLM\\System\\CurrentControlSet\\Services\\GuruConnectSession-847291';

let stage: LauncherStage;
beforeAll(async () => {
  stage = await LauncherStage.start();
});
afterAll(() => stage.close());

// Wine has no UAC and one session for all: what is tried is the way, not what SYSTEM may do at its end.
it('goes on by a transient service with what the session had, and takes all of it away', async () => {
  const exe = makeOneTimeExe(stage.program, makeDeployment('https://help.example.com'), stage.pack('wait'));
  const running = stage.startDownloaded('GuruConnect-847291.exe', exe);
  await stage.window('wait', WINDOW, 'Waiting for Ada.');
  writeFileSync(join(stage.userData, 'session-847291', 'resume.json'), '{"token":"kept"}');
  stage.takeEvidence();
  await stage.window('press', WINDOW, 'Run as administrator');
  const programData = join(stage.wine.driveC, 'ProgramData', 'GuruConnect');
  const state = join(programData, 'transient-847291', 'state');
  await expect.poll(() => existsSync(join(state, 'agent.log')), { timeout: 30_000 }).toBe(true);
  expect(readFileSync(join(state, 'resume.json'), 'utf8')).toBe('{"token":"kept"}');
  expect(readdirSync(state)).not.toContain('lock');
  await stage.window('wait', WINDOW, 'Waiting for Ada.');
  const evidence = stage.takeEvidence().join('\n');
  expect(evidence).toContain('GURUCONNECT_STATE_DIR=C:\\ProgramData\\GuruConnect\\transient-847291\\state');
  expect(evidence).toContain(
    'GURUCONNECT_UI=C:\\ProgramData\\GuruConnect\\transient-847291\\GuruConnect.exe',
  );
  expect(evidence).toContain('GURUCONNECT_CODE=847291');
  expect(stage.wine.processesNamed('node.exe')).toHaveLength(1);
  await stage.window('press', WINDOW, 'Stop');
  expect(await running.ended).toMatchObject({ code: 0 });
  expect(stage.takeEvidence()).toEqual(['{"type":"stop"}', 'ended']);
  await expect
    .poll(() => existsSync(join(stage.downloads, 'GuruConnect-847291.exe')), { timeout: 30_000 })
    .toBe(false);
  expect(existsSync(programData)).toBe(false);
  expect(existsSync(stage.userData)).toBe(false);
  expect(await stage.wine.readKey(SERVICES)).toBeUndefined();
});
