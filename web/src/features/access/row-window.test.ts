import { expect, it } from 'vitest';
import { machineIdOf, makeMachineRow } from '../../../test/support/make-machine-row.ts';
import { RowWindow } from './row-window.ts';

const rows = (from: number, count: number) =>
  Array.from({ length: count }, (_none, place) => makeMachineRow(from + place));

it('holds the pages that came and knows which others are missing', () => {
  const window = new RowWindow();
  window.put(0, rows(0, 10), 35);
  window.put(20, rows(20, 10), 35);
  expect(window.total).toBe(35);
  expect(window.rowAt(25)?.name).toBe('PC-00025');
  expect(window.rowAt(15)).toBeUndefined();
  expect(window.missingPages(0, 34, 10)).toEqual([10, 30]);
  expect(window.missingPages(2, 9, 10)).toEqual([]);
  expect(window.missingPages(-5, 500, 10)).toEqual([10, 30]);
});

it('changes rows in their places and keeps out those that are older', () => {
  const window = new RowWindow();
  window.put(0, [makeMachineRow(1, { version: 5 }), makeMachineRow(2)], 2);
  expect(window.replace([makeMachineRow(1, { version: 4, name: 'old' })])).toBe(false);
  expect(window.replace([makeMachineRow(3, { version: 9 })])).toBe(false);
  expect(window.replace([makeMachineRow(1, { version: 6, online: false })])).toBe(true);
  expect(window.rowAt(0)).toMatchObject({ version: 6, online: false });
  expect(window.rowAt(1)?.name).toBe('PC-00002');
});

it('keeps a row that is newer than the page that comes in late', () => {
  const window = new RowWindow();
  window.put(0, [makeMachineRow(1, { version: 7 })], 1);
  window.put(0, [makeMachineRow(1, { version: 6, name: 'late' })], 1);
  expect(window.rowAt(0)).toMatchObject({ version: 7, name: 'PC-00001' });
});

it('moves up what stands below rows that go, holes too', () => {
  const window = new RowWindow();
  window.put(0, rows(0, 2), 6);
  window.put(4, rows(4, 2), 6);
  const left = window.without(new Set([machineIdOf(1)]));
  expect(left.without(new Set([machineIdOf(1)]))).toBe(left);
  expect(left.total).toBe(5);
  expect(left.indexOf(machineIdOf(4))).toBe(3);
  expect(left.missingPages(0, 4, 5)).toEqual([0]);
  expect(left.idsBetween(0, 4)).toEqual([0, 4, 5].map(machineIdOf));
  expect(window.total).toBe(6);
});

it('gets as short as the server says', () => {
  const window = new RowWindow();
  window.put(0, rows(0, 10), 30);
  window.put(0, rows(0, 3), 3);
  expect(window.total).toBe(3);
  expect(window.indexOf(machineIdOf(5))).toBeUndefined();
});
