import { expect, it } from 'vitest';
import { formatAgo, formatSpan } from './format-ago.ts';
import { formatBytes } from './format-bytes.ts';

const DAY = 86_400_000;

it.each([
  [-5_000, 'just now'],
  [59_000, 'just now'],
  [60_000, '1 minute ago'],
  [90 * 60_000, '1 hour ago'],
  [29 * DAY, '29 days ago'],
  [400 * DAY, '1 year ago'],
])('%d ms ago is %s', (age, text) => {
  expect(formatAgo(1e12 - age, 1e12)).toBe(text);
});

it.each([
  [10_000, 'under a minute'],
  [5 * 60_000, '5 minutes'],
  [2 * DAY + 3 * 3_600_000 + 5, '2 days 3 hours'],
  [DAY, '1 day'],
])('a span of %d ms is %s', (span, text) => {
  expect(formatSpan(span)).toBe(text);
});

it.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1536, '1.5 KB'],
  [8 * 1024 ** 3, '8 GB'],
  [476.9 * 1024 ** 3, '477 GB'],
  [1024 ** 6, '1024 PB'],
])('%d bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});
