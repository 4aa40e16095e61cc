import { GuruError } from '@guruconnect/shared';
import type { Clock } from '../../core/clock.ts';
import { KeyedBuckets } from '../../core/keyed-buckets.ts';

/** Wrong codes that one technician may type before a minute's wait a try. */
const TRIES = { capacity: 10, refillPerSecond: 1 / 60 };

/** The budget of technicians who type codes that end users read out: each their own (P6). */
export class UserTryBudget {
  readonly #clock: Clock;
  readonly #buckets = new KeyedBuckets(TRIES);

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Counts a try before it is looked up; the returned function takes it back when the code was right. */
  take(userId: string): () => void {
    const now = this.#clock.now();
    const bucket = this.#buckets.of(userId, now);
    if (!bucket.take(now)) throw GuruError.tooManyRequests(bucket.secondsUntilNext(now));
    return () => bucket.giveBack();
  }
}
