import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { WINE, WINE_SERVER, wineEnvironment } from './wine-environment.ts';

const run = promisify(execFile);

/** Goes into the template's name: raise it when {@link createTemplate} makes something else. */
const LAYOUT = 1;

/** Wine's own programs and libraries, 680 MB: nothing writes into them, so that all prefixes may share them. */
const SHARED =
  /\/windows\/(system32|syswow64|winsxs|resources|Fonts)\/.*\.(dll|exe|sys|drv|nls|ocx|cpl|acm)$/i;

/**
 * The folder of a Wine prefix as Wine makes it, with Windows 10 chosen. Made once per version of Wine and user
 * (5 s), then copied (0.1 s) by {@link copyPrefix}.
 */
export async function wineTemplate(): Promise<string> {
  const { stdout: version } = await run(WINE, ['--version']).catch(() => {
    throw new Error(`There is no ${WINE}: apt-get install wine64`);
  });
  const name = createHash('sha256').update(`${LAYOUT} ${version} ${process.getuid?.()}`).digest('hex');
  const cache = join(homedir(), '.cache', 'guruconnect', 'wine');
  const template = join(cache, name.slice(0, 16));
  if (existsSync(template)) return template;
  mkdirSync(cache, { recursive: true });
  const fresh = mkdtempSync(join(cache, 'new-'));
  try {
    await createTemplate(fresh);
    renameSync(fresh, template);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    // Another test made it in the meantime.
    if (!existsSync(template)) throw error;
  }
  return template;
}

async function createTemplate(folder: string): Promise<void> {
  const env = wineEnvironment(folder);
  await run(WINE, ['wineboot', '--init'], { env });
  // Wine 8 calls itself Windows 7 by default, which Node refuses.
  await run(WINE, ['winecfg', '/v', 'win10'], { env });
  // A program that crashes ends, instead of waiting for somebody to close a window about it.
  const debuggers = 'HKLM\\Software\\Microsoft\\Windows NT\\CurrentVersion\\AeDebug';
  await run(WINE, ['reg', 'add', debuggers, '/v', 'Debugger', '/d', '-', '/f'], { env });
  await stopWine(folder);
  ownUserFolders(join(folder, 'drive_c', 'users'));
}

/** Wine links Desktop, Downloads and such to this computer's home folder; tests must not write there. */
function ownUserFolders(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isSymbolicLink()) {
      rmSync(path);
      mkdirSync(path);
    } else if (entry.isDirectory()) ownUserFolders(path);
  }
}

/** Ends everything that runs in a prefix, and removes what its server has left under `/tmp`. */
export async function stopWine(prefix: string): Promise<void> {
  const env = wineEnvironment(prefix);
  // It fails when no server runs; `-w` then returns at once.
  await run(WINE_SERVER, ['-k'], { env }).catch(() => {});
  await run(WINE_SERVER, ['-w'], { env });
  const record = join(prefix, 'wineserver');
  if (!existsSync(record)) return;
  const socketFolder = readFileSync(record, 'utf8').trim();
  // Debian's Wine keeps the server's socket in `/tmp/wine-XXXXXX` and notes that name here.
  if (/^wine-\w{6}$/.test(socketFolder)) rmSync(`/tmp/${socketFolder}`, { recursive: true, force: true });
  rmSync(record, { force: true });
}

/** Copies a prefix; large files that never change are shared with it where both are on one file system. */
export function copyPrefix(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from)) {
    const [source, target] = [join(from, name), join(to, name)];
    const stat = lstatSync(source);
    if (stat.isDirectory()) copyPrefix(source, target);
    else if (stat.isSymbolicLink()) symlinkSync(readlinkSync(source), target);
    else if (SHARED.test(source)) linkOrCopy(source, target);
    else copyFileSync(source, target);
  }
}

function linkOrCopy(source: string, target: string): void {
  try {
    linkSync(source, target);
  } catch {
    copyFileSync(source, target);
  }
}
