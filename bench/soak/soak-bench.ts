import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Cleanup } from '../../tools/stack/cleanup.ts';
import { setUpRig } from '../stream/set-up-rig.ts';
import type { BenchOptions } from '../support/report.ts';
import { measureGrowth } from './measure-growth.ts';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
/** A round of mixed use takes about this long. */
const ROUND_SECONDS = 12;

/** Mixed use for a long time. */
export async function soakBench(options: BenchOptions): Promise<unknown> {
  const minutes = options.minutes ?? (options.quick ? 2 : 60);
  const cleanup = new Cleanup();
  try {
    const rig = await setUpRig(ROOT, 1280, 720, cleanup, options);
    const rounds = Math.max(8, Math.round((minutes * 60) / ROUND_SECONDS));
    const growth = await measureGrowth(rig, rounds, (done) => {
      if (done % 10 === 0) options.log(`soak: ${done} of ${rounds} rounds`);
    });
    return { minutes, rounds, growth };
  } finally {
    await cleanup.run();
  }
}
