import { expect, test } from 'vitest';
import { codePointOfKeysym, isModifierKeysym, keysymOfCodePoint } from './keysyms.ts';

test.each([
  ['a', 0x61],
  ['ß', 0xdf],
  ['€', 0x20ac],
  ['ж', 0x6d6],
  ['Ω', 0x7d9],
  ['ł', 0x1b3],
  ['ſ', 0x0100017f],
  ['漢', 0x01006f22],
  ['👍', 0x0101f44d],
])('%s and its keysym turn into each other', (character, keysym) => {
  const codePoint = character.codePointAt(0) ?? 0;
  expect(keysymOfCodePoint(codePoint)).toBe(keysym);
  expect(codePointOfKeysym(keysym)).toBe(codePoint);
});

test('both spellings of a keysym are the same character', () => {
  expect(codePointOfKeysym(0x010020ac)).toBe(0x20ac);
});

test('keypad keysyms are characters where they type one', () => {
  expect(codePointOfKeysym(0xffb1)).toBe('1'.charCodeAt(0));
  expect(codePointOfKeysym(0xffaf)).toBe('/'.charCodeAt(0));
  expect(codePointOfKeysym(0xffbd)).toBe('='.charCodeAt(0));
  expect(codePointOfKeysym(0xff9c)).toBe(0);
  expect(codePointOfKeysym(0xff8d)).toBe(0);
});

test('dead keys, functions and modifiers are no characters', () => {
  for (const keysym of [0xfe51, 0xff0d, 0xffe1, 0xfe03, 0]) expect(codePointOfKeysym(keysym)).toBe(0);
  expect(isModifierKeysym(0xffe1)).toBe(true);
  expect(isModifierKeysym(0xff0d)).toBe(false);
});
