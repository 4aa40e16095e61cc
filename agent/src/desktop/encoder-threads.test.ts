import { expect, test } from 'vitest';
import { encoderThreads } from './encoder-threads.ts';

test.each([
  ['one core', 1, 1920 * 1080, 1],
  ['two cores leave one to the user', 2, 1920 * 1080, 1],
  ['four cores, a small screen', 4, 1280 * 720, 1],
  ['four cores, full HD', 4, 1920 * 1080, 2],
  ['eight cores, full HD: a third would gain little', 8, 1920 * 1080, 2],
  ['eight cores, 4K', 8, 3840 * 2160, 4],
  ['sixty-four cores, 8K', 64, 7680 * 4320, 4],
])('%s', (_name, cores, pixels, threads) => {
  expect(encoderThreads(cores, pixels)).toBe(threads);
});
