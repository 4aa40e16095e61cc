import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { buildNative } from '../build.mjs';
import { loadNativeAddon } from '../load-addon.ts';

it('finds the addon where the build puts it', async () => {
  const { addon } = await buildNative();
  expect(loadNativeAddon().version).toMatch(/^\d+\.\d+\.\d+/);
  expect(loadNativeAddon({ searchDirs: ['/nowhere', path.dirname(addon)] }).openCapture).toBeTypeOf(
    'function',
  );
}, 120_000);

it('does not compile what is built already', async () => {
  await buildNative();
  const lines: string[] = [];
  const started = performance.now();
  await buildNative({ log: (line) => lines.push(line) });
  expect(lines).toEqual(['gc_native.node is up to date']);
  expect(performance.now() - started).toBeLessThan(2000);
}, 120_000);

it('says what to do when there is no addon, or one that cannot be loaded', () => {
  expect(() => loadNativeAddon({ searchDirs: ['/nowhere'] })).toThrow(
    'build it with node agent/native/build.mjs',
  );
  const dir = mkdtempSync(path.join(tmpdir(), 'gc-native-'));
  writeFileSync(path.join(dir, 'gc_native.node'), 'not a library');
  expect(() => loadNativeAddon({ searchDirs: [dir] })).toThrow(/cannot be loaded: .*file too short/);
  rmSync(dir, { recursive: true });
});
