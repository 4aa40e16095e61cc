import { describe, expect, it } from 'vitest';
import { MAX_QUERY_LENGTH, MAX_QUERY_TERMS, type QueryTerm } from '../machine-query.ts';
import { SMART_GROUPS } from '../smart-groups.ts';
import { parseMachineQuery } from './parse-machine-query.ts';
import { printMachineQuery } from './print-machine-query.ts';
import { AGE_UNITS, parseAge, printAge } from './query-age.ts';
import { QUERY_FIELDS, QUERY_FLAGS } from './query-fields.ts';

const DAY = 24 * 3_600_000;

function termsOf(text: string): readonly QueryTerm[] {
  const parsed = parseMachineQuery(text);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.problem.message}`);
  return parsed.query.terms;
}
const word = (text: string, not = false) => ({ kind: 'word', text, not });
const field = (name: string, values: string[], not = false) => ({ kind: 'text', field: name, values, not });

describe('parseMachineQuery', () => {
  it('reads the example of the documentation', () => {
    expect(termsOf('os:windows company:glaz* offline>30d user:jsmith "front desk" -tag:test,spare')).toEqual([
      field('os', ['windows']),
      field('company', ['glaz*']),
      { kind: 'age', field: 'offline', than: 'more', ms: 30 * DAY, not: false },
      field('user', ['jsmith']),
      word('front desk'),
      field('tag', ['test', 'spare'], true),
    ]);
  });

  it('ends a value at a blank, unless it is in quotes', () => {
    expect(termsOf('os:windows 11')).toEqual([field('os', ['windows']), word('11')]);
    expect(termsOf('os:"windows 11"')).toEqual([field('os', ['windows 11'])]);
  });

  it.each<[string, unknown[]]>([
    ['', []],
    ['   \t\n ', []],
    ['a  b', [word('a'), word('b')]],
    ['-a', [word('a', true)]],
    ['a - b', [word('a'), word('-'), word('b')]],
    ['--a', [word('-a', true)]],
    ['“front  desk”', [word('front desk')]],
    ['"say \\"hi\\" \\\\ c:\\x"', [word('say "hi" \\ c:\\x')]],
    ['CORP\\jsmith', [word('CORP\\jsmith')]],
    ['19"', [word('19"')]],
    ['"a:b"', [word('a:b')]],
    ['00:1A:2b:3c:4d:5e', [word('00:1A:2b:3c:4d:5e')]],
    ['de:ad:be:ef:00:01', [word('de:ad:be:ef:00:01')]],
    ['fe80::1 ::1', [word('fe80::1'), word('::1')]],
    ['https://x.example/a', [word('https://x.example/a')]],
    ['12:30', [word('12:30')]],
    ['HOSTNAME:Dev dept:"a b",c', [field('host', ['Dev']), field('department', ['a b', 'c'])]],
    ['site:""', [field('site', [''])]],
    ['tag:"a,b",c', [field('tag', ['a,b', 'c'])]],
    ['user:o"brien', [field('user', ['o"brien'])]],
    ['a\u0000b', [word('a'), word('b')]],
    [
      'is:Online -is:removed',
      [
        { kind: 'flag', flag: 'online', not: false },
        { kind: 'flag', flag: 'removed', not: true },
      ],
    ],
    ['prop.Asset.No:12*,"x y"', [{ kind: 'property', key: 'Asset.No', values: ['12*', 'x y'], not: false }]],
    ['checkin<=24h', [{ kind: 'age', field: 'checkin', than: 'less', ms: DAY, not: false }]],
  ])('reads %j', (text, expected) => {
    expect(termsOf(text)).toEqual(expected);
  });

  it.each<[string, number, number, RegExp]>([
    ['a "open', 2, 5, /not closed/],
    ['"a"b', 3, 1, /space after the closing quote/],
    ['x ""', 2, 2, /nothing between/],
    ['x hots:a', 2, 4, /no field “hots”/],
    ['comp:a', 0, 4, /Did you mean “company”/],
    ['tag: x', 0, 4, /missing right after/],
    ['tag:a,, b', 0, 6, /after the comma/],
    ['x name>5d', 2, 5, /has no age/],
    ['offline:30d', 0, 8, /offline<7d or offline>7d/],
    ['offline>30', 8, 2, /An age is/],
    ['offline>0d', 8, 2, /An age is/],
    ['offline>101y', 8, 4, /An age is/],
    ['offline>', 0, 8, /An age is/],
    ['is:ill', 3, 3, /no “is:ill”.*online/],
    ['is:online,flagged', 3, 14, /no “is:/],
    ['is:', 0, 3, /Is what/],
    ['prop.:x', 0, 5, /cannot be the name/],
    ['prop.a<5d', 0, 7, /no age/],
    ['a<b', 0, 1, /no field “a”/],
  ])('says where and why %j is no query', (text, at, length, message) => {
    const parsed = parseMachineQuery(text);
    expect(parsed).toMatchObject({ ok: false, problem: { at, length } });
    if (!parsed.ok) expect(parsed.problem.message).toMatch(message);
  });

  it('refuses what is too long or has too many terms', () => {
    expect(parseMachineQuery('x'.repeat(MAX_QUERY_LENGTH)).ok).toBe(true);
    expect(parseMachineQuery('x'.repeat(MAX_QUERY_LENGTH + 1))).toMatchObject({
      ok: false,
      problem: { at: 500 },
    });
    expect(parseMachineQuery('x '.repeat(MAX_QUERY_TERMS)).ok).toBe(true);
    expect(parseMachineQuery('x '.repeat(MAX_QUERY_TERMS + 1))).toMatchObject({
      ok: false,
      problem: { at: 60 },
    });
  });

  it('reads every smart group, every name and alias of a field, and every flag', () => {
    for (const { query } of SMART_GROUPS) expect(termsOf(query)).toHaveLength(1);
    for (const { flag } of QUERY_FLAGS)
      expect(termsOf(`is:${flag}`)).toEqual([{ kind: 'flag', flag, not: false }]);
    for (const { name, aliases, kind } of QUERY_FIELDS) {
      for (const spelling of [name, ...aliases]) {
        const [term] = termsOf(kind === 'age' ? `${spelling}>2d` : `${spelling}:x`);
        expect(term).toMatchObject({ kind, field: name });
      }
    }
  });
});

describe('ages', () => {
  it.each([
    ['10m', 600_000],
    ['24h', DAY],
    ['7d', 7 * DAY],
    ['2w', 14 * DAY],
    ['30D', 30 * DAY],
    ['1y', 365 * DAY],
  ])('%s is so many milliseconds', (text, ms) => expect(parseAge(text)).toBe(ms));

  it.each(['', '7', 'd', '-1d', '1.5d', '1 d', '1dd', '9999999999d', '1x', '٣d'])('%j is none', (text) => {
    expect(parseAge(text)).toBeUndefined();
  });

  it('are printed so that they are read the same', () => {
    for (const { ms } of AGE_UNITS) {
      for (const count of [1, 2, 23, 24, 30, 51, 52, 59, 60, 90]) {
        if (ms * count <= 100 * 365 * DAY) expect(parseAge(printAge(ms * count))).toBe(ms * count);
      }
    }
    expect([printAge(DAY), printAge(30 * DAY), printAge(365 * DAY)]).toEqual(['1d', '30d', '1y']);
  });
});

/** Mulberry32: the same texts on every run. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe('any text', () => {
  const PIECES = [
    ...[
      '"',
      '“',
      '”',
      '\\',
      '-',
      ':',
      '<',
      '>',
      '=',
      ',',
      '*',
      ' ',
      '  ',
      '\t',
      '\n',
      '\u0000',
      '\u00a0',
      '\u202e',
    ],
    ...[
      '%',
      '_',
      "'",
      '--',
      ';',
      '😀',
      '\ud800',
      'ä',
      'x',
      'Dev-01',
      '30d',
      '1y',
      '0m',
      'windows 11',
      '00:1a:2b',
    ],
    ...['is:', 'is:online', 'prop.', 'prop.a:', 'prop.A-b.c:', 'http://', 'unknown:', '(', ')', 'OR', 'null'],
    ...QUERY_FIELDS.flatMap(({ name, kind }) => [`${name}:`, kind === 'age' ? `${name}>` : `${name}:"`]),
  ];

  it('never throws, and what is a query is read the same after it is printed', () => {
    const random = createRandom(20_260_601);
    const pick = () => PIECES[Math.floor(random() * PIECES.length)] ?? '';
    let queries = 0;
    for (let round = 0; round < 30_000; round += 1) {
      const text = Array.from({ length: 1 + Math.floor(random() * 8) }, pick).join(random() < 0.3 ? ' ' : '');
      const parsed = parseMachineQuery(text);
      if (!parsed.ok) {
        const { at, length, message } = parsed.problem;
        expect(message.length).toBeGreaterThan(5);
        expect([at >= 0, length >= 1, at + length <= Math.max(text.length, 1)]).toEqual([true, true, true]);
        continue;
      }
      queries += 1;
      const printed = printMachineQuery(parsed.query);
      expect(parseMachineQuery(printed), `${JSON.stringify(text)} as ${printed}`).toEqual(parsed);
    }
    expect(queries).toBeGreaterThan(5_000);
  });
});
