import { writeFileSync } from 'node:fs';
import type { Reporter, SerializedError, TestModule } from 'vitest/node';
import type { Counts } from './check/counts.ts';

/**
 * Leaves the counts of a vitest run in the file that `GURU_COUNTS_FILE` names, so that the closing line can
 * add up several runs. A file that does not load and an error outside a test count as one failure each.
 */
export default class CiReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    const file = process.env.GURU_COUNTS_FILE;
    if (!file) return;
    const counts: Counts = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
    for (const module of modules) {
      const before = counts.failed;
      for (const test of module.children.allTests()) counts[outcome(test.result().state)] += 1;
      if (counts.failed === before && !module.ok()) counts.failed += 1;
    }
    writeFileSync(file, JSON.stringify(counts));
  }
}

/** A test that never came to run because its suite failed is a failure, not a skip. */
function outcome(state: 'passed' | 'failed' | 'skipped' | 'pending'): keyof Counts {
  return state === 'pending' ? 'failed' : state;
}
