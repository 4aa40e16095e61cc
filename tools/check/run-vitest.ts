import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addCounts, type Counts, NO_COUNTS } from './counts.ts';

/** Runs one vitest project and counts its tests; a run that dies without a report is one failure. */
export async function runVitest(
  root: string,
  project: string,
  args: readonly string[],
  output: 'inherit' | 'ignore' = 'inherit',
): Promise<Counts> {
  const folder = mkdtempSync(join(tmpdir(), 'guruconnect-test-'));
  const countsFile = join(folder, 'counts.json');
  try {
    const vitestArgs = ['run', '--project', project, '--passWithNoTests', ...REPORTERS, ...args];
    const exit = await run(root, vitestArgs, { ...process.env, GURU_COUNTS_FILE: countsFile }, output);
    const counts = readCounts(countsFile);
    // Something outside the tests failed: a hook of the run itself, or a crash.
    if (exit === 0 || counts.failed > 0) return counts;
    const problem = `The run ended with ${exit} and no test of it failed.`;
    return addCounts(counts, { ...NO_COUNTS, failed: 1, failures: [{ name: `tests ${project}`, problem }] });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const REPORTERS = ['--reporter=default', '--reporter=./tools/ci-reporter.ts'];

function run(
  root: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  output: 'inherit' | 'ignore',
): Promise<number> {
  return new Promise((resolve, reject) => {
    const vitest = join('node_modules', 'vitest', 'vitest.mjs');
    const child = spawn(process.execPath, [vitest, ...args], {
      cwd: root,
      env,
      stdio: ['ignore', output, output],
    });
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}

function readCounts(file: string): Counts {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return NO_COUNTS;
  }
}
