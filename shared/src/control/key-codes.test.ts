import { expect, it } from 'vitest';
import { USAGE_OF_CODE, usageOfCode } from './key-codes.ts';

it('names physical keys by their USB HID usage', () => {
  expect(usageOfCode('KeyA')).toBe(0x04);
  expect(usageOfCode('IntlBackslash')).toBe(0x64);
  expect(usageOfCode('AltRight')).toBe(0xe6);
});

it('answers 0 for unknown codes and for names of Object.prototype', () => {
  expect(usageOfCode('Fn')).toBe(0);
  expect(usageOfCode('toString')).toBe(0);
});

it('gives every key a usage of its own', () => {
  const usages = Object.values(USAGE_OF_CODE);
  expect(new Set(usages).size).toBe(usages.length);
});
