import { expect, it } from 'vitest';
import { compareVersions } from './compare-versions.ts';

it.each([
  ['0.9.0', '0.10.0'],
  ['1.2', '1.2.1'],
  ['1.9.9', '2.0.0'],
  ['2.0.0-rc.1', '2.0.0'],
  ['2.0.0-rc.2', '2.0.0-rc.10'],
  ['2.0.0-alpha', '2.0.0-beta'],
  ['', '0.0.1'],
  ["'; DROP TABLE machines; --", '0.0.1'],
  ['9'.repeat(40), '0.0.1'],
])('%s is older than %s', (older, newer) => {
  expect(compareVersions(older, newer)).toBeLessThan(0);
  expect(compareVersions(newer, older)).toBeGreaterThan(0);
});

it.each([
  ['1.2', '1.2.0'],
  ['v1.2.3', '1.2.3'],
  ['1.2.3+linux', '1.2.3'],
  ['', 'no version'],
])('%s is as new as %s', (left, right) => {
  expect(compareVersions(left, right)).toBe(0);
});
