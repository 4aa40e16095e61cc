/** How many misses the last rolling hour (or other span) holds. Bounded by what the caller lets in. */
export class MissWindow {
  readonly #spanMs: number;
  /** Times of misses, oldest first. */
  #times: number[] = [];

  constructor(spanMs: number) {
    this.#spanMs = spanMs;
  }

  /** Records a miss; the returned function takes it back. */
  record(now: number): () => void {
    this.#times.push(now);
    let recorded = true;
    return () => {
      const index = recorded ? this.#times.indexOf(now) : -1;
      recorded = false;
      if (index >= 0) this.#times.splice(index, 1);
    };
  }

  count(now: number): number {
    const since = now - this.#spanMs;
    let outdated = 0;
    while (outdated < this.#times.length && (this.#times[outdated] ?? 0) <= since) outdated += 1;
    if (outdated > 0) this.#times = this.#times.slice(outdated);
    return this.#times.length;
  }
}
