// @ts-check
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './run-command.mjs';

/**
 * @typedef {{ version?: string, link?: boolean, optional?: boolean }} LockedPackage
 * @typedef {{ packages: Record<string, LockedPackage> }} LockFile
 */

/**
 * Installs the npm packages when what is installed is not what the lock file says. npm writes its own
 * record (`node_modules/.package-lock.json`) last, so an install that was cut short counts as missing.
 * No package's install script ever runs.
 *
 * @param {string} root
 * @returns {Promise<'unchanged' | 'installed'>}
 */
export async function installNpmPackages(root) {
  const wanted = readLock(join(root, 'package-lock.json'));
  const installed = readLock(join(root, 'node_modules', '.package-lock.json'));
  if (wanted && installed && isInstalled(wanted, installed)) return 'unchanged';
  await runCommand(
    'npm ci',
    process.platform === 'win32' ? 'npm.cmd' : 'npm',
    // A slow mirror is waited for; packages that are in the cache are not asked for again.
    ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--fetch-timeout=300000'],
    { cwd: root },
  );
  return 'installed';
}

/**
 * Whether every locked package is there in its locked version. Optional ones may be missing: they are
 * other platforms' binaries.
 *
 * @param {LockFile} wanted
 * @param {LockFile} installed
 */
export function isInstalled(wanted, installed) {
  return Object.entries(wanted.packages).every(([path, locked]) => {
    if (!path.startsWith('node_modules/') && !path.includes('/node_modules/')) return true;
    const found = installed.packages[path];
    return found ? found.version === locked.version : locked.optional === true;
  });
}

/**
 * @param {string} file
 * @returns {LockFile | undefined}
 */
function readLock(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    // Missing or cut short: both mean that an install is due.
    return undefined;
  }
}
