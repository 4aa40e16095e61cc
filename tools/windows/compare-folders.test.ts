import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { compareFolders } from './compare-folders.ts';

let root: string;
let left: string;
let right: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'guruconnect-compare-test-'));
  left = join(root, 'left');
  right = join(root, 'right');
  for (const folder of [left, right]) {
    mkdirSync(join(folder, 'below'), { recursive: true });
    writeFileSync(join(folder, 'below', 'same'), 'same');
  }
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

it('finds nothing where names and bytes are the same', () => {
  expect(compareFolders(left, right)).toEqual([]);
});

it('names what is missing and what differs, and from where on', () => {
  writeFileSync(join(left, 'a'), 'only here');
  writeFileSync(join(right, 'z'), 'only there');
  writeFileSync(join(left, 'below', 'program'), 'built at 10:00');
  writeFileSync(join(right, 'below', 'program'), 'built at 11:00 ');
  expect(compareFolders(left, right)).toEqual([
    `a: only in ${left}`,
    'below/program: 14 and 15 bytes, different from byte 10 on',
    `z: only in ${right}`,
  ]);
});

it('looks into archives that differ', () => {
  for (const [folder, text] of [
    [left, 'one'],
    [right, 'two'],
  ] as const) {
    writeFileSync(join(folder, 'inside'), text);
    execFileSync('tar', ['-cJf', 'pack.tar.xz', '--mtime=@0', 'inside', 'below/same'], { cwd: folder });
    rmSync(join(folder, 'inside'));
  }
  expect(compareFolders(left, right)).toEqual([
    expect.stringMatching(/^pack\.tar\.xz: \d+ and \d+ bytes, different from byte \d+ on$/),
    '  in pack.tar.xz: inside: 3 and 3 bytes, different from byte 0 on',
  ]);
});
