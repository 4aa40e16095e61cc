import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { closingLine } from './check/counts.ts';
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
  write('fails.test.ts', `it('a', () => { expect(1).toBe(2); });`);
  write('skips.test.ts', `it.runIf(false)('a', () => {}); it('b', () => {});`);
  write('breaks.test.ts', `throw new Error('does not load');`);
  write(
    'hook.test.ts',
    `import { afterAll } from 'vitest'; it('a', () => {}); afterAll(() => { throw new Error('x'); });`,
  );
  const config = `export default { test: { name: 'inner', root: ${JSON.stringify(folder)}, include: ['*.test.ts'] } };`;
  writeFileSync(join(folder, 'vitest.config.ts'), config);
  const counts = await runVitest(root, 'inner', ['--config', join(folder, 'vitest.config.ts')], 'ignore');
  expect(counts).toEqual({ passed: 4, failed: 3, skipped: 1 });
}, 60_000);

it('the closing line tells skipped tests only when there are some', () => {
  expect(closingLine({ passed: 12, failed: 0, skipped: 0 })).toBe('12 passed, 0 failed');
  expect(closingLine({ passed: 12, failed: 1, skipped: 2 })).toBe('12 passed, 1 failed, 2 skipped');
});
