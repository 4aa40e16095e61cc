export interface LatencySummary {
  readonly samples: number;
  readonly p50Ms: number | undefined;
  readonly p95Ms: number | undefined;
}

const BUCKETS = 1_001;

/** All latencies of a connection in steps of 1 ms, however long it lasts: what is stored of a session. */
export class LatencyHistogram {
  readonly #counts = new Uint32Array(BUCKETS);
  #samples = 0;

  add(tookMs: number): void {
    const bucket = Math.min(BUCKETS - 1, Math.max(0, Math.round(tookMs)));
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#samples += 1;
  }

  summary(): LatencySummary {
    return { samples: this.#samples, p50Ms: this.#percentile(0.5), p95Ms: this.#percentile(0.95) };
  }

  #percentile(share: number): number | undefined {
    let rest = Math.ceil(share * this.#samples);
    if (rest === 0) return undefined;
    for (const [bucket, count] of this.#counts.entries()) {
      rest -= count;
      if (rest <= 0) return bucket;
    }
    return undefined;
  }
}
