import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { memoryOf } from '../../../../tools/windows/prefix-processes.ts';
import type { WinePrefix } from '../../../../tools/windows/wine-prefix.ts';
import type { WineProcess } from '../../../../tools/windows/wine-process.ts';
import { ServiceStage, stateFolder, until, writeIdentity } from './support/service-stage.ts';
import { installFiles, type Release, ReleaseKey } from './support/test-release.ts';

const HEALTH_SECONDS = 15;

let stage: ServiceStage;
let wine: WinePrefix;
let stub: WineProcess;
let machineId: string;
beforeAll(async () => {
  stage = await ServiceStage.start();
  wine = await stage.newWindows();
  const enrolled = await stage.enrol();
  machineId = enrolled.machineId;
  writeIdentity(wine, enrolled.identity);
  await wine.writeValue('HKLM\\Software\\GuruConnect', 'HealthSeconds', HEALTH_SECONDS);
  const folder = join(wine.driveC, 'agent');
  installFiles(stage.release('1.0.0'), folder);
  stub = wine.start(join(folder, 'guruconnect-service.exe'), ['--service', '--console']);
  await until(log, () => stage.isOnline(machineId));
});
afterAll(() => stage?.close());
beforeEach(() => {
  stage.proxy.reports.length = 0;
  stage.proxy.requests.length = 0;
});

const inState = (...names: string[]) => join(stateFolder(wine), ...names);
const textOf = (...names: string[]) =>
  existsSync(inState(...names)) ? readFileSync(inState(...names), 'utf8') : '';
const log = () => `${stub.output}\n${textOf('logs', 'service.log')}`;
const slots = () => JSON.parse(textOf('slots', 'state.json'));
const version = () => JSON.parse(textOf('public', 'status.json')).version;

/** Makes the machine take a version, and waits until it has told how that went. */
async function offer(release: Release) {
  stage.proxy.offered = release;
  stage.proxy.tell({ type: 'update', version: release.version, manifestSha256: release.sha256 });
  await until(log, () => stage.proxy.reports.length > 0, 120_000);
  return stage.proxy.reports[0];
}

async function isOnlineWith(wanted: string): Promise<void> {
  await until(log, async () => version() === wanted && (await stage.isOnline(machineId)));
}

it('needs less than 10 MB of its own with both its processes while it idles', async () => {
  await until(log, () => wine.processesNamed('node.exe').length === 0);
  // Not by the service manager, for which alone Wine needs 2 MB in each service.
  const both = wine.processesNamed('guruconnect-service.exe').map(({ pid }) => memoryOf(pid).privateBytes);
  expect(both).toHaveLength(2);
  expect(both.reduce((sum, one) => sum + one, 0)).toBeLessThan(10e6);
});

