import type { WireError } from '@guruconnect/shared';
import * as z from 'zod/mini';

const FIRST_MS = 500;
const CAP_MS = 15_000;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const CONFLICT_MS = 5 * 60_000;

const RetryAfter = z.object({ retryAfterMs: z.number().check(z.nonnegative(), z.lte(HOUR_MS)) });

/**
 * How long to wait before the next try. Exponential with full jitter, so that thousands of agents do not come in herds;
 * when the server says how long, that and up to a quarter more.
 *
 * @param failures in a row, with the last one
 */
export function presenceDelayMs(
  failures: number,
  refusal: WireError | undefined,
  random: () => number,
): number {
  switch (refusal?.code) {
    case 'not-allowed':
    case 'not-found':
    case 'unsupported-version':
      // Gone, as far as the server knows. Whoever removed it by mistake brings it back within minutes; later than that
      // one try an hour is enough.
      return Math.min(HOUR_MS, MINUTE_MS * 2 ** Math.min(failures - 1, 10)) * (0.9 + 0.2 * random());
    case 'conflict':
      return CONFLICT_MS * (0.5 + random());
    case 'unauthenticated':
      return CONFLICT_MS * random();
    default: {
      const told = z.safeParse(RetryAfter, refusal?.details);
      if (told.success) return told.data.retryAfterMs * (1 + 0.25 * random());
      return random() * Math.min(CAP_MS, FIRST_MS * 2 ** Math.min(failures - 1, 10));
    }
  }
}
