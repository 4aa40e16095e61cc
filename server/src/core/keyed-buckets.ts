import { TokenBucket, type TokenBucketOptions } from './token-bucket.ts';

/** More callers than this are not remembered at once; the oldest are forgotten first. */
const MAX_KEYS = 100_000;

/** One token bucket a key, made on first use and forgotten once it is full again. */
export class KeyedBuckets {
  readonly #options: TokenBucketOptions;
  readonly #buckets = new Map<string, TokenBucket>();

  constructor(options: TokenBucketOptions) {
    this.#options = options;
  }

  of(key: string, now: number): TokenBucket {
    const known = this.#buckets.get(key);
    if (known) return known;
    if (this.#buckets.size >= MAX_KEYS) this.#forget(now);
    const bucket = new TokenBucket(this.#options, now);
    this.#buckets.set(key, bucket);
    return bucket;
  }

  #forget(now: number): void {
    for (const [key, bucket] of this.#buckets) if (bucket.isFull(now)) this.#buckets.delete(key);
    let surplus = this.#buckets.size - MAX_KEYS * 0.9;
    for (const key of this.#buckets.keys()) {
      if (surplus <= 0) break;
      this.#buckets.delete(key);
      surplus -= 1;
    }
  }
}
