import { USAGE_OF_CODE } from '@guruconnect/shared';
import { expect, test } from 'vitest';
import { keycodeOfUsage } from './hid-to-evdev.ts';

test('every key of the wire has a keycode of its own', () => {
  const keycodes = Object.values(USAGE_OF_CODE).map(keycodeOfUsage);
  expect(keycodes.every((keycode) => keycode >= 9 && keycode <= 255)).toBe(true);
  expect(new Set(keycodes).size).toBe(keycodes.length);
});

test('keycodes are those of the evdev rules', () => {
  expect(keycodeOfUsage(USAGE_OF_CODE.KeyA)).toBe(38);
  expect(keycodeOfUsage(USAGE_OF_CODE.IntlBackslash)).toBe(94);
  expect(keycodeOfUsage(USAGE_OF_CODE.IntlRo)).toBe(97);
  expect(keycodeOfUsage(USAGE_OF_CODE.AltRight)).toBe(108);
  expect(keycodeOfUsage(USAGE_OF_CODE.F13)).toBe(191);
});

test('usages without a key have none', () => {
  expect(keycodeOfUsage(0)).toBe(0);
  expect(keycodeOfUsage(0x32)).toBe(0);
  expect(keycodeOfUsage(0xffff)).toBe(0);
});
