import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeDeployment, makeOneTimeExe } from './support/configure-exe.ts';
import { LauncherStage } from './support/launcher-stage.ts';

const WINDOW = 'GuruConnectStatus';
const ORIGIN = 'https://help.example.com:8443';

let stage: LauncherStage;
beforeAll(async () => {
  stage = await LauncherStage.start();
});
afterAll(() => stage.close());
afterEach(() => {
  stage.takeEvidence();
});

const deployment = makeDeployment(ORIGIN);
const oneTime = (behaviour: string) => makeOneTimeExe(stage.program, deployment, stage.pack(behaviour));
const packsThere = () =>
  readdirSync(join(stage.userData, 'packs')).filter((name) => /^[0-9a-f]{64}$/.test(name));

async function expectNothingLeft(exe: string): Promise<void> {
  await expect.poll(() => existsSync(join(stage.downloads, exe)), { timeout: 30_000 }).toBe(false);
  expect(existsSync(stage.userData)).toBe(false);
  const runOnce = await stage.wine.readKey('HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\RunOnce');
  expect([...(runOnce ?? new Map()).keys()]).toEqual([]);
}

describe('a one-time session', () => {
  it('starts the agent with the code of the file name, shows what it says, and leaves nothing', async () => {
    const exe = stage.startDownloaded('GuruConnect-847291 (1).exe', oneTime('wait'));
    await stage.window('wait', WINDOW, 'Waiting for Ada.');
    expect(await stage.window('list')).toContain("'Acme Ü Support'");
    const [pack = ''] = packsThere();
    expect(readdirSync(join(stage.userData, 'packs', pack)).sort()).toEqual(['main.mjs', 'node.exe']);
    await stage.window('press', WINDOW, 'Stop');
    expect(await exe.ended).toMatchObject({ code: 0 });
    const evidence = stage.takeEvidence();
    expect(evidence).toEqual(
      expect.arrayContaining([
        'arguments: main.mjs --one-time',
        `GURUCONNECT_SERVER=${ORIGIN}`,
        'GURUCONNECT_CODE=847291',
        'GURUCONNECT_CA_FILE=(none)',
        'NODE_OPTIONS=(none)',
        '{"type":"stop"}',
        'ended',
      ]),
    );
    expect(evidence.join('\n')).toMatch(/STATE_DIR=C:\\users\\.*\\GuruConnect\\session-847291\n/);
    await expectNothingLeft('GuruConnect-847291 (1).exe');
  });

  it('asks for a code where the file name has none, and takes it as people type it', async () => {
    const exe = stage.startDownloaded('GuruConnect.exe', oneTime('end'));
    await stage.window('type', WINDOW, '12 34');
    await stage.window('press', WINDOW, 'Connect');
    await stage.window('wait', WINDOW, 'The code has six digits.');
    await stage.window('type', WINDOW, '123 456');
    await stage.window('press', WINDOW, 'Connect');
    await stage.window('wait', WINDOW, 'Goodbye from Ada.');
    expect(await exe.ended).toMatchObject({ code: 0 });
    expect(stage.takeEvidence()).toContain('GURUCONNECT_CODE=123456');
    await expectNothingLeft('GuruConnect.exe');
  });

  it('lets a person type another code when the server refuses the first', async () => {
    const exe = stage.startDownloaded('GuruConnect-111111.exe', oneTime('refuse'));
    await stage.window('wait', WINDOW, 'This code has expired.');
    await stage.window('type', WINDOW, '222222');
    await stage.window('press', WINDOW, 'Connect');
    expect(await exe.ended).toMatchObject({ code: 0 });
    expect(stage.takeEvidence()).toContain('{"type":"code","code":"222222"}');
  });

  it('says why it failed and waits to be read; the program stays for another try', async () => {
    const exe = stage.startDownloaded('GuruConnect-333333.exe', oneTime('fail'));
    await stage.window('press', WINDOW, 'Close');
    expect(await exe.ended).toMatchObject({ code: 11 });
    expect(stage.log).toContain('failed (11): The server is too old.');
    expect(existsSync(join(stage.downloads, 'GuruConnect-333333.exe'))).toBe(true);
    expect(existsSync(join(stage.userData, 'session-333333'))).toBe(false);
  });

  it.each([
    ['crashes', 'crash'],
    ['sends what is no JSON', 'rubbish wait'],
  ])('ends when the agent %s', async (_, behaviour) => {
    const exe = stage.startDownloaded('GuruConnect-444444.exe', oneTime(behaviour), ['--quiet']);
    const { code } = await exe.ended;
    expect(code).toBe(behaviour === 'crash' ? 11 : 0);
    expect(existsSync(join(stage.userData, 'session-444444'))).toBe(false);
  });

  it('does not open the same session twice', async () => {
    const first = stage.startDownloaded('GuruConnect-555555.exe', oneTime('wait'));
    await stage.window('wait', WINDOW, 'Waiting for Ada.');
    const second = stage.startDownloaded('GuruConnect-555555 (2).exe', oneTime('wait'), ['--quiet']);
    expect(await second.ended).toMatchObject({ code: 11 });
    expect(stage.log).toContain('This session is open already.');
    await stage.window('close', WINDOW);
    expect(await first.ended).toMatchObject({ code: 0 });
  });
});

describe('what a crash leaves', () => {
  it('is removed by the next start, the agent having ended with the program', async () => {
    const crashed = stage.startDownloaded('GuruConnect-666666.exe', oneTime('wait'));
    await stage.window('wait', WINDOW, 'Waiting for Ada.');
    const runOnce = await stage.wine.readKey('HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\RunOnce');
    expect([...(runOnce ?? [])]).toEqual([
      [
        'GuruConnect session-666666',
        expect.stringMatching(/^".*GuruConnect-666666.exe" --cleanup ".*session-666666"$/),
      ],
    ]);
    await crashed.kill();
    await expect.poll(() => stage.wine.processesNamed('node.exe')).toEqual([]);
    expect(existsSync(join(stage.userData, 'session-666666', 'agent.log'))).toBe(true);
    const next = stage.startDownloaded('GuruConnect-777777.exe', oneTime('end'), ['--quiet']);
    // The log is gone when all went well, and says why when not.
    const { code } = await next.ended;
    expect({ code, log: stage.log }).toEqual({ code: 0, log: '' });
    await expectNothingLeft('GuruConnect-777777.exe');
  });

  it('is removed by `--cleanup`, which touches nothing else', async () => {
    const left = join(stage.userData, 'session-888888');
    mkdirSync(left, { recursive: true });
    writeFileSync(join(left, 'agent.log'), 'old');
    const other = join(stage.wine.driveC, 'precious');
    writeFileSync(other, 'precious');
    const exe = stage.startDownloaded('GuruConnect-888888.exe', oneTime('end'), [
      '--cleanup',
      'C:\\precious',
    ]);
    expect(await exe.ended).toMatchObject({ code: 0 });
    expect(existsSync(left)).toBe(false);
    expect(readFileSync(other, 'utf8')).toBe('precious');
  });
});
