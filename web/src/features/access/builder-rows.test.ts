import { parseMachineQuery, printMachineQuery } from '@guruconnect/shared';
import { expect, it } from 'vitest';
import { type BuilderRow, queryOf, rowsOf, splitValues } from './builder-rows.ts';

function parse(text: string) {
  const parsed = parseMachineQuery(text);
  if (!parsed.ok) throw new Error(parsed.problem.message);
  return parsed.query;
}

it.each([
  'os:windows company:glaz* offline>30d user:jsmith "front desk" -tag:test,spare',
  'is:online -is:outdated seen<90m booted<10m',
  'prop.asset-no:17,"eighteen, or so" -prop.lease:ended',
  'site:"" company:"Häuser, Söhne & Co"',
  'offline>1y accessed<2w installed>36h',
])('takes a query apart into lines and puts it together again: %s', (text) => {
  const query = parse(text);
  expect(queryOf(rowsOf(query))).toEqual(query);
  expect(parse(printMachineQuery(queryOf(rowsOf(query))))).toEqual(query);
});

it('leaves out lines that say nothing yet', () => {
  const rows: BuilderRow[] = [
    { kind: 'text', field: 'company', not: false, text: '  , ' },
    { kind: 'words', not: false, text: ' ' },
    { kind: 'property', key: '', not: false, text: 'x' },
    { kind: 'age', field: 'seen', not: false, than: 'less', amount: '0', unit: 'd' },
    { kind: 'text', field: 'no-such-field', not: false, text: 'x' },
    { kind: 'flag', flag: 'online', not: true },
  ];
  expect(printMachineQuery(queryOf(rows))).toBe('-is:online');
});

it('shows an age in the largest unit that it is a whole number of', () => {
  expect(rowsOf(parse('seen<48h'))[0]).toMatchObject({ amount: '2', unit: 'd' });
  expect(rowsOf(parse('seen<36h'))[0]).toMatchObject({ amount: '36', unit: 'h' });
  expect(rowsOf(parse('offline>730d'))[0]).toMatchObject({ amount: '2', unit: 'y' });
});

it('reads several values from one field of text', () => {
  expect(splitValues('a, b c ,d')).toEqual(['a', 'b c', 'd']);
  expect(splitValues('"a, b", c')).toEqual(['a, b', 'c']);
  expect(splitValues('""')).toEqual(['']);
  expect(splitValues('')).toEqual([]);
});
