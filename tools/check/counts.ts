/** How many tests and checks came out how, and which of them somebody should look at. */
export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
  failures: readonly Finding[];
  /** Tests that passed at a further try only. */
  unsteady: readonly Finding[];
}

/** A test or check by name, with what went wrong. */
export interface Finding {
  name: string;
  problem: string;
}

export const NO_COUNTS: Counts = { passed: 0, failed: 0, skipped: 0, failures: [], unsteady: [] };

/** Lines of a problem that are repeated at the end; the whole stands where it happened. */
const PROBLEM_LINES = 20;

export function addCounts(left: Counts, right: Counts): Counts {
  return {
    passed: left.passed + right.passed,
    failed: left.failed + right.failed,
    skipped: left.skipped + right.skipped,
    failures: [...left.failures, ...right.failures],
    unsteady: [...left.unsteady, ...right.unsteady],
  };
}

/**
 * What is printed at the very end: everything that failed and everything that needed another try, so that nobody
 * has to look for it in thousands of lines, then the line that continuous integration reads: `12 passed, 0 failed`,
 * with the skipped ones if there are any.
 */
export function closingLines(counts: Counts): string {
  const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
  return [
    ...list('Passed at a further try only:', counts.unsteady),
    ...list('Failed:', counts.failures),
    `${counts.passed} passed, ${counts.failed} failed${skipped}`,
  ].join('\n');
}

function list(title: string, findings: readonly Finding[]): string[] {
  if (findings.length === 0) return [];
  return [title, ...findings.map(({ name, problem }) => `  ${name}\n${indented(problem)}`), ''];
}

function indented(problem: string): string {
  const lines = problem.trim().split('\n');
  const shown = lines.slice(0, PROBLEM_LINES);
  return [...shown, ...(lines.length > shown.length ? ['…'] : [])].map((line) => `      ${line}`).join('\n');
}
