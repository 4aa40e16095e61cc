// Measures what a first visit loads, gzipped, against the budgets of the two pages. Every build does it; by hand:
//   node web/check-size.mjs [dist/web]
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

/** @type {{ page: string, name: string, maxBytes: number, alsoLoads: string[] }[]} */
const BUDGETS = [
  { page: 'index.html', name: 'portal', maxBytes: 100_000, alsoLoads: [] },
  // The Support tab is what a technician sees first: its lazy chunk counts as well.
  {
    page: 'app.html',
    name: 'dashboard',
    maxBytes: 300_000,
    alsoLoads: ['src/features/support/support-page.tsx'],
  },
  { page: 'session.html', name: 'session', maxBytes: 300_000, alsoLoads: ['src/app/draw-session.tsx'] },
];

/**
 * Gzipped bytes of a page with every script and style that it loads before it is usable.
 *
 * @param {string} directory
 * @param {{ page: string, alsoLoads: readonly string[] }} budget
 */
function firstLoadBytes(directory, { page, alsoLoads }) {
  const manifest = JSON.parse(readFileSync(join(directory, '.vite/manifest.json'), 'utf8'));
  const files = new Set([page, 'theme.js', 'favicon.svg']);
  const visit = (/** @type {string} */ key) => {
    const chunk = manifest[key];
    if (!chunk) throw new Error(`The manifest names no ${key}.`);
    if (files.has(chunk.file)) return;
    files.add(chunk.file);
    for (const style of chunk.css ?? []) files.add(style);
    for (const imported of chunk.imports ?? []) visit(imported);
  };
  for (const key of [page, ...alsoLoads]) visit(key);
  let total = 0;
  for (const file of files) total += gzipSync(readFileSync(join(directory, file))).length;
  return total;
}

/**
 * One line a page, and whether all keep their budget.
 *
 * @param {string} directory the built web app
 * @returns {{ lines: string[], isWithin: boolean }}
 */
export function checkSizes(directory) {
  const measured = BUDGETS.map((budget) => ({ ...budget, bytes: firstLoadBytes(directory, budget) }));
  return {
    lines: measured.map(({ name, bytes, maxBytes }) => {
      const verdict = bytes <= maxBytes ? 'ok' : 'OVER BUDGET';
      return `${name}: first load ${(bytes / 1000).toFixed(1)} kB gzip of ${maxBytes / 1000} kB, ${verdict}`;
    }),
    isWithin: measured.every(({ bytes, maxBytes }) => bytes <= maxBytes),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { lines, isWithin } = checkSizes(
    process.argv[2] ?? fileURLToPath(new URL('../dist/web', import.meta.url)),
  );
  process.stdout.write(`${lines.join('\n')}\n`);
  if (!isWithin) process.exitCode = 1;
}
