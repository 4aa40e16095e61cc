import { expect, it } from 'vitest';
import { intentOf } from './grid-keys.ts';

const plain = { shiftKey: false, ctrlKey: false, metaKey: false, altKey: false };
const LIST = { active: 5, total: 20, pageRows: 10 };
const press = (
  key: string,
  change: Partial<typeof plain> = {},
  list: Parameters<typeof intentOf>[1] = LIST,
) => intentOf({ key, ...plain, ...change }, list);

it('moves within the list and stops at its ends', () => {
  expect(press('ArrowDown')).toEqual({ kind: 'move', index: 6, extend: false });
  expect(press('ArrowUp', { shiftKey: true })).toEqual({ kind: 'move', index: 4, extend: true });
  expect(press('PageDown')).toMatchObject({ index: 15 });
  expect(press('PageUp')).toMatchObject({ index: 0 });
  expect(press('End')).toMatchObject({ index: 19 });
  expect(press('ArrowDown', {}, { ...LIST, active: 19 })).toMatchObject({ index: 19 });
  expect(press('ArrowDown', {}, { ...LIST, active: null })).toMatchObject({ index: 0 });
});

it('connects, chooses and opens the row it is at', () => {
  expect(press('Enter')).toEqual({ kind: 'connect', index: 5 });
  expect(press(' ')).toEqual({ kind: 'toggle', index: 5 });
  expect(press(' ', { shiftKey: true })).toEqual({ kind: 'select-range', index: 5 });
  expect(press('o')).toEqual({ kind: 'open', index: 5 });
  expect(press('a', { ctrlKey: true })).toEqual({ kind: 'select-all' });
  expect(press('a', { metaKey: true })).toEqual({ kind: 'select-all' });
  expect(press('Escape')).toEqual({ kind: 'escape' });
});

it('leaves other keys to the browser', () => {
  expect(press('a')).toBeUndefined();
  expect(press('c', { ctrlKey: true })).toBeUndefined();
  expect(press('ArrowLeft', { altKey: true })).toBeUndefined();
  expect(press('Enter', {}, { ...LIST, active: null })).toBeUndefined();
  expect(press('ArrowDown', {}, { active: null, total: 0, pageRows: 1 })).toBeUndefined();
});
