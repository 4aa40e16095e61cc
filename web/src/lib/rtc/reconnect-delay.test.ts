import { expect, it } from 'vitest';
import { reconnectDelayMs } from './reconnect-delay.ts';

it('tries at once, then waits twice as long each time up to five seconds', () => {
  const longest = [0, 1, 2, 3, 4, 5, 6, 50].map((failures) => reconnectDelayMs(failures, 1));
  expect(longest).toEqual([0, 250, 500, 1000, 2000, 4000, 5000, 5000]);
});

it('spreads the tries over half of the delay', () => {
  expect(reconnectDelayMs(3, 0)).toBe(500);
  expect(reconnectDelayMs(3, 0.5)).toBe(750);
});
