import type { Clock } from '../../src/core/clock.ts';

/** A clock that the test moves. */
export interface TestClock extends Clock {
  /** Moves time on and runs what has become due, in order. */
  advance(ms: number): void;
}

interface Timer {
  at: number;
  readonly every: number | undefined;
  readonly task: () => void;
}

export function createTestClock(start = Date.now()): TestClock {
  let now = start;
  const timers = new Set<Timer>();
  const add = (timer: Timer) => {
    timers.add(timer);
    return () => void timers.delete(timer);
  };
  return {
    now: () => now,
    after: (ms, task) => add({ at: now + ms, every: undefined, task }),
    every: (ms, task) => add({ at: now + ms, every: ms, task }),
    advance: (ms) => {
      const end = now + ms;
      for (;;) {
        const [next] = [...timers].filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at);
        if (!next) break;
        now = Math.max(now, next.at);
        if (next.every === undefined) timers.delete(next);
        else next.at += next.every;
        next.task();
      }
      now = end;
    },
  };
}
