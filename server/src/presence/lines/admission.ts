import { TokenBucket } from '../../core/token-bucket.ts';

export interface AdmissionOptions {
  /** Agents let in a second, on average. */
  readonly perSecond: number;
  /** Let in at once after a quiet time. */
  readonly burst: number;
  /** Connections at once that have not proved themselves; a fleet that comes back is let in at a rate, and stays below. */
  readonly unproved: number;
}

/** Rate and burst together let no more than 300 in within any second. */
export const DEFAULT_ADMISSION: AdmissionOptions = { perSecond: 280, burst: 20, unproved: 3_000 };
/** Nobody is sent away for longer, however many wait. */
const LONGEST_WAIT_MS = 120_000;

/**
 * Lets agents in at a rate that the server bears, and tells each of the others a time of its own to come back: all of
 * them come at once after a restart, and none is to come in vain twice.
 */
export class Admission {
  readonly #options: AdmissionOptions;
  readonly #bucket: TokenBucket;
  /** Up to when places have been given out to those who were sent away. */
  #bookedUntil = 0;

  constructor(options: AdmissionOptions, now: number) {
    this.#options = options;
    this.#bucket = new TokenBucket({ capacity: options.burst, refillPerSecond: options.perSecond }, now);
  }

  /** 0: come in. Otherwise after how many ms to come back. */
  ask(now: number): number {
    if (this.#bucket.take(now)) return 0;
    const place = 1000 / this.#options.perSecond;
    this.#bookedUntil = Math.max(this.#bookedUntil, now) + place;
    if (this.#bookedUntil - now > LONGEST_WAIT_MS) this.#bookedUntil = now + LONGEST_WAIT_MS / 2;
    return Math.ceil(this.#bookedUntil - now);
  }
}
