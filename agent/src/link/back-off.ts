const CAP_MS = 5000;

/** Exponential back-off with full jitter: any moment up to the step's limit, so that agents do not come in herds. */
export function reconnectDelayMs(failures: number, random: () => number): number {
  return random() * Math.min(CAP_MS, 250 * 2 ** Math.min(failures, 10));
}

/** For something that belongs to us alone: no herd, so a part of the delay is fixed. */
export function restartDelayMs(failures: number, random: () => number): number {
  const limit = Math.min(CAP_MS, 100 * 2 ** Math.min(failures - 1, 10));
  return limit / 2 + (random() * limit) / 2;
}
