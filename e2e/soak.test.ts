import { expect, test } from 'vitest';
import { measureGrowth } from '../bench/soak/measure-growth.ts';
import { setUpRig } from '../bench/stream/set-up-rig.ts';
import type { BenchOptions } from '../bench/support/report.ts';
import { Cleanup } from '../tools/stack/cleanup.ts';
import { ROOT } from './support/stage.ts';

/** A minute and a half; `npm run bench -- soak` does the same for an hour, and finds what is smaller. */
const ROUNDS = 9;
const MB = 1_000_000;
const OPTIONS: BenchOptions = {
  quick: true,
  sizes: [],
  profiles: [],
  withoutReference: true,
  notes: [],
  log: () => {},
  onInterrupt: () => () => {},
};

/**
 * How much each may grow from the first rounds, when caches have filled, to the last. A session that is not let go, a
 * socket or a thread a round is over these; what a garbage collector has not got to yet is not.
 */
const LIMITS = {
  agentMemoryBytes: 24 * MB,
  agentOpenFiles: 3,
  agentThreads: 3,
  serverMemoryBytes: 32 * MB,
  serverOpenFiles: 3,
  pageHeapBytes: 3 * MB,
} as const;

test('nothing grows while a session is used in every way for a while (V1)', {
  timeout: 300_000,
}, async () => {
  const cleanup = new Cleanup();
  try {
    const rig = await setUpRig(ROOT, 1280, 720, cleanup, OPTIONS);
    const growth = await measureGrowth(rig, (done) => done < ROUNDS);
    console.log(JSON.stringify(growth));
    for (const [figure, limit] of Object.entries(LIMITS)) {
      const { first, last } = growth[figure as keyof typeof LIMITS];
      expect(last - first, `${figure}: ${first} at first, ${last} in the end`).toBeLessThanOrEqual(limit);
    }
  } finally {
    await cleanup.run();
  }
});
