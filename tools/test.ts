/**
 * `npm test`: checks, builds, unit and integration tests, end-to-end tests, tests under Wine, in this order. A
 * failure does not hide what comes after it. The last lines tell what failed, and the sum of all: `N passed, N failed`.
 *
 * With arguments only the tests whose files match them run, without the checks: `npm test -- e2e/flow`.
 * `npm run test:windows` (`--windows`) runs the builds and the tests under Wine.
 */
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildAddon, buildParts } from './build/build-all.mjs';
import { CHECKS, type Check } from './check/checks.ts';
import { addCounts, type Counts, closingLines, NO_COUNTS } from './check/counts.ts';
import { runChecks } from './check/run-checks.ts';
import { runVitest } from './check/run-vitest.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const onlyWindows = process.argv[2] === '--windows';
const filters = process.argv.slice(onlyWindows ? 3 : 2);

const buildCheck = (title: string, build: () => Promise<void>): Check => ({
  title,
  run: () => build().then(() => '', String),
});
const BUILDS: readonly Check[] = [
  buildCheck('build of the addon', buildAddon),
  buildCheck('build of the server', () => buildParts(root, ['server'])),
  buildCheck('build of the web pages', () => buildParts(root, ['web'])),
  buildCheck('build of the agent', () => buildParts(root, ['agent'])),
  buildCheck('build for Windows', () => buildParts(root, ['windows'])),
];

const builds = () => runChecks(root, BUILDS);
// Each of these tests wants both cores: it runs a server, a desktop, an agent and a browser.
const windows = () => runVitest(root, 'windows', ['--maxWorkers=1', ...filters]);
const parts: (() => Promise<Counts>)[] = onlyWindows
  ? [builds, windows]
  : [
      () => runChecks(root, filters.length > 0 ? [] : CHECKS),
      builds,
      () => runVitest(root, 'unit', ['--maxWorkers=2', ...filters]),
      () => runVitest(root, 'e2e', ['--maxWorkers=1', ...filters]),
      windows,
    ];

let total: Counts = NO_COUNTS;
for (const part of parts) total = addCounts(total, await part());
console.log(closingLines(total));
process.exitCode = total.failed > 0 ? 1 : 0;
