// @ts-check
import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A step of the set-up that failed in a way the reader can act on; printed without a stack. */
export class SetupError extends Error {}

/**
 * Runs one step and prints one line about it. Steps that had nothing to do return `'unchanged'` and stay
 * silent, so that a second start shows only what matters.
 *
 * @param {string} title What is being done, for example `Building the web pages`.
 * @param {() => Promise<unknown>} work
 */
export async function step(title, work) {
  const started = performance.now();
  const slow = setTimeout(() => print(`  ${title} …`), 1_000);
  try {
    const outcome = await work();
    clearTimeout(slow);
    if (outcome !== 'unchanged') print(`✓ ${title} (${seconds(started)})`);
  } catch (error) {
    clearTimeout(slow);
    print(`✗ ${title} (${seconds(started)})`);
    throw error;
  }
}

/** @param {string} line */
export function print(line) {
  process.stdout.write(`${line}\n`);
}

/**
 * Keeps the whole output of a failed step in a file and returns an error that shows its end.
 *
 * @param {string} what
 * @param {string} output
 */
export function failureWithLog(what, output) {
  const folder = join(tmpdir(), 'guruconnect-logs');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, `${what.replace(/[^a-z0-9]+/gi, '-').toLowerCase()}-${process.pid}.log`);
  writeFileSync(file, output, { mode: 0o600 });
  const tail = output.trimEnd().split('\n').slice(-25).join('\n');
  return new SetupError(`${what} failed:\n${tail}\n(whole output: ${file})`);
}

/** @param {number} started */
function seconds(started) {
  return `${((performance.now() - started) / 1000).toFixed(1)} s`;
}
