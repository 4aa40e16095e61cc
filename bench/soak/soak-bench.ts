import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Cleanup } from '../../tools/stack/cleanup.ts';
import { setUpRig } from '../stream/set-up-rig.ts';
import type { BenchOptions } from '../support/report.ts';
import { measureGrowth } from './measure-growth.ts';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
/** Fewer say nothing of growth. */
const LEAST_ROUNDS = 8;

/** Mixed use for a long time. */
export async function soakBench(options: BenchOptions): Promise<unknown> {
  const minutes = options.minutes ?? (options.quick ? 2 : 60);
  const cleanup = new Cleanup();
  try {
    const rig = await setUpRig(ROOT, 1280, 720, cleanup, options);
    const endsAtMs = performance.now() + minutes * 60_000;
    let rounds = 0;
    const growth = await measureGrowth(rig, (done) => {
      rounds = done;
      const leftMs = endsAtMs - performance.now();
      if (done % 10 === 0) {
        options.log(`soak: ${done} rounds, ${Math.max(0, Math.round(leftMs / 60_000))} minutes to go`);
      }
      return done < LEAST_ROUNDS || leftMs > 0;
    });
    return { minutes, rounds, growth };
  } finally {
    await cleanup.run();
  }
}
