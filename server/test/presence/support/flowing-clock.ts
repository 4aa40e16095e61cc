import { setTimeout as elapse } from 'node:timers/promises';
import { createTestClock, type TestClock } from '../../support/test-clock.ts';

/** A clock that goes with real time and can be moved on beside it. */
export interface FlowingClock extends TestClock {
  /** Lets so much pass in steps; between them everybody gets to send and to receive. */
  pass(ms: number): Promise<void>;
  /** Moves time as if this process had stood still: what is due every so often runs once after it, not many times. */
  leap(ms: number): void;
  stop(): void;
}

const BEAT_MS = 5;
const STEP_MS = 1_000;

export function createFlowingClock(): FlowingClock {
  const clock = createTestClock();
  let leapt = 0;
  let at = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    clock.advance(now - at);
    at = now;
  }, BEAT_MS);
  return {
    ...clock,
    now: () => clock.now() + leapt,
    pass: async (ms) => {
      for (let passed = 0; passed < ms; passed += STEP_MS) {
        clock.advance(Math.min(STEP_MS, ms - passed));
        await elapse(BEAT_MS);
      }
    },
    leap: (ms) => {
      leapt += ms;
    },
    stop: () => clearInterval(timer),
  };
}
