import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { closingLines, NO_COUNTS } from './check/counts.ts';
import { runVitest } from './check/run-vitest.ts';

// Inside the repository, so that the inner vitest finds its packages.
const root = fileURLToPath(new URL('..', import.meta.url));
mkdirSync(join(root, 'dist'), { recursive: true });
const folder = mkdtempSync(join(root, 'dist', 'reporter-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string): void {
  writeFileSync(join(folder, name), `import { it, expect } from 'vitest';\n${text}`);
}

it('every outcome of a real run is counted, a file that does not load and a hook that fails too', async () => {
  write('passes.test.ts', `it('a', () => {}); it('b', () => {});`);
  write('fails.test.ts', `it('a', ({ task }) => { task.meta.pages = 'page /app'; expect(1).toBe(2); });`);
  write('skips.test.ts', `it.runIf(false)('a', () => {}); it('b', () => {});`);
  write('breaks.test.ts', `throw new Error('does not load');`);
  write(
    'hook.test.ts',
    `import { afterAll } from 'vitest'; it('a', () => {}); afterAll(() => { throw new Error('late'); });`,
  );
  write('unsteady.test.ts', `let n = 0; it('a', { retry: 1 }, () => { n += 1; expect(n).toBe(2); });`);
  const config = `export default { test: { name: 'inner', root: ${JSON.stringify(folder)}, include: ['*.test.ts'] } };`;
  writeFileSync(join(folder, 'vitest.config.ts'), config);
  const counts = await runVitest(root, 'inner', ['--config', join(folder, 'vitest.config.ts')], 'ignore');
  expect(counts).toMatchObject({ passed: 5, failed: 3, skipped: 1 });
  const failures = counts.failures.toSorted((a, b) => a.name.localeCompare(b.name));
  expect(failures.map(({ name }) => name)).toEqual(['breaks.test.ts', 'fails.test.ts > a', 'hook.test.ts']);
  expect(failures.map(({ problem }) => problem.split('\n')[0])).toEqual([
    'does not load',
    'expected 1 to be 2 // Object.is equality',
    'late',
  ]);
  expect(failures[1]?.problem).toMatch(/at .*fails\.test\.ts:2:.*\npage \/app$/);
  expect(counts.unsteady.map(({ name }) => name)).toEqual(['unsteady.test.ts > a']);
}, 60_000);

it('a run that ends badly without a test that failed is one failure', async () => {
  const counts = await runVitest(root, 'no-such-project', [], 'ignore');
  expect(counts).toMatchObject({ passed: 0, failed: 1, failures: [{ name: 'tests no-such-project' }] });
}, 60_000);

it('the closing lines tell skipped tests only when there are some', () => {
  expect(closingLines({ ...NO_COUNTS, passed: 12 })).toBe('12 passed, 0 failed');
  expect(closingLines({ ...NO_COUNTS, passed: 12, failed: 1, skipped: 2 })).toBe(
    '12 passed, 1 failed, 2 skipped',
  );
});

it('the closing lines name what failed and what was unsteady, each with the beginning of its problem', () => {
  const problem = Array.from({ length: 30 }, (_, line) => `line ${line}`).join('\n');
  const lines = closingLines({
    ...NO_COUNTS,
    failed: 1,
    failures: [{ name: 'a.test.ts > breaks', problem }],
    unsteady: [{ name: 'b.test.ts > wavers', problem: 'too late' }],
  }).split('\n');
  expect(lines.slice(0, 6)).toEqual([
    'Passed at a further try only:',
    '  b.test.ts > wavers',
    '      too late',
    '',
    'Failed:',
    '  a.test.ts > breaks',
  ]);
  expect(lines.slice(-4)).toEqual(['      line 19', '      …', '', '0 passed, 1 failed']);
});