describe('a new version', () => {
  it('is fetched over a line that breaks, runs, and stays', async () => {
    const release = stage.release('1.1.0');
    stage.proxy.cutAfterBytes = 40_000;
    // It learns of it by asking; all later ones are told to it.
    stage.proxy.offered = release;
    await until(log, () => stage.proxy.reports.length > 0);
    expect(stage.proxy.reports[0]).toEqual({
      toVersion: '1.1.0',
      manifestSha256: release.sha256,
      outcome: 'updated',
      reason: '',
    });
    await isOnlineWith('1.1.0');
    expect(slots()).toMatchObject({ active: 'A', pending: 'none' });
    // What had come before the break was not fetched again.
    expect(stage.proxy.requests.filter((request) => /blob.* bytes=\d{4,}-$/.test(request))).not.toEqual([]);
    expect(readFileSync(inState('slots', 'A', 'GuruConnect.exe'), 'utf8')).toBe('panels of 1.1.0');
  });

  it('that crashes is taken back, and not tried again', async () => {
    const release = stage.release('1.2.0', { service: await stage.crashingProgram() });
    expect(await offer(release)).toMatchObject({
      outcome: 'rolled-back',
      reason: 'Version 1.2.0 ended by itself 3 times (66) before it showed that it works.',
    });
    await isOnlineWith('1.1.0');
    expect(slots()).toMatchObject({ active: 'A', pending: 'none', refused: [{ version: '1.2.0' }] });
    // It is offered still, at every poll.
    const polls = () => stage.proxy.requests.filter((request) => request === '/api/v1/agent/update').length;
    const before = polls();
    await until(log, () => polls() >= before + 2);
    expect(stage.proxy.requests.filter((request) => request.includes(release.sha256))).toHaveLength(2);
    expect(stage.proxy.reports).toHaveLength(1);
  });

  it('that cannot connect is taken back once its time is over', async () => {
    const release = stage.release('1.3.0', { origin: 'http://127.0.0.1:9' });
    expect(await offer(release)).toMatchObject({
      outcome: 'rolled-back',
      reason: `Version 1.3.0 did not come online and check in within ${HEALTH_SECONDS} s.`,
    });
    await isOnlineWith('1.1.0');
  });

  it('stays on trial while nobody reaches the server, and stays for good when it is back', async () => {
    const release = stage.release('1.3.5');
    stage.proxy.goesAwayAfter = release.pack;
    stage.proxy.offered = release;
    stage.proxy.tell({ type: 'update', version: release.version, manifestSha256: release.sha256 });
    const wasSaid = (words: string) => until(log, () => textOf('logs', 'service.log').includes(words));
    await wasSaid('version 1.3.5 keeps its trial');
    expect(slots()).toMatchObject({ pendingVersion: '1.3.5', prolonged: 1 });
    await stage.proxy.comeBack();
    await isOnlineWith('1.3.5');
    await until(log, () => stage.proxy.reports.length > 0);
    expect(stage.proxy.reports).toMatchObject([{ outcome: 'updated', toVersion: '1.3.5' }]);
  });

  it('whose agent does not work is taken back, although its line stands', async () => {
    const release = stage.release('1.4.0', { behaviour: 'mute' });
    expect(await offer(release)).toMatchObject({ outcome: 'rolled-back', toVersion: '1.4.0' });
    await isOnlineWith('1.3.5');
  });

  it('that somebody else signed is refused', async () => {
    const release = stage.release('1.5.0', { key: new ReleaseKey() });
    expect(await offer(release)).toMatchObject({
      outcome: 'refused',
      reason: expect.stringContaining('signature'),
    });
    expect(stage.proxy.requests.filter((request) => request.includes('/blob/'))).toEqual([]);
  });

  it('that was altered on the way is refused, until somebody asks for it again', async () => {
    const release = stage.release('1.6.0');
    const altered = Buffer.from(release.pack);
    altered[1000] = (altered[1000] ?? 0) ^ 1;
    const sha256 = [...release.blobs].find(([, bytes]) => bytes === release.pack)?.[0] ?? '';
    stage.proxy.tamper(sha256, altered);
    expect(await offer(release)).toMatchObject({
      outcome: 'refused',
      reason: expect.stringContaining('altered'),
    });
    expect(existsSync(inState('packs', sha256))).toBe(false);
    // Somebody put it right, and asks for it again.
    stage.proxy.reports.length = 0;
    stage.proxy.tamper(sha256, release.pack);
    expect(await offer(release)).toMatchObject({ outcome: 'updated', toVersion: '1.6.0' });
    await isOnlineWith('1.6.0');
    expect(slots()).toMatchObject({ active: 'A', pending: 'none' });
    expect(JSON.stringify(slots().refused)).not.toContain(release.sha256);
  });

  it('that is older is refused', async () => {
    expect(await offer(stage.release('1.0.5'))).toMatchObject({
      outcome: 'refused',
      reason: 'Version 1.0.5 is older than 1.6.0, which runs here: downgrade refused.',
    });
    expect(version()).toBe('1.6.0');
  });

  it('goes into the slot that does not run', async () => {
    expect(await offer(stage.release('1.7.0'))).toMatchObject({ outcome: 'updated' });
    await isOnlineWith('1.7.0');
    expect(slots()).toMatchObject({ active: 'B', pending: 'none' });
  });
});

it('goes on with the slot after a restart, and with the installed program once that is newer', async () => {
  await stub.kill();
  await until(log, () => wine.processesNamed('guruconnect-service.exe').length === 0);
  const folder = join(wine.driveC, 'agent');
  stub = wine.start(join(folder, 'guruconnect-service.exe'), ['--service', '--console']);
  await until(log, () => textOf('logs', 'service.log').split('version 1.7.0 starts from slot B').length > 2);
  await isOnlineWith('1.7.0');
  await stub.kill();
  await until(log, () => wine.processesNamed('guruconnect-service.exe').length === 0);
  // As an MSI does.
  installFiles(stage.release('1.8.0'), folder);
  stub = wine.start(join(folder, 'guruconnect-service.exe'), ['--service', '--console']);
  await isOnlineWith('1.8.0');
  expect(slots()).toMatchObject({ active: 'none' });
});
