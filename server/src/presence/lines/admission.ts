export interface AdmissionOptions {
  /** Agents let in within any second. */
  readonly perSecond: number;
  /** Connections at once that have not proved themselves; a fleet that comes back is let in at a rate, and stays below. */
  readonly unproved: number;
  /** Of them from one address: behind it may be a whole office, but also somebody who wants to keep others out. */
  readonly unprovedOfAddress: number;
}

export const DEFAULT_ADMISSION: AdmissionOptions = {
  perSecond: 300,
  unproved: 3_000,
  unprovedOfAddress: 1_500,
};
/** Nobody is sent away for longer, however many wait. */
const LONGEST_WAIT_MS = 120_000;
/** The last second is counted in slices. */
const SLICE_MS = 50;
/** One more than a second has: the oldest slice is still part of it. */
const SLICES = 1000 / SLICE_MS + 1;

/**
 * Lets agents in at a rate that the server bears, and tells each of the others a time of its own to come back: all of
 * them come at once after a restart. Counted by the second, not drop by drop: on a busy machine they arrive in bunches,
 * and what a bunch leaves unused would be lost.
 */
export class Admission {
  readonly #options: AdmissionOptions;
  /** How many were let in during each of the last slices, by the slice's number. */
  readonly #slices = new Map<number, number>();
  /** Up to when places have been given out to those who were sent away. */
  #bookedUntil = 0;

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  /** 0: come in. Otherwise after how many ms to come back. */
  ask(now: number): number {
    const slice = Math.floor(now / SLICE_MS);
    if (this.#lastSecond(slice) < this.#options.perSecond) {
      this.#slices.set(slice, (this.#slices.get(slice) ?? 0) + 1);
      return 0;
    }
    this.#bookedUntil = Math.max(this.#bookedUntil, now) + 1000 / this.#options.perSecond;
    if (this.#bookedUntil - now > LONGEST_WAIT_MS) this.#bookedUntil = now + LONGEST_WAIT_MS / 2;
    return Math.ceil(this.#bookedUntil - now);
  }

  #lastSecond(slice: number): number {
    let count = 0;
    for (const [at, letIn] of this.#slices) {
      if (at <= slice - SLICES) this.#slices.delete(at);
      else count += letIn;
    }
    return count;
  }
}
