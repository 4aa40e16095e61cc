import { expect, test } from 'vitest';
import { HeldKeys } from './held-keys.ts';

test('a release gives the key that the press went to', () => {
  const held = new HeldKeys();
  held.press(4, 38);
  expect(held.release(4)).toBe(38);
  expect(held.release(4)).toBe(0);
});

test('a remote key belongs to the last of two that pressed it', () => {
  const held = new HeldKeys();
  held.press(0x24, 61);
  held.press(0x38, 61);
  expect(held.release(0x24)).toBe(0);
  expect(held.keycodes()).toEqual([61]);
  expect(held.release(0x38)).toBe(61);
});

test('a swallowed key is held without a remote key', () => {
  const held = new HeldKeys();
  held.press(0xe6, 0);
  expect(held.keycodeOf(0xe6)).toBe(0);
  expect(held.usages()).toEqual([0xe6]);
  expect(held.keycodes()).toEqual([]);
});
