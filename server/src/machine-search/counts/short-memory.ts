/** Remembers answers for a short time, and lets those who ask at once share one. */
export class ShortMemory<T> {
  readonly #lifeMs: number;
  readonly #limit: number;
  readonly #now: () => number;
  readonly #entries = new Map<string, { at: number; answer: Promise<T> }>();

  /** At most `limit` answers, the oldest of which go first; `now` is a clock that never goes back. */
  constructor(options: { lifeMs: number; limit: number; now: () => number }) {
    this.#lifeMs = options.lifeMs;
    this.#limit = options.limit;
    this.#now = options.now;
  }

  get(key: string, make: () => Promise<T>): Promise<T> {
    const at = this.#now();
    const known = this.#entries.get(key);
    if (known && at - known.at < this.#lifeMs && at >= known.at) return known.answer;
    const answer = make();
    this.#entries.delete(key);
    this.#entries.set(key, { at, answer });
    // What failed is not remembered.
    answer.catch(() => {
      if (this.#entries.get(key)?.answer === answer) this.#entries.delete(key);
    });
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#limit) break;
      this.#entries.delete(oldest);
    }
    return answer;
  }
}
