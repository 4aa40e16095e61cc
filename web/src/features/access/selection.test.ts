import { expect, it } from 'vitest';
import { add, MAX_SELECTED, NOTHING_SELECTED, rangeTo, toggle, without } from './selection.ts';

it('takes a row in and out again, and remembers where a range would begin', () => {
  const one = toggle(NOTHING_SELECTED, 'a', 4);
  expect([...one.ids]).toEqual(['a']);
  expect(one.anchor).toBe(4);
  expect([...toggle(one, 'a', 4).ids]).toEqual([]);
});

it('never holds more than one change may name', () => {
  const ids = Array.from({ length: MAX_SELECTED + 50 }, (_none, number) => String(number));
  const full = add(NOTHING_SELECTED, ids);
  expect(full.ids.size).toBe(MAX_SELECTED);
  expect(toggle(full, 'one more', 0).ids.has('one more')).toBe(false);
  expect(toggle(full, '0', 0).ids.size).toBe(MAX_SELECTED - 1);
});

it('reaches from the anchor in both directions, at most as far as one change may', () => {
  const from = { ids: new Set<string>(), anchor: 2_000 };
  expect(rangeTo(from, 2_010)).toEqual({ first: 2_000, last: 2_010 });
  expect(rangeTo(from, 1_990)).toEqual({ first: 1_990, last: 2_000 });
  expect(rangeTo(from, 9_000)).toEqual({ first: 2_000, last: 2_999 });
  expect(rangeTo(from, 0)).toEqual({ first: 1_001, last: 2_000 });
  expect(rangeTo(NOTHING_SELECTED, 7)).toEqual({ first: 7, last: 7 });
});

it('forgets machines that are gone, and stays the same object otherwise', () => {
  const chosen = add(NOTHING_SELECTED, ['a', 'b']);
  expect([...without(chosen, ['a', 'x']).ids]).toEqual(['b']);
  expect(without(chosen, ['x'])).toBe(chosen);
});
