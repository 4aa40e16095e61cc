import { expect, it } from 'vitest';
import { makeMachineRow } from '../../../test/support/make-machine-row.ts';
import { COLUMNS, chosenColumns, savedColumns, seenText } from './columns.tsx';

it('shows the usual columns to somebody who chose none, the name always first', () => {
  expect(chosenColumns([]).map(({ key }) => key)).toEqual([
    'name',
    'company',
    'site',
    'user',
    'seenAt',
    'os',
    'tags',
  ]);
  expect(chosenColumns([{ key: 'tags', width: 90 }]).map(({ key }) => key)).toEqual(['name', 'tags']);
});

it('brings order and widths back, within bounds, and leaves out what it does not know', () => {
  const columns = chosenColumns([
    { key: 'name', width: 300 },
    { key: 'user', width: 41 },
    { key: 'from-a-newer-version', width: 100 },
    { key: 'company', width: 1999 },
  ]);
  expect(savedColumns(columns)).toEqual([
    { key: 'name', width: 300 },
    { key: 'user', width: 60 },
    { key: 'company', width: 800 },
  ]);
});

it('has a text for every column of a machine that nothing is known of', () => {
  const row = makeMachineRow(1, { online: false, seenAt: null });
  for (const column of COLUMNS) expect(typeof column.text(row, 5_000), column.key).toBe('string');
  expect(seenText(row, 5_000)).toBe('Never');
});
