// @ts-check
/**
 * `npm run build:windows`: everything for Windows into `dist/windows`, from sources, on Debian. Nothing of a
 * deployment is in it; a server adds its address and its keys.
 */
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildLauncher } from '../launcher/build.mjs';
import { buildPack, PACK_NAME } from './build-pack.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/**
 * Builds the pack and the programs, and says in `release.json` what there is. What was there before stays until all
 * of it is done.
 *
 * @param {{ log?: (line: string) => void }} [options]
 */
export async function buildWindows({ log = () => {} } = {}) {
  const outdir = join(root, 'dist', 'windows');
  const fresh = `${outdir}.new`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true });
  const [programs, { version, node }] = await Promise.all([
    buildLauncher({ log }),
    buildPack({ root, outdir: fresh, log }),
  ]);
  for (const [name, built] of Object.entries({
    'GuruConnect.exe': programs.ui,
    'GuruConnect-x86.exe': programs.uiX86,
    'guruconnect-service.exe': programs.service,
  })) {
    if (built === undefined) throw new Error(`${name} was not built`);
    copyFileSync(built, join(fresh, name));
  }
  const describe = (/** @type {string} */ name) => describeFile(join(fresh, name));
  const release = {
    version,
    platform: 'win32-x64',
    node,
    files: {
      pack: describe(PACK_NAME),
      ui: describe('GuruConnect.exe'),
      service: describe('guruconnect-service.exe'),
    },
  };
  writeFileSync(join(fresh, 'release.json'), `${JSON.stringify(release, null, 2)}\n`);
  rmSync(outdir, { recursive: true, force: true });
  renameSync(fresh, outdir);
  return outdir;
}

/** @param {string} path */
function describeFile(path) {
  const bytes = readFileSync(path);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { name: basename(path), size: bytes.length, sha256 };
}
