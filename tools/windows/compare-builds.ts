/**
 * Builds for Windows twice, from copies of this tree in folders of different names, and names what differs. Programs
 * are compiled anew both times; packages fetched from the registry and slow compression come from the cache, since
 * both are kept by hashes of what they are. `node --import tsx tools/windows/compare-builds.ts`
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compareFolders } from './compare-folders.ts';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const SHARED_CACHES = ['npm', 'xz'];

const base = mkdtempSync(join(tmpdir(), 'guruconnect-builds-'));
try {
  const snapshot = join(base, 'snapshot');
  copyTree(snapshot);
  const folders = ['a', 'another-folder/below'].map((name) => join(base, name));
  const [first = '', second = ''] = folders.map((folder) => buildIn(folder, snapshot));
  const differences = compareFolders(first, second);
  console.log(differences.length === 0 ? 'Both builds are the same bytes.' : differences.join('\n'));
  process.exitCode = differences.length === 0 ? 0 : 1;
} finally {
  rmSync(base, { recursive: true, force: true });
}

/** Builds a copy of the snapshot with a home folder of its own; returns where the result is. */
function buildIn(folder: string, snapshot: string): string {
  const tree = join(folder, 'tree');
  mkdirSync(folder, { recursive: true });
  execFileSync('cp', ['-a', '--reflink=auto', snapshot, tree]);
  const home = join(folder, 'home');
  const cache = join(home, '.cache', 'guruconnect');
  mkdirSync(cache, { recursive: true });
  for (const name of SHARED_CACHES) {
    const ours = join(homedir(), '.cache', 'guruconnect', name);
    mkdirSync(ours, { recursive: true });
    symlinkSync(ours, join(cache, name));
  }
  const started = performance.now();
  execFileSync(process.execPath, ['tools/run.mjs', 'build:windows'], {
    cwd: tree,
    env: { PATH: process.env.PATH, HOME: home },
    stdio: 'inherit',
  });
  console.log(`Built in ${tree} within ${((performance.now() - started) / 1000).toFixed(0)} s.`);
  return join(tree, 'dist', 'windows');
}

/** What git would see of this tree at this moment, changes included, and the packages that are installed. */
function copyTree(to: string): void {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  for (const file of listed.split('\0').filter(Boolean)) copyIfThere(join(ROOT, file), join(to, file));
  execFileSync('cp', ['-a', '--reflink=auto', join(ROOT, 'node_modules'), join(to, 'node_modules')]);
}

/** A file that was deleted and not committed is still listed. */
function copyIfThere(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  try {
    cpSync(from, to);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}
