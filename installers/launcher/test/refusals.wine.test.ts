import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  configureExe,
  makeDeployment,
  makeOneTimeExe,
  sha256,
  signManifest,
  type TestDeployment,
} from './support/configure-exe.ts';
import { LauncherStage } from './support/launcher-stage.ts';
import { ReleaseServer } from './support/release-server.ts';

let stage: LauncherStage;
beforeAll(async () => {
  stage = await LauncherStage.start();
});
afterAll(() => stage.close());
afterEach(() => {
  stage.takeEvidence();
});

const deployment = makeDeployment('https://help.example.com');

/** Each its own: the file of one that went well is deleted a moment after. */
let runs = 0;
function freshName(): string {
  runs += 1;
  return `GuruConnect-${100_000 + runs}.exe`;
}

/** Runs a program without a window; its exit code, what its log says, and whether an agent ran. */
async function refuse(exe: Buffer, name = freshName(), args: readonly string[] = []) {
  const { code } = await stage.startDownloaded(name, exe, ['--quiet', ...args]).ended;
  const reason = /failed \(\d+\): (.*)\r\n$/.exec(stage.log)?.[1];
  return { code, reason, agent: stage.takeEvidence() };
}

/** As a server makes it, but with other bytes in one place. */
function altered(change: (parts: { manifest: Buffer; signature: Buffer; pack: Buffer }) => void): Buffer {
  const pack = Buffer.from(stage.pack('end'));
  const parts = { ...signManifest(deployment.key, pack), pack };
  change(parts);
  return configureExe(stage.program, { config: JSON.stringify(deployment.config), ...parts });
}

describe('a program that is not as its server made it', () => {
  it('says so when no server made it', async () => {
    expect(await refuse(stage.program)).toEqual({
      code: 2,
      reason: 'This program was not made by a GuruConnect server.',
      agent: [],
    });
  });

  it('says it in a window where somebody looks', async () => {
    const exe = stage.startDownloaded('GuruConnect-847291.exe', stage.program);
    await stage.window('wait', '#32770', 'This program was not made by a GuruConnect server.');
    await stage.window('press', '#32770', 'OK');
    expect(await exe.ended).toMatchObject({ code: 2 });
  });

  it.each([
    ['is rubbish', 'not JSON'],
    ['names no server', JSON.stringify({ ...deployment.config, origin: 'file:///c:/' })],
    ['has no key', JSON.stringify({ ...deployment.config, releaseKey: 'AAAA' })],
  ])('does not start when its configuration %s', async (_, config) => {
    const pack = stage.pack('end');
    const exe = configureExe(stage.program, { config, ...signManifest(deployment.key, pack), pack });
    expect(await refuse(exe)).toMatchObject({ code: 2, agent: [] });
  });

  it.each([
    [
      'the signature',
      4,
      (parts: { signature: Buffer }) => parts.signature.writeUInt8(parts.signature.readUInt8(9) ^ 1, 9),
    ],
    [
      'the manifest',
      4,
      (parts: { manifest: Buffer }) => parts.manifest.write('9', parts.manifest.indexOf('0.1.0')),
    ],
    ['the pack', 5, (parts: { pack: Buffer }) => parts.pack.writeUInt8(parts.pack.readUInt8(999) ^ 1, 999)],
    ['the length of the pack', 5, (parts: { pack: Buffer }) => (parts.pack = parts.pack.subarray(0, -4))],
  ])('does not start when %s was changed', async (_, code, change) => {
    const result = await refuse(altered(change));
    expect(result).toMatchObject({ code, agent: [] });
    expect(result.reason).toMatch(/Download it again/);
    expect(existsSync(join(stage.userData, 'packs'))).toBe(false);
  });

  it('does not believe the signature of another deployment', async () => {
    const exe = altered((parts) =>
      Object.assign(parts, signManifest(makeDeployment('https://x').key, parts.pack)),
    );
    expect(await refuse(exe)).toMatchObject({ code: 4, agent: [] });
  });
});

describe('an archive that means harm', () => {
  const evil = Buffer.from('evil');
  const names = [
    '../evil.txt',
    '..\\evil.txt',
    'a/../../../evil.txt',
    'C:\\evil.txt',
    'C:/evil.txt',
    '/evil.txt',
  ];
  it.each([
    ...[...names, '\\\\localhost\\c$\\evil.txt', 'CON', 'a/nul.txt', 'com1.log', 'x:stream', 'a/./evil.txt'],
    ...['evil.txt.', 'evil .txt', `${'long/'.repeat(45)}evil.txt`, 'evil\u0001.txt', ''],
  ])('with the name %j is refused, and nothing stays of it', async (name) => {
    const before = new Set(readdirSync(stage.wine.driveC));
    const pack = stage.pack('end', [{ name, bytes: evil }]);
    const result = await refuse(makeOneTimeExe(stage.program, deployment, pack));
    expect(result).toMatchObject({ code: 6, agent: [] });
    expect(existsSync(join(stage.userData, 'packs', sha256(pack)))).toBe(false);
    expect(readdirSync(stage.wine.driveC).filter((entry) => !before.has(entry))).toEqual([]);
    expect(filesNamed('evil')).toEqual([]);
  });

  it.each([
    ['a link', '2'],
    ['a hard link', '1'],
    ['a device', '3'],
  ])('with %s is refused', async (_, type) => {
    const pack = stage.pack('end', [{ name: 'harmless', bytes: Buffer.alloc(0), type }]);
    expect(await refuse(makeOneTimeExe(stage.program, deployment, pack))).toMatchObject({
      code: 6,
      agent: [],
    });
  });

  it('with the same name twice is refused', async () => {
    const pack = stage.pack('end', [{ name: 'NODE.exe', bytes: evil }]);
    expect((await refuse(makeOneTimeExe(stage.program, deployment, pack))).code).toBe(10);
  });

  function filesNamed(part: string): string[] {
    return readdirSync(join(stage.wine.driveC, 'users'), { recursive: true })
      .map(String)
      .filter((file) => file.includes(part));
  }
});

