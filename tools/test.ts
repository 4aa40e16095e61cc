/**
 * `npm test`: checks, builds, unit and integration tests, end-to-end tests, in this order. A failure does not
 * hide what comes after it. The last line tells the sum of all: `N passed, N failed`.
 *
 * With arguments only the tests whose files match them run, without the checks: `npm test -- e2e/flow`.
 */
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildAddon, buildParts } from './build/build-all.mjs';
import { CHECKS, type Check } from './check/checks.ts';
import { addCounts, type Counts, closingLine } from './check/counts.ts';
import { runChecks } from './check/run-checks.ts';
import { runVitest } from './check/run-vitest.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const filters = process.argv.slice(2);

const buildCheck = (title: string, build: () => Promise<void>): Check => ({
  title,
  run: () => build().then(() => '', String),
});
const BUILDS: readonly Check[] = [
  buildCheck('build of the addon', buildAddon),
  buildCheck('build of the server', () => buildParts(root, ['server'])),
  buildCheck('build of the web pages', () => buildParts(root, ['web'])),
  buildCheck('build of the agent', () => buildParts(root, ['agent'])),
];

const parts: (() => Promise<Counts>)[] = [
  () => runChecks(root, filters.length > 0 ? [] : CHECKS),
  () => runChecks(root, BUILDS),
  () => runVitest(root, 'unit', ['--maxWorkers=2', ...filters]),
  // Each end-to-end test wants both cores: it runs a server, a desktop, an agent and a browser.
  () => runVitest(root, 'e2e', ['--maxWorkers=1', ...filters]),
];

let total: Counts = { passed: 0, failed: 0, skipped: 0 };
for (const part of parts) total = addCounts(total, await part());
console.log(closingLine(total));
process.exitCode = total.failed > 0 ? 1 : 0;
