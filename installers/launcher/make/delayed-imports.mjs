// @ts-check
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const cache = join(homedir(), '.cache', 'guruconnect', 'launcher', 'delayed');

/**
 * Import libraries for libraries of Windows that are loaded at the first call of one of their functions, and not with
 * the program. A function that is not named here does not link.
 *
 * @param {string} dlltool
 * @param {Readonly<Record<string, readonly string[]>>} libraries Functions by library (`winhttp.dll`).
 * @returns {Promise<string[]>} Paths, in the order of the libraries.
 */
export function delayedImports(dlltool, libraries) {
  return Promise.all(Object.entries(libraries).map(([name, functions]) => one(dlltool, name, functions)));
}

/**
 * @param {string} dlltool
 * @param {string} name
 * @param {readonly string[]} functions
 */
async function one(dlltool, name, functions) {
  const { stdout: version } = await run(dlltool, ['--version']);
  const definition = `LIBRARY ${name}\nEXPORTS\n${functions.map((line) => `${line}\n`).join('')}`;
  const hash = createHash('sha256').update(version).update(dlltool).update(definition).digest('hex');
  const library = join(cache, hash.slice(0, 32), `${name}.a`);
  if (existsSync(library)) return library;
  mkdirSync(dirname(library), { recursive: true });
  const folder = mkdtempSync(join(cache, 'new-'));
  // What the library is called inside comes from these names: two with the same would both be the first one's.
  const own = name.replace(/\W/g, '_');
  writeFileSync(join(folder, 'imports.def'), definition);
  await run(dlltool, ['-d', 'imports.def', '-y', `${own}.a`, '-D', name, '-t', own], { cwd: folder });
  renameSync(join(folder, `${own}.a`), library);
  rmSync(folder, { recursive: true, force: true });
  return library;
}
