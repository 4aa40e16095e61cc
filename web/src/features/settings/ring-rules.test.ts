import { expect, it } from 'vitest';
import { ringsProblem, withFurtherRing } from './ring-rules.ts';

const ring = (name: string, percent: number) => ({ name, percent, tags: [] });
const EVERYBODY = ring('Everybody', 100);

it.each([
  [[EVERYBODY], undefined],
  [[ring('First', 10), EVERYBODY], undefined],
  [[ring('First', 10), ring('first ', 50), EVERYBODY], 'Two rings are called first.'],
  [[ring('First', 50), ring('Second', 10), EVERYBODY], 'Second has a smaller share than the ring before it.'],
  [[ring('First', 50)], 'The last ring must have 100 %, or some machines would never be updated.'],
])('%j: %s', (rings, problem) => {
  expect(ringsProblem(rings)).toBe(problem);
});

it('puts a further ring before everybody, with a share between its neighbours', () => {
  const two = withFurtherRing([EVERYBODY]);
  expect(two).toEqual([ring('Ring 1', 10), EVERYBODY]);
  const three = withFurtherRing(two);
  expect(three.map(({ percent }) => percent)).toEqual([10, 55, 100]);
  expect(ringsProblem(three)).toBeUndefined();
});
