/** Bits per second over a sliding window, in buckets of 50 ms. */
export class ByteRate {
  readonly #bucketCount: number;
  readonly #buckets: { slot: number; bytes: number }[] = [];

  constructor(windowMs = 500) {
    this.#bucketCount = Math.ceil(windowMs / BUCKET_MS);
  }

  add(bytes: number, nowMs: number): void {
    const slot = Math.floor(nowMs / BUCKET_MS);
    const last = this.#buckets.at(-1);
    if (last && last.slot === slot) last.bytes += bytes;
    else this.#buckets.push({ slot, bytes });
    this.#expire(slot);
  }

  bitrate(nowMs: number): number {
    this.#expire(Math.floor(nowMs / BUCKET_MS));
    let bytes = 0;
    for (const bucket of this.#buckets) bytes += bucket.bytes;
    return (bytes * 8000) / (this.#bucketCount * BUCKET_MS);
  }

  #expire(slot: number): void {
    while (this.#buckets[0] && this.#buckets[0].slot <= slot - this.#bucketCount) this.#buckets.shift();
  }
}

const BUCKET_MS = 50;