describe('what a link or a name may carry', () => {
  it.each([
    ['--url', 'guruconnect://session/847291?x=1'],
    ['--url', 'guruconnect://session/847291" --cleanup "C:\\'],
    ['--url', 'https://evil.example/847291'],
    ['--code', '1234567'],
    ['--unknown', 'x'],
    ['--panel', ''],
  ])('%s %j is refused', async (...args) => {
    const exe = makeOneTimeExe(stage.program, deployment, stage.pack('end'));
    const words = args.filter(Boolean);
    expect(await refuse(exe, 'GuruConnect.exe', words)).toMatchObject({ code: 3, agent: [] });
  });

  it('takes the digits of a link, and the program stays', async () => {
    const exe = stage.startDownloaded(
      'GuruConnect.exe',
      makeOneTimeExe(stage.program, deployment, stage.pack('end')),
      [...['--quiet', '--url', 'guruconnect://session/135790']],
    );
    expect(await exe.ended).toMatchObject({ code: 0 });
    expect(stage.takeEvidence()).toContain('GURUCONNECT_CODE=135790');
    expect(existsSync(join(stage.downloads, 'GuruConnect.exe'))).toBe(true);
  });

  it('takes no code from a name full of odd characters', async () => {
    const exe = makeOneTimeExe(stage.program, deployment, stage.pack('end'));
    const result = await refuse(
      exe,
      `GuruConnect-${'٨٤٧٢٩١'} ＆ (1) 日本語 %PATH% !x! '${'a'.repeat(60)}.exe`,
    );
    expect(result).toMatchObject({ code: 3, agent: [] });
    expect(result.reason).toContain('A code of six digits is needed');
  });
});

describe('the small form', () => {
  let server: ReleaseServer;
  afterEach(() => server.close());

  const small = (to: TestDeployment, pack: Buffer) => makeOneTimeExe(stage.program, to, pack, 'small');

  it('fetches its pack and goes on with a download that was interrupted', async () => {
    server = await ReleaseServer.start();
    const to = makeDeployment(server.origin);
    const pack = stage.pack('end');
    const path = `/download/release/blob/${sha256(pack)}`;
    server.files.set(path, pack);
    server.cutAfter = 5000;
    expect(await refuse(small(to, pack))).toMatchObject({ code: 8, agent: [] });
    const [part = ''] = readdirSync(join(stage.userData, 'packs')).filter((name) => name.endsWith('.part'));
    const there = statSync(join(stage.userData, 'packs', part)).size;
    expect(there).toBeGreaterThan(0);
    const result = await refuse(small(to, pack));
    expect(result).toMatchObject({ code: 0 });
    expect(result.agent).toContain('ended');
    expect(server.requests).toEqual([path, `${path} bytes=${there}-`]);
    expect(existsSync(stage.userData)).toBe(false);
  });

  it('starts anew where the server cannot continue', async () => {
    server = await ReleaseServer.start();
    const pack = stage.pack('end');
    server.files.set(`/download/release/blob/${sha256(pack)}`, pack);
    server.cutAfter = 5000;
    server.ignoresRange = true;
    const exe = small(makeDeployment(server.origin), pack);
    expect((await refuse(exe)).code).toBe(8);
    expect((await refuse(exe)).code).toBe(0);
  });

  it.each([
    ['other bytes', (pack: Buffer) => Buffer.from(pack).fill(1, 100, 200)],
    ['more bytes', (pack: Buffer) => Buffer.concat([pack, Buffer.alloc(9)])],
  ])('refuses %s than were announced', async (_, change) => {
    server = await ReleaseServer.start();
    const pack = stage.pack('end');
    server.files.set(`/download/release/blob/${sha256(pack)}`, change(pack));
    expect(await refuse(small(makeDeployment(server.origin), pack))).toMatchObject({ code: 5, agent: [] });
  });

  it("passes the server's own words on", async () => {
    server = await ReleaseServer.start();
    expect(await refuse(small(makeDeployment(server.origin), stage.pack('end')))).toMatchObject({
      code: 9,
      reason: 'The server says: This download does not exist.',
    });
  });

  it('says that the server cannot be reached', async () => {
    // A port that no test listens at; one that was free just now may be another's by then.
    const deployment = makeDeployment('http://localhost:1');
    expect(await refuse(small(deployment, stage.pack('end')))).toMatchObject({
      code: 8,
      reason: expect.stringContaining('localhost cannot be reached'),
    });
  });

  it('takes nothing from a server that nobody vouches for, and trusts the authority it was given', async () => {
    server = await ReleaseServer.start({ secure: true });
    const pack = stage.pack('end');
    server.files.set(`/download/release/blob/${sha256(pack)}`, pack);
    expect(await refuse(small(makeDeployment(server.origin), pack))).toMatchObject({
      code: 7,
      reason: expect.stringContaining('does not trust the certificate of localhost'),
    });
    expect(server.requests).toEqual([]);
    const other = await ReleaseServer.start({ secure: true });
    expect(await refuse(small(makeDeployment(server.origin, other.authority), pack))).toMatchObject({
      code: 7,
      agent: [],
    });
    await other.close();
    const result = await refuse(small(makeDeployment(server.origin, server.authority), pack));
    expect(result).toMatchObject({ code: 0 });
    expect(result.agent.join('\n')).toMatch(/CA_FILE=C:\\.*\\session-\d+\\ca.pem/);
  });
});
