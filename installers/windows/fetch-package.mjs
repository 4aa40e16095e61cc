// @ts-check
/**
 * Windows' packages from the npm registry: npm itself would not install them on Linux. Each is pinned by version and
 * hash, and kept unpacked under `~/.cache/guruconnect/npm`.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../../tools/setup/run-command.mjs';

/**
 * @typedef {object} PinnedPackage
 * @property {string} name
 * @property {string} version
 * @property {string} integrity `sha512-` and the hash of the package's archive in base64, as lock files have it.
 */

/**
 * Returns the folder of a package, fetched if it is not in the cache.
 *
 * @param {PinnedPackage} wanted
 * @param {string} [cache]
 * @throws when the registry has something else under this name and version.
 */
export async function fetchPackage(wanted, cache = join(homedir(), '.cache', 'guruconnect', 'npm')) {
  const key = createHash('sha256').update(wanted.integrity).digest('hex').slice(0, 32);
  const kept = join(cache, key);
  if (existsSync(kept)) return join(kept, 'package');
  mkdirSync(cache, { recursive: true });
  const fresh = mkdtempSync(join(cache, 'new-'));
  try {
    await fetchInto(fresh, wanted);
    renameSync(fresh, kept);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    // Another build fetched it in the meantime.
    if (!existsSync(kept)) throw error;
  }
  return join(kept, 'package');
}

/**
 * @param {string} folder
 * @param {PinnedPackage} wanted
 */
async function fetchInto(folder, { name, version, integrity }) {
  const what = `${name}@${version}`;
  const options = ['--prefer-offline', '--fetch-timeout=300000', '--ignore-scripts', '--loglevel=error'];
  await runCommand(`npm pack ${what}`, 'npm', ['pack', what, '--pack-destination', folder, ...options], {
    cwd: folder,
  });
  const [archive = ''] = readdirSync(folder);
  checkIntegrity(what, readFileSync(join(folder, archive)), integrity);
  await runCommand(`unpacking ${what}`, 'tar', ['-xzf', archive, '--no-same-owner'], { cwd: folder });
  rmSync(join(folder, archive));
}

/**
 * @param {string} what
 * @param {Uint8Array} archive
 * @param {string} integrity
 */
export function checkIntegrity(what, archive, integrity) {
  const found = `sha512-${createHash('sha512').update(archive).digest('base64')}`;
  if (found !== integrity)
    throw new Error(`${what} is not what was pinned: ${found} instead of ${integrity}`);
}
