import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';

const FLAGS = ['-std=c11', '-D_GNU_SOURCE', '-O2', '-Wall', '-Wextra', '-Werror'];
const LIBRARIES = ['-lXtst', '-lXrandr', '-lXext', '-lX11', '-lm'];

/**
 * Compiles a small X11 program from its one C file (and `bar-code.h` and such beside it, which it names) and
 * returns the binary's path. Kept under `~/.cache/guruconnect` by the hash of all that went in.
 */
export async function compileXClient(source: string): Promise<string> {
  const hash = createHash('sha256').update([...FLAGS, ...LIBRARIES].join(' '));
  for (const file of [source, ...headersOf(source)]) hash.update(readFileSync(file));
  const name = basename(source, '.c');
  const folder = join(homedir(), '.cache', 'guruconnect', 'x-clients');
  const binary = join(folder, `${name}-${hash.digest('hex').slice(0, 16)}`);
  if (statSync(binary, { throwIfNoEntry: false })) return binary;
  mkdirSync(folder, { recursive: true });
  const fresh = `${binary}.${process.pid}`;
  await promisify(execFile)('gcc', [...FLAGS, source, '-o', fresh, ...LIBRARIES]);
  // Two tests that compile the same thing at once must not see half a file.
  renameSync(fresh, binary);
  return binary;
}

function headersOf(source: string): string[] {
  const text = readFileSync(source, 'utf8');
  return [...text.matchAll(/#include "([^"]+)"/g)].map((match) => join(dirname(source), match[1] ?? ''));
}
