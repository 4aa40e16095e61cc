import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { missingPlatformPackages } from './lock-file.ts';

describe('the lock file check', () => {
  it('finds a platform binary that is named and not locked', () => {
    const lock = {
      packages: {
        'node_modules/tool': { optionalDependencies: { 'tool-linux': '1.0.0', 'tool-win32': '1.0.0' } },
        'node_modules/tool-linux': {},
      },
    };
    expect(missingPlatformPackages(lock)).toEqual([
      'node_modules/tool names tool-win32, which the lock file lacks',
    ]);
  });

  it('looks for a binary beside its package and in every folder above', () => {
    const lock = {
      packages: {
        'node_modules/a/node_modules/tool': { optionalDependencies: { 'inner-bin': '1', 'outer-bin': '1' } },
        'node_modules/a/node_modules/inner-bin': {},
        'node_modules/outer-bin': {},
      },
    };
    expect(missingPlatformPackages(lock)).toEqual([]);
  });

  it('finds nothing missing in the lock file of this repository', () => {
    const lock = JSON.parse(readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8'));
    expect(missingPlatformPackages(lock)).toEqual([]);
  });
});
