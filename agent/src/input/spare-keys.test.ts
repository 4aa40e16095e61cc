import { expect, test } from 'vitest';
import { SpareKeys } from './spare-keys.ts';

const NONE = new Set<number>();

test('a key waits until applications know its character before it is pressed', () => {
  const spares = new SpareKeys([248, 230]);
  expect(spares.take(0xe9, 0, NONE)).toEqual({ keycode: 248 });
  expect(spares.readyInMs(248, 10)).toBe(40);
  expect(spares.readyInMs(248, 60)).toBe(0);
  expect(spares.readyInMs(38, 10)).toBe(0);
  expect(spares.take(0xea, 2, NONE)).toEqual({ keycode: 230 });
});

test('the least recently used key is taken back, but not before applications have read its character', () => {
  const spares = new SpareKeys([248, 230]);
  spares.take(1000, 0, NONE);
  spares.take(1001, 10, NONE);
  spares.touch(248, 100);
  expect(spares.take(1002, 110, NONE)).toEqual({ waitMs: 200 });
  expect(spares.take(1002, 310, NONE)).toEqual({ keycode: 230 });
});

test('a key that is down is not taken', () => {
  const spares = new SpareKeys([248]);
  spares.take(1000, 0, NONE);
  expect(spares.take(1001, 1000, new Set([248]))).toBeUndefined();
});

test('a new keymap takes away lent keys that it changed and brings its own unused ones', () => {
  const spares = new SpareKeys([248, 230]);
  spares.take(1000, 0, NONE);
  spares.take(1001, 0, NONE);
  spares.refresh([220, 8], (keycode) => keycode === 230);
  expect(spares.lent().map(({ keycode }) => keycode)).toEqual([230]);
  expect(spares.take(1000, 1, NONE)).toEqual({ keycode: 220 });
});

test('a keymap without unused keys lends none', () => {
  expect(new SpareKeys([]).take(1000, 0, NONE)).toBeUndefined();
});
