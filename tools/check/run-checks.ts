import type { Check } from './checks.ts';
import { addCounts, type Counts } from './counts.ts';

/** Runs the checks one after the other, prints each with what is wrong, and counts them as tests. */
export async function runChecks(root: string, checks: readonly Check[]): Promise<Counts> {
  let counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  for (const check of checks) {
    const started = performance.now();
    const problems = await check.run(root).catch((error: unknown) => String(error));
    const took = ((performance.now() - started) / 1000).toFixed(1);
    console.log(`${problems ? '✗' : '✓'} ${check.title} (${took} s)`);
    if (problems) console.log(problems.replace(/^/gm, '    '));
    counts = addCounts(counts, { passed: problems ? 0 : 1, failed: problems ? 1 : 0, skipped: 0 });
  }
  return counts;
}
