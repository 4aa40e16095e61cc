import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assertSignable } from './sign-file.ts';

describe('what the signer signs', () => {
  const root = mkdtempSync(join(tmpdir(), 'gc-signable-'));
  const folder = join(root, 'releases');
  const inside = join(folder, 'sets', 'program.exe');

  beforeAll(() => {
    mkdirSync(join(folder, 'sets'), { recursive: true });
    mkdirSync(join(root, 'elsewhere'));
    writeFileSync(inside, 'MZ and more');
    writeFileSync(join(folder, 'sets', 'text'), 'not a program');
    writeFileSync(join(root, 'elsewhere', 'program.exe'), 'MZ and more');
    symlinkSync(join(root, 'elsewhere'), join(folder, 'link'));
    symlinkSync(join(root, 'elsewhere', 'program.exe'), join(folder, 'sets', 'link.exe'));
  });
  afterAll(() => rmSync(root, { recursive: true }));

  it('is a program in its folder', async () => {
    await expect(assertSignable(inside, folder)).resolves.toBeUndefined();
  });

  it.each([
    'elsewhere/program.exe',
    'releases/link/program.exe',
    'releases/sets/../../elsewhere/program.exe',
  ])('is not %s, which lies elsewhere', async (path) => {
    await expect(assertSignable(join(root, path), folder)).rejects.toThrow('not in the folder');
    await expect(assertSignable(`${root}/${path}`, folder)).rejects.toThrow('not in the folder');
  });

  it('is nothing but programs and MSI files', async () => {
    await expect(assertSignable(join(folder, 'sets', 'text'), folder)).rejects.toThrow('neither');
  });
});
