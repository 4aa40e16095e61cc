/** How a figure went over a run. */
export interface Growth {
  readonly first: number;
  readonly last: number;
  /** Of the straight line through all samples after the first quarter, from its start to its end. */
  readonly trend: number;
}

/**
 * Medians of the second quarter (the first one warms caches up) and of the last, and the trend between: least
 * squares over time, which one odd sample does not sway much. Needs eight samples.
 */
export function growthOf(samples: readonly number[]): Growth {
  if (samples.length < 8) throw new Error(`${samples.length} samples say nothing about growth.`);
  const quarter = Math.floor(samples.length / 4);
  const warm = samples.slice(quarter);
  return {
    first: median(warm.slice(0, quarter)),
    last: median(warm.slice(-quarter)),
    trend: slope(warm) * (warm.length - 1),
  };
}

function slope(values: readonly number[]): number {
  const meanX = (values.length - 1) / 2;
  const meanY = values.reduce((sum, value) => sum + value, 0) / values.length;
  let upper = 0;
  let lower = 0;
  for (const [x, y] of values.entries()) {
    upper += (x - meanX) * (y - meanY);
    lower += (x - meanX) ** 2;
  }
  return lower === 0 ? 0 : upper / lower;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
