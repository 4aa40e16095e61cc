// @ts-check
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

const IGNORED = new Set(['node_modules', 'dist', 'test', '.git']);
/** What the addon's build makes; elsewhere a folder of that name is a feature like any other. */
const BUILT = join('native', 'build');

/**
 * A hash over the names and bytes of everything that a build reads. Tests are left out.
 *
 * @param {string} root
 * @param {readonly string[]} paths Files and folders below `root`; missing ones count as absent.
 */
export function hashInputs(root, paths) {
  const hash = createHash('sha256').update(process.version);
  for (const file of paths.flatMap((path) => filesBelow(join(root, path))).sort()) {
    hash.update(relative(root, file)).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

/**
 * @param {string} path
 * @returns {string[]}
 */
function filesBelow(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return [];
  if (stat.isFile()) return /\.test\.tsx?$/.test(path) ? [] : [path];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => !IGNORED.has(entry.name))
    .map((entry) => join(path, entry.name))
    .filter((below) => !below.endsWith(BUILT))
    .flatMap(filesBelow);
}
