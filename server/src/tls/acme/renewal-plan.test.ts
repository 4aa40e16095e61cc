import { expect, it } from 'vitest';
import { createAuthority } from '../own-authority.ts';
import { coversAll, isInForce, renewalTime, retryDelayMs } from './renewal-plan.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** In force from a day before for 3650 days after. */
const NOW = Date.parse('2026-01-01T00:00:00Z');
const { certificate } = createAuthority('Test', NOW);

it('renews with a third of the life left, and a little earlier by chance', () => {
  const third = (3651 * DAY) / 3;
  expect(renewalTime(certificate, 0)).toBe(NOW + 3650 * DAY - third);
  expect(renewalTime(certificate, 1)).toBe(NOW + 3650 * DAY - third * 1.1);
});

it('knows a certificate that has ended, and one for other names', () => {
  expect([isInForce(certificate, NOW + 3649 * DAY), isInForce(certificate, NOW + 3651 * DAY)]).toEqual([
    true,
    false,
  ]);
  expect([coversAll(certificate, ['a.example']), coversAll(certificate, [])]).toEqual([false, true]);
});

it('waits longer after each failure, up to half a day, and as long as the authority wants', () => {
  expect([1, 2, 3, 7, 8, 1000].map((failures) => retryDelayMs(failures, 0) / MINUTE)).toEqual([
    10, 20, 40, 640, 720, 720,
  ]);
  expect(retryDelayMs(1, 1)).toBe(12 * MINUTE);
  expect(retryDelayMs(1, 0, 3600)).toBe(60 * MINUTE);
});
