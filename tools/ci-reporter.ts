import { writeFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import type { Reporter, SerializedError, TestCase, TestModule } from 'vitest/node';
import { addCounts, type Counts, type Finding, NO_COUNTS } from './check/counts.ts';

/**
 * Leaves the counts of a vitest run, with what failed and what needed a second try, in the file that
 * `GURU_COUNTS_FILE` names, so that the closing lines can add up several runs. A file that does not load and an
 * error outside a test count as one failure each.
 */
export default class CiReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    const file = process.env.GURU_COUNTS_FILE;
    if (!file) return;
    const outside = unhandledErrors.map((error) =>
      failure({ name: 'outside of the tests', problem: text([error]) }),
    );
    writeFileSync(
      file,
      JSON.stringify([...outside, ...modules.map(countsOfFile)].reduce(addCounts, NO_COUNTS)),
    );
  }
}

const failure = (finding: Finding): Counts => ({ ...NO_COUNTS, failed: 1, failures: [finding] });

function countsOfFile(module: TestModule): Counts {
  const counts = [...module.children.allTests()]
    .map((test) => countsOfTest(module, test))
    .reduce(addCounts, NO_COUNTS);
  if (counts.failed > 0 || module.ok()) return counts;
  const suites = [...module.children.allSuites()].flatMap((suite) => suite.errors());
  return addCounts(
    counts,
    failure({ name: module.relativeModuleId, problem: text([...module.errors(), ...suites]) }),
  );
}

function countsOfTest(module: TestModule, test: TestCase): Counts {
  const result = test.result();
  const finding = {
    name: `${module.relativeModuleId} > ${test.fullName}`,
    problem: [text(result.errors ?? []), ...pagesOf(test)].join('\n'),
  };
  // A test that never came to run because its suite failed is a failure, not a skip.
  if (result.state === 'failed' || result.state === 'pending') return failure(finding);
  if (result.state === 'skipped') return { ...NO_COUNTS, skipped: 1 };
  const tries = test.diagnostic()?.retryCount ?? 0;
  return { ...NO_COUNTS, passed: 1, unsteady: tries > 0 ? [finding] : [] };
}

/** What the pages of an end-to-end test showed when it failed. */
function pagesOf(test: TestCase): string[] {
  const { pages } = test.meta() as { pages?: string };
  return pages ? [pages] : [];
}

/** Message and, in this project, place of each error. */
function text(errors: readonly SerializedError[]): string {
  if (errors.length === 0) return 'never came to run';
  return errors
    .map((error) => [stripVTControlCharacters(String(error.message)), ...places(error)].join('\n'))
    .join('\n');
}

function places(error: SerializedError): string[] {
  const stacks = error.stacks ?? [];
  return stacks.slice(0, 3).map(({ file, line, column }) => `at ${file}:${line}:${column}`);
}
