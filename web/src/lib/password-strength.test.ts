import { expect, it } from 'vitest';
import { passwordStrength } from './password-strength.ts';

it('counts down to the least length', () => {
  expect(passwordStrength('short')).toEqual({ score: 0, hint: '7 more to go.' });
});
it.each(['aaaaaaaaaaaa', 'abababababab', '123456789012', 'qwertyuiop12'])(
  'calls %s weak although it is long enough',
  (password) => {
    expect(passwordStrength(password).score).toBe(1);
  },
);
it('calls a password weak that holds the name of its owner', () => {
  expect(passwordStrength('Jane-is-the-best-1', ['jane']).score).toBe(1);
});
it('rises with length', () => {
  const scores = ['tk29fmwq71za', 'tk29fmwq71zaX.p3', 'correct horse battery staple'].map(
    (one) => passwordStrength(one).score,
  );
  expect(scores).toEqual([2, 3, 4]);
});
