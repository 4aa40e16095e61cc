import type { Clock } from '../../../src/core/clock.ts';

/** Real time that the test can move on; nothing periodic runs, so that what is due stays as it is. */
export interface ShiftedClock extends Clock {
  shift(ms: number): void;
}

export function createShiftedClock(): ShiftedClock {
  let offset = 0;
  return {
    now: () => Date.now() + offset,
    after: (ms, task) => {
      const timer = setTimeout(task, ms);
      return () => clearTimeout(timer);
    },
    every: () => () => undefined,
    shift: (ms) => {
      offset += ms;
    },
  };
}
