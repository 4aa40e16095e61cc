// @ts-check
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Debian's source of liblzma; another file of that name is not taken. */
const NAME = 'xz-utils_5.4.1.orig.tar.xz';
const SHA256 = '5d9827aa1875b21c288f78864bb26d2650b436ea8d2cad364e4921eb6266a5a5';
const PACKAGE = 'xz-utils';

/**
 * The unpacked source of liblzma, from Debian by apt and kept under `~/.cache/guruconnect`. Returns the folder that
 * holds `src/liblzma`.
 *
 * @param {(line: string) => void} log
 */
export async function xzSource(log) {
  const folder = join(homedir(), '.cache', 'guruconnect', 'sources', `xz-${SHA256.slice(0, 16)}`);
  if (existsSync(folder)) return folder;
  log('Getting the source of liblzma from Debian');
  const scratch = mkdtempSync(join(tmpdir(), 'guruconnect-xz-'));
  try {
    const archive = await download(scratch);
    const fresh = `${folder}.${process.pid}`;
    mkdirSync(fresh, { recursive: true });
    await run('tar', ['-C', fresh, '--strip-components=1', '-xf', archive]);
    // Another build may have been faster; its folder is the same.
    if (!existsSync(folder)) renameSync(fresh, folder);
    rmSync(fresh, { recursive: true, force: true });
    return folder;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** @param {string} scratch */
async function download(scratch) {
  const parts = join(scratch, 'sources');
  for (const name of ['sources', 'lists/partial', 'cache/archives/partial']) {
    mkdirSync(join(scratch, name), { recursive: true });
  }
  writeFileSync(join(parts, 'source.sources'), deb822Sources());
  writeFileSync(join(parts, 'source.list'), oneLineSources());
  // Lists of its own: those of the computer have no sources, and belong to root.
  const own = [
    ...['-o', 'Dir::Etc::sourcelist=/dev/null', '-o', `Dir::Etc::sourceparts=${parts}`],
    ...['-o', `Dir::State::lists=${join(scratch, 'lists')}`, '-o', `Dir::Cache=${join(scratch, 'cache')}`],
    ...['-o', 'APT::Sandbox::User=', '-qq'],
  ];
  await run('apt-get', [...own, 'update'], { cwd: scratch });
  await run('apt-get', [...own, '--download-only', 'source', PACKAGE], { cwd: scratch });
  const archive = join(scratch, NAME);
  if (!existsSync(archive)) throw new Error(`Debian has no ${NAME} any more.`);
  const hash = createHash('sha256').update(readFileSync(archive)).digest('hex');
  if (hash !== SHA256) throw new Error(`${NAME} has the hash ${hash} and not ${SHA256}.`);
  return archive;
}

/** The computer's own mirrors, asked for sources. */
function deb822Sources() {
  return filesOf('.sources')
    .map((file) => readFileSync(file, 'utf8').replace(/^Types:.*$/gm, 'Types: deb-src'))
    .join('\n');
}

function oneLineSources() {
  const files = ['/etc/apt/sources.list', ...filesOf('.list')].filter((file) => existsSync(file));
  const lines = files.flatMap((file) => readFileSync(file, 'utf8').split('\n'));
  return `${lines
    .filter((line) => /^deb\s/.test(line))
    .map((line) => line.replace(/^deb/, 'deb-src'))
    .join('\n')}\n`;
}

/** @param {string} ending */
function filesOf(ending) {
  const folder = '/etc/apt/sources.list.d';
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name));
}
