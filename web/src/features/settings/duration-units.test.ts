import { expect, it } from 'vitest';
import { splitMinutes } from './duration-units.ts';

it.each([
  [90, { amount: 90, unit: 'minutes' }],
  [120, { amount: 2, unit: 'hours' }],
  [10_080, { amount: 7, unit: 'days' }],
])('shows %d minutes in the largest whole unit', (minutes, shown) => {
  expect(splitMinutes(minutes)).toEqual(shown);
});
