import { expect, it } from 'vitest';
import { matchesWords } from './match-words.ts';

it('finds words by their beginnings, in any order and case', () => {
  expect(matchesWords('Generate a code', 'code gen')).toBe(true);
  expect(matchesWords('Dark theme', 'DARK')).toBe(true);
  expect(matchesWords('Häuser & Söhne', 'söh')).toBe(true);
  expect(matchesWords('Generate a code', 'ode')).toBe(false);
  expect(matchesWords('Sign out', 'sign in')).toBe(false);
});
