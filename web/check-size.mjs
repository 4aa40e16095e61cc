// Measures what a first visit loads, gzipped, against the budgets of the two pages. Called by the build:
//   node web/check-size.mjs [dist/web]
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const BUDGETS = [
  { page: 'index.html', name: 'portal', maxBytes: 100_000, alsoLoads: [] },
  // The Support tab is what a technician sees first: its lazy chunk counts as well.
  {
    page: 'app.html',
    name: 'dashboard',
    maxBytes: 300_000,
    alsoLoads: ['src/features/support/support-page.tsx'],
  },
];

/** Gzipped bytes of a page with every script and style that it loads before it is usable. */
export function firstLoadBytes(directory, { page, alsoLoads }) {
  const manifest = JSON.parse(readFileSync(join(directory, '.vite/manifest.json'), 'utf8'));
  const files = new Set([page, 'theme.js', 'favicon.svg']);
  const visit = (key) => {
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

function main() {
  const directory = process.argv[2] ?? fileURLToPath(new URL('../dist/web', import.meta.url));
  for (const budget of BUDGETS) {
    const bytes = firstLoadBytes(directory, budget);
    const verdict = bytes <= budget.maxBytes ? 'ok' : 'OVER BUDGET';
    process.stdout.write(
      `${budget.name}: ${(bytes / 1000).toFixed(1)} kB gzip of ${budget.maxBytes / 1000} kB, ${verdict}\n`,
    );
    if (bytes > budget.maxBytes) process.exitCode = 1;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
