import { setTimeout as elapse } from 'node:timers/promises';
import type { Clock } from '../../../src/core/clock.ts';
import { createTestClock } from '../../support/test-clock.ts';

/** A clock that goes with real time and can be moved on beside it. */
export interface FlowingClock extends Clock {
  /** Lets so much pass in small steps; between them everybody gets to send and to receive. */
  pass(ms: number): Promise<void>;
  stop(): void;
}

const BEAT_MS = 5;
const STEP_MS = 250;

export function createFlowingClock(): FlowingClock {
  const clock = createTestClock();
  let at = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    clock.advance(now - at);
    at = now;
  }, BEAT_MS);
  return {
    ...clock,
    pass: async (ms) => {
      for (let passed = 0; passed < ms; passed += STEP_MS) {
        clock.advance(Math.min(STEP_MS, ms - passed));
        await elapse(BEAT_MS);
      }
    },
    stop: () => clearInterval(timer),
  };
}
