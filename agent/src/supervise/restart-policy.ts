/** One that ran so long had got over what ended those before it. */
const STABLE_MS = 60_000;
/** Before the first restart nothing is waited for: most faults do not come twice. */
const DELAYS_MS: readonly number[] = [0, 250, 1_000, 2_000, 4_000];

/** Decides when a process that crashed is started again, and when that is of no use. */
export class RestartPolicy {
  #crashes = 0;

  /** Milliseconds to wait before the next start, after one that lived so long; undefined: give up. */
  crashed(livedMs: number): number | undefined {
    if (livedMs >= STABLE_MS) this.#crashes = 0;
    const delayMs = DELAYS_MS[this.#crashes];
    this.#crashes += 1;
    return delayMs;
  }
}
