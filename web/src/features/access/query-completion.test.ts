import { parseMachineQuery } from '@guruconnect/shared';
import { expect, it } from 'vitest';
import {
  complete,
  completionAt,
  fieldSuggestions,
  fixedSuggestions,
  quoted,
  suggestedLabel,
} from './query-completion.ts';

/** What is completed where `|` stands. */
function at(text: string) {
  const caret = text.indexOf('|');
  return completionAt(text.replace('|', ''), caret);
}

it('completes the field, the value, or the last of several values', () => {
  expect(at('pc comp|')).toMatchObject({ kind: 'field', prefix: 'comp', from: 3, to: 7 });
  expect(at('-ta|')).toMatchObject({ kind: 'field', prefix: 'ta', from: 1 });
  expect(at('Company:gla|')).toMatchObject({ kind: 'value', field: 'company', prefix: 'gla', from: 8 });
  expect(at('tag:vip,te| os:win')).toMatchObject({
    kind: 'value',
    field: 'tag',
    prefix: 'te',
    from: 8,
    to: 10,
  });
  expect(at('tag:"a b",c|')).toMatchObject({ field: 'tag', prefix: 'c' });
  expect(at('offline>3|')).toMatchObject({ kind: 'value', field: 'offline', prefix: '>3' });
  expect(at('site:"head of|')).toMatchObject({ kind: 'value', field: 'site', prefix: 'head of' });
});

it('completes nothing between terms, in numbers and in phrases', () => {
  expect(at('os:win |')).toBeUndefined();
  expect(at('10.0.0.1|')).toBeUndefined();
  expect(at('"front desk|')).toBeUndefined();
  expect(at('|')).toBeUndefined();
});

it('finds fields by name, by another spelling and by title', () => {
  const names = (prefix: string) => fieldSuggestions(prefix).map(({ insert }) => insert);
  expect(names('comp')).toEqual(['company:']);
  expect(names('customer')).toEqual(['company:']);
  expect(names('operating')).toEqual(['os:']);
  expect(names('off')).toContain('offline');
  expect(names('is')).toContain('is:');
  expect(names('prop')).toContain('prop.');
  expect(names('xyz')).toEqual([]);
});

it('offers states and ages that the parser understands', () => {
  for (const { insert } of fixedSuggestions('is', ''))
    expect(parseMachineQuery(`is:${insert}`).ok).toBe(true);
  const ages = fixedSuggestions('offline', '>');
  expect(ages.map(({ insert }) => insert)).toEqual(['>7d', '>30d', '>1y']);
  for (const { insert } of ages) expect(parseMachineQuery(`offline${insert}`).ok).toBe(true);
  expect(fixedSuggestions('company', '')).toEqual([]);
  expect(suggestedLabel('customer')).toBe('company');
  expect(suggestedLabel('offline')).toBeUndefined();
});

it('puts a suggestion in the place of what was typed and leaves the rest', () => {
  const value = at('tag:v| os:linux');
  if (!value) throw new Error('A value is being typed.');
  const done = complete('tag:v os:linux', value, { insert: quoted('very important'), label: '', hint: '' });
  expect(done.text).toBe('tag:"very important" os:linux');
  expect(done.text.slice(done.caret)).toBe('os:linux');
  const field = at('-comp|');
  if (!field) throw new Error('A field is being typed.');
  expect(complete('-comp', field, { insert: 'company:', label: '', hint: '' })).toEqual({
    text: '-company:',
    caret: 9,
  });
});

it('quotes values so that they are read as they were', () => {
  for (const value of [
    'plain',
    'two words',
    'a,b',
    'say "hi"',
    'back\\slash',
    '-minus',
    'Häuser & Söhne',
    'مؤسسة',
  ]) {
    const parsed = parseMachineQuery(`company:${quoted(value)}`);
    expect(parsed).toMatchObject({ ok: true, query: { terms: [{ field: 'company', values: [value] }] } });
  }
});
