import { GuruError } from '@guruconnect/shared';
import { KeyedBuckets } from '../core/keyed-buckets.ts';

/** Of one machine: one in half a minute, and so many in an hour. */
const ONE_BY_ONE = { capacity: 1, refillPerSecond: 1 / 30 };
const HOURLY = { capacity: 20, refillPerSecond: 20 / 3_600 };

/** Keeps a machine, or somebody impatient at it, from filling the list of everybody. */
export class RequestBudget {
  readonly #oneByOne = new KeyedBuckets(ONE_BY_ONE);
  readonly #hourly = new KeyedBuckets(HOURLY);

  /** Throws `too-many-requests` with the seconds to wait. */
  take(machineId: string, now: number): void {
    const one = this.#oneByOne.of(machineId, now);
    if (!one.take(now)) throw GuruError.tooManyRequests(one.secondsUntilNext(now));
    const hourly = this.#hourly.of(machineId, now);
    if (hourly.take(now)) return;
    one.giveBack();
    throw GuruError.tooManyRequests(hourly.secondsUntilNext(now));
  }
}
