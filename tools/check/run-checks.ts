import type { Check } from './checks.ts';
import { addCounts, type Counts, NO_COUNTS } from './counts.ts';

/** Runs the checks one after the other, prints each with what is wrong, and counts them as tests. */
export async function runChecks(root: string, checks: readonly Check[]): Promise<Counts> {
  let counts: Counts = NO_COUNTS;
  for (const check of checks) {
    const started = performance.now();
    const problems = await check.run(root).catch((error: unknown) => String(error));
    const took = ((performance.now() - started) / 1000).toFixed(1);
    console.log(`${problems ? '✗' : '✓'} ${check.title} (${took} s)`);
    if (problems) console.log(problems.replace(/^/gm, '    '));
    const failures = problems ? [{ name: check.title, problem: problems }] : [];
    counts = addCounts(counts, {
      ...NO_COUNTS,
      passed: 1 - failures.length,
      failed: failures.length,
      failures,
    });
  }
  return counts;
}
