/** Time and chance as the objects outside React see them, so that tests can turn the clock by hand. */
export interface Timing {
  /** Monotonic milliseconds, the clock of `performance.now()` and of event time stamps. */
  now(): number;
  /** Calls back once after `ms`; the returned function calls it off. */
  after(ms: number, callback: () => void): () => void;
  /** 0 up to but not including 1. */
  random(): number;
}

export const BROWSER_TIMING: Timing = {
  now: () => performance.now(),
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
};
