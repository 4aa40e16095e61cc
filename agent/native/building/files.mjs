/** Small helpers on files and processes that the builds of the addon share. */
import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const run = promisify(execFile);

/** The folder `agent/native`. */
export const nativeDir = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');

/** What was built before is kept here, by the hash of all that went in. */
export const cacheDir = path.join(homedir(), '.cache', 'guruconnect');

export const exists = (file) =>
  access(file, constants.F_OK).then(
    () => true,
    () => false,
  );

/** Workspaces hoist packages to the root, an installed agent may not. */
export function packageDir(name) {
  return path.join(nativeDir, '..', '..', 'node_modules', name);
}

/** The agent's version, which the addon tells. */
export async function version() {
  const manifest = JSON.parse(await readFile(path.join(nativeDir, '..', 'package.json'), 'utf8'));
  return manifest.version;
}

/** What a command prints, or 'none' when it fails or is not there. */
export const printed = (command, args) =>
  run(command, args).then(
    ({ stdout }) => stdout,
    () => 'none',
  );
