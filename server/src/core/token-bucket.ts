/** Tokens that come back evenly with time; at most `capacity` are kept. */
export interface TokenBucketOptions {
  readonly capacity: number;
  readonly refillPerSecond: number;
}

/** A budget of one caller. Time is handed in, so that tests can move it. */
export class TokenBucket {
  readonly #options: TokenBucketOptions;
  #tokens: number;
  #at: number;

  constructor(options: TokenBucketOptions, now: number) {
    this.#options = options;
    this.#tokens = options.capacity;
    this.#at = now;
  }

  /** Takes one token; false when there is none. */
  take(now: number): boolean {
    this.#refill(now);
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  /** Gives one back that was taken for something that turned out to be free. */
  giveBack(): void {
    this.#tokens = Math.min(this.#options.capacity, this.#tokens + 1);
  }

  /** Whole seconds until a token can be taken. */
  secondsUntilNext(now: number): number {
    this.#refill(now);
    return this.#tokens >= 1 ? 0 : Math.ceil((1 - this.#tokens) / this.#options.refillPerSecond);
  }

  isFull(now: number): boolean {
    this.#refill(now);
    return this.#tokens >= this.#options.capacity;
  }

  #refill(now: number): void {
    const elapsedSeconds = Math.max(0, now - this.#at) / 1000;
    this.#tokens = Math.min(
      this.#options.capacity,
      this.#tokens + elapsedSeconds * this.#options.refillPerSecond,
    );
    this.#at = now;
  }
}
