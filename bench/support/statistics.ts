export interface Summary {
  readonly p50: number | null;
  readonly p95: number | null;
  readonly n: number;
}

/** Nearest-rank percentiles, rounded to a tenth. */
export function summarize(samples: readonly number[]): Summary {
  const at = (share: number) => {
    const value = percentile(samples, share);
    return value === undefined ? null : round(value);
  };
  return { p50: at(0.5), p95: at(0.95), n: samples.length };
}

/** The nearest rank; undefined of nothing. */
export function percentile(samples: readonly number[], share: number): number | undefined {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)];
}

export function round(value: number, digits = 1): number {
  return Math.round(value * 10 ** digits) / 10 ** digits;
}
