import { expect, it } from 'vitest';
import { growthOf } from './growth.ts';

it('finds a steady growth beneath noise', () => {
  const samples = Array.from({ length: 60 }, (_, at) => 100 + at + (at % 7));
  const growth = growthOf(samples);
  expect(growth.trend).toBeGreaterThan(35);
  expect(growth.trend).toBeLessThan(55);
  expect(growth.last).toBeGreaterThan(growth.first + 20);
});

it('does not call a warm-up growth', () => {
  const samples = Array.from({ length: 40 }, (_, at) => (at < 8 ? 50 + at * 5 : 100 + (at % 3)));
  const growth = growthOf(samples);
  expect(Math.abs(growth.trend)).toBeLessThan(4);
  expect(growth.last - growth.first).toBeLessThan(3);
});

it('refuses to judge by a handful of samples', () => {
  expect(() => growthOf([1, 2, 3])).toThrow('say nothing');
});
