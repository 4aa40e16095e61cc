import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';

const COMPILER = 'x86_64-w64-mingw32-gcc';
const FLAGS = ['-std=c11', '-O2', '-Wall', '-Wextra', '-Werror', '-municode', '-static', '-s'];
const LIBRARIES = [
  '-ladvapi32',
  '-lcrypt32',
  '-lgdi32',
  '-lole32',
  '-lpsapi',
  '-lshell32',
  '-luser32',
  '-lwinhttp',
];

/**
 * Compiles a small Windows program (console, 64-bit, entry `wmain`) from its one C file and returns the path of
 * the EXE on this computer. Kept under `~/.cache/guruconnect` by the hash of all that went in.
 *
 * @throws Error with the compiler's words when it does not compile.
 */
export async function compileWindowsProgram(source: string): Promise<string> {
  const hash = createHash('sha256')
    .update([...FLAGS, ...LIBRARIES].join(' '))
    .update(readFileSync(source));
  const folder = join(homedir(), '.cache', 'guruconnect', 'windows-programs');
  const program = join(folder, `${basename(source, '.c')}-${hash.digest('hex').slice(0, 16)}.exe`);
  if (statSync(program, { throwIfNoEntry: false })) return program;
  mkdirSync(folder, { recursive: true });
  const fresh = `${program}.${process.pid}.exe`;
  await promisify(execFile)(COMPILER, [...FLAGS, source, '-o', fresh, ...LIBRARIES]);
  // Two tests that compile the same thing at once must not see half a file.
  renameSync(fresh, program);
  return program;
}
