import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { memoryOf } from '../../../../tools/windows/prefix-processes.ts';
import type { WinePrefix } from '../../../../tools/windows/wine-prefix.ts';
import type { WineProcess } from '../../../../tools/windows/wine-process.ts';
import { ServiceStage, stateFolder, until, writeIdentity } from './support/service-stage.ts';
import { installFiles } from './support/test-release.ts';

let stage: ServiceStage;
let wine: WinePrefix;
let core: WineProcess;
let machineId: string;
beforeAll(async () => {
  stage = await ServiceStage.start();
  wine = await stage.newWindows();
  const enrolled = await stage.enrol();
  machineId = enrolled.machineId;
  writeIdentity(wine, enrolled.identity);
  const folder = join(wine.driveC, 'agent');
  installFiles(stage.release('1.0.0'), folder);
  core = wine.start(join(folder, 'guruconnect-service.exe'), ['--core', '--slot', 'none', '--console']);
});
afterAll(() => stage?.close());

const inState = (name: string) => join(stateFolder(wine), name);
const textOf = (name: string) => (existsSync(inState(name)) ? readFileSync(inState(name), 'utf8') : '');

it('brings the machine online, fetches the agent and checks in', async () => {
  await core.waitFor(/^online/m);
  await until(
    () => core.output,
    () => stage.isOnline(machineId),
  );
  await until(
    () => core.output,
    () => textOf('check-ins.log') !== '',
  );
  expect(JSON.parse(textOf('public/status.json'))).toMatchObject({
    online: true,
    version: '1.0.0',
    problem: null,
  });
});

it('needs less than 10 MB of its own while it idles', () => {
  const [process] = wine.processesNamed('guruconnect-service.exe');
  const memory = memoryOf(process?.pid ?? 0);
  expect(memory.privateBytes).toBeLessThan(10e6);
});

it('comes back by itself when the line breaks and when the server was away', async () => {
  const online = () => core.output.split('\n').filter((line) => /^online/.test(line)).length;
  stage.proxy.cut();
  await until(
    () => core.output,
    () => online() === 2,
  );
  await stage.stopServer();
  await until(
    () => core.output,
    () => JSON.parse(textOf('public/status.json')).online === false,
  );
  await stage.resume();
  await until(
    () => core.output,
    () => online() === 3,
  );
  await until(
    () => core.output,
    () => stage.isOnline(machineId),
  );
});

it('takes the newest agent where its own is gone from the server', async () => {
  await core.kill();
  rmSync(inState('check-ins.log'));
  const old = stage.release('1.0.1');
  const newer = stage.release('1.1.0');
  stage.proxy.newest = newer;
  for (const [sha256, bytes] of old.blobs) if (bytes === old.pack) stage.proxy.forget(sha256);
  const folder = join(wine.driveC, 'old-agent');
  installFiles(old, folder);
  core = wine.start(join(folder, 'guruconnect-service.exe'), ['--core', '--slot', 'none', '--console']);
  await until(
    () => core.output,
    () => textOf('check-ins.log') !== '',
  );
  const pack = [...newer.blobs].find(([, bytes]) => bytes === newer.pack)?.[0] ?? '';
  expect(existsSync(inState(`packs/${pack}`))).toBe(true);
});
