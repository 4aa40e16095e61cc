import { GuruError } from '@guruconnect/shared';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

/** So many tries in a time for each key. */
export interface Throttle {
  /** Counts a try; throws `too-many-requests` when there were too many. */
  take(key: string): Promise<void>;
  /** Gives a try back, for one that was no guess. */
  giveBack(key: string): Promise<void>;
}

export function createThrottle(options: { tries: number; perSeconds: number }): Throttle {
  const limiter = new RateLimiterMemory({ points: options.tries, duration: options.perSeconds });
  return {
    take: async (key) => {
      try {
        await limiter.consume(key);
      } catch (error) {
        if (!(error instanceof RateLimiterRes)) throw error;
        throw GuruError.tooManyRequests(Math.max(1, Math.ceil(error.msBeforeNext / 1000)));
      }
    },
    giveBack: async (key) => {
      await limiter.reward(key);
    },
  };
}
