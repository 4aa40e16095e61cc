import { expect, it } from 'vitest';
import { formatDuration, formatWait, spokenDuration } from './format-duration.ts';

it.each([
  [0, '0:00'],
  [7_999, '0:07'],
  [725_000, '12:05'],
  [3_729_000, '1:02:09'],
  [360_000_000, '100:00:00'],
])('shows %d ms as %s', (milliseconds, text) => {
  expect(formatDuration(milliseconds)).toBe(text);
});

it('shows zero when the clocks of server and browser disagree', () => {
  expect(formatDuration(-5_000)).toBe('0:00');
});

it('says durations in words, without seconds after the first minute', () => {
  expect(spokenDuration(1_000)).toBe('1 second');
  expect(spokenDuration(61_000)).toBe('1 minute');
  expect(spokenDuration(3_729_000)).toBe('1 hour 2 minutes');
});

it('rounds waits up, so that nobody tries too early', () => {
  expect(formatWait(0.2)).toBe('1 second');
  expect(formatWait(90)).toBe('90 seconds');
  expect(formatWait(121)).toBe('3 minutes');
});
