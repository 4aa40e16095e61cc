// @ts-check
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { print, SetupError } from './progress.mjs';
import { runCommand } from './run-command.mjs';

/** Debian packages by what they are for. */
const PACKAGES = {
  /** The agent's addon: compiler, encoder, X11 headers. */
  native: [
    'g++',
    'libopenh264-dev',
    'libx11-dev',
    'libxdamage-dev',
    'libxext-dev',
    'libxfixes-dev',
    'libxi-dev',
    'libxrandr-dev',
    'libxtst-dev',
  ],
  /** A virtual desktop with something to see on it. */
  desktop: ['fonts-dejavu-core', 'openbox', 'x11-xkb-utils', 'xkb-data', 'xterm', 'xvfb'],
  /** What the tests run against. */
  test: [
    'chromium',
    'coturn',
    'curl',
    'iproute2',
    'iputils-ping',
    'nftables',
    'openssl',
    'pebble',
    'postgresql',
    'postgresql-contrib',
    'procps',
    'x11-utils',
    'x11-xserver-utils',
  ],
  /** What makes the programs for Windows; some of it is compiled from Debian's sources. */
  windows: [
    'dpkg-dev',
    'g++-mingw-w64-x86-64',
    'gcc-mingw-w64-i686',
    'libopenh264-dev',
    'make',
    'nasm',
    'xz-utils',
  ],
  /** What runs them; and what makes and signs installers. */
  wine: ['msitools', 'osslsigncode', 'wine64', 'wixl', 'xvfb'],
};

/** @typedef {keyof typeof PACKAGES} Purpose */

/**
 * Installs what is missing for the purposes: by apt-get when root, otherwise throws with the exact command.
 *
 * @param {readonly Purpose[]} purposes
 * @returns {Promise<'unchanged' | 'installed'>}
 */
export async function installSystemPackages(purposes) {
  const wanted = purposes.flatMap((purpose) => PACKAGES[purpose]);
  if (wanted.length === 0) return 'unchanged';
  const missing = missingPackages(wanted);
  if (missing.length === 0) return 'unchanged';
  const install = ['install', '-y', '--no-install-recommends', ...missing];
  if (process.getuid?.() !== 0) {
    throw new SetupError(
      `These system packages are missing. Install them, then run the same command again:\n\n` +
        `  sudo apt-get update && sudo apt-get ${install.join(' ')}\n`,
    );
  }
  print(`  Installing ${missing.join(' ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  if (!hasPackageLists()) await runCommand('apt-get update', 'apt-get', ['update'], { env });
  try {
    await runCommand('apt-get install', 'apt-get', install, { env });
  } catch {
    // Old lists name versions that the mirror no longer has: fetch them anew and try once more.
    await runCommand('apt-get update', 'apt-get', ['update'], { env });
    await runCommand('apt-get install', 'apt-get', install, { env });
  }
  return 'installed';
}

/**
 * Whether everything for the purposes is there; false as well where that cannot be told.
 *
 * @param {readonly Purpose[]} purposes
 */
export function hasSystemPackages(purposes) {
  try {
    return missingPackages(purposes.flatMap((purpose) => PACKAGES[purpose])).length === 0;
  } catch {
    return false;
  }
}

/** @param {readonly string[]} wanted */
function missingPackages(wanted) {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: these placeholders are dpkg's
  const format = '${Package} ${db:Status-Status}\n';
  const query = spawnSync('dpkg-query', ['-W', '-f', format, ...wanted], { encoding: 'utf8' });
  if (query.error) {
    throw new SetupError(
      `This is not a Debian-like system (no dpkg-query), so its packages cannot be checked.\n` +
        `What is needed, by Debian's names: ${wanted.join(' ')}`,
    );
  }
  const installed = new Set(
    query.stdout
      .split('\n')
      .filter((line) => line.endsWith(' installed'))
      .map((line) => line.split(' ')[0]),
  );
  return wanted.filter((name) => !installed.has(name));
}

function hasPackageLists() {
  try {
    return readdirSync('/var/lib/apt/lists').some(
      (name) => name.endsWith('_Packages') || name.includes('_Packages.'),
    );
  } catch {
    return false;
  }
}
