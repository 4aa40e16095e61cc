import { describe, expect, it } from 'vitest';
import { presenceDelayMs } from './presence-back-off.ts';

const longest = () => 1 - Number.EPSILON;
const shortest = () => 0;
const refusal = (
  code: 'not-allowed' | 'conflict' | 'too-many-requests',
  details?: Record<string, unknown>,
) => ({
  code,
  message: '',
  ...(details ? { details } : {}),
});

describe('the next try of an agent whose line broke', () => {
  it('comes at any moment up to a limit that doubles, and stays at a quarter of a minute', () => {
    expect(
      [1, 2, 3, 5, 9, 500].map((failures) => Math.round(presenceDelayMs(failures, undefined, longest))),
    ).toEqual([500, 1_000, 2_000, 8_000, 15_000, 15_000]);
    expect(presenceDelayMs(9, undefined, shortest)).toBe(0);
  });

  it('keeps to what the server says', () => {
    const told = refusal('too-many-requests', { retryAfterMs: 20_000 });
    expect(presenceDelayMs(1, told, shortest)).toBe(20_000);
    expect(presenceDelayMs(1, told, longest)).toBeLessThanOrEqual(25_000);
  });

  it.each([{ retryAfterMs: -1 }, { retryAfterMs: 'soon' }, { retryAfterMs: 1e12 }])(
    'does not keep to %j',
    (details) => {
      expect(presenceDelayMs(1, refusal('too-many-requests', details), longest)).toBeLessThanOrEqual(500);
    },
  );

  it('is a minute away when the machine was removed just now, and an hour when it stays so', () => {
    expect(presenceDelayMs(1, refusal('not-allowed'), shortest)).toBe(54_000);
    expect(presenceDelayMs(3, refusal('not-allowed'), shortest)).toBe(4 * 54_000);
    expect(presenceDelayMs(50, refusal('not-allowed'), shortest)).toBe(54 * 60_000);
  });

  it('is minutes away when another computer has this identity', () => {
    expect(presenceDelayMs(1, refusal('conflict'), shortest)).toBe(150_000);
  });
});
