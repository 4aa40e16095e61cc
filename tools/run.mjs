// @ts-check
/**
 * The one entry of `npm start`, `demo`, `dev`, `test`, `check`, `build`, `bench` and of their kin for Windows: brings
 * the machine to where the command can run (npm packages, system packages, builds), then becomes the command.
 * Plain JavaScript without dependencies, because it runs before there are any.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildAddon, buildParts, LINUX_PACKAGE, WINDOWS_RELEASE } from './build/build-all.mjs';
import { withBuildLock } from './build/build-lock.mjs';
import { checkNodeVersion } from './setup/node-version.mjs';
import { installNpmPackages } from './setup/npm-packages.mjs';
import { print, SetupError, step } from './setup/progress.mjs';
import { hasSystemPackages, installSystemPackages } from './setup/system-packages.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * @typedef {object} Command
 * @property {readonly import('./setup/system-packages.mjs').Purpose[]} system System packages, by purpose.
 * @property {boolean} addon Whether the C++ addon is needed.
 * @property {readonly import('./build/build-all.mjs').BuildName[]} parts What must be built.
 * @property {boolean} [offersAgent] Whether the agent is to be there for download where it can be built.
 * @property {readonly string[] | undefined} run Arguments for node; undefined when building was all.
 */

/** @type {Record<string, Command>} */
const COMMANDS = {
  start: {
    system: [],
    addon: false,
    parts: ['server', 'web'],
    offersAgent: true,
    run: ['dist/server/main.mjs'],
  },
  demo: {
    system: ['native', 'desktop'],
    addon: true,
    parts: ['server', 'web', 'agent'],
    run: ['--import', 'tsx', 'tools/demo.ts'],
  },
  dev: { system: [], addon: false, parts: [], run: ['--import', 'tsx', 'tools/dev.ts'] },
  // The builds are tests of their own here: a part that does not build must not hide the others' results.
  test: {
    system: ['native', 'desktop', 'test', 'windows', 'wine'],
    addon: false,
    parts: [],
    run: ['--import', 'tsx', 'tools/test.ts'],
  },
  'test:windows': {
    system: ['native', 'desktop', 'test', 'windows', 'wine'],
    addon: false,
    parts: [],
    run: ['--import', 'tsx', 'tools/test.ts', '--windows'],
  },
  check: { system: [], addon: false, parts: [], run: ['--import', 'tsx', 'tools/check.ts'] },
  build: { system: ['native'], addon: true, parts: ['server', 'web', 'agent'], run: undefined },
  'build:windows': { system: ['windows'], addon: false, parts: ['windows'], run: undefined },
  bench: {
    system: ['native', 'desktop', 'test'],
    addon: true,
    parts: ['server', 'web', 'agent'],
    run: ['--import', 'tsx', 'bench/main.ts'],
  },
};

async function main() {
  const [name = '', ...args] = process.argv.slice(2);
  const command = COMMANDS[name];
  if (!command) throw new SetupError(`Usage: npm run ${Object.keys(COMMANDS).join('|')}`);
  checkNodeVersion();
  await withBuildLock(root, () => prepare(command));
  if (command.run) become([...command.run, ...args]);
}

/** @param {Command} command */
async function prepare(command) {
  await step('Installing npm packages', () => installNpmPackages(root));
  await step('Installing system packages', () => installSystemPackages(command.system));
  if (command.addon) await buildAddon();
  await buildParts(root, command.parts);
  if (command.offersAgent) await offerAgent();
}

/** A server does without the agent's packages: neither compilers nor what they need are asked for here. */
async function offerAgent() {
  if (!(await hasBuilt(['native'], ['agent'])) && !existsSync(join(root, LINUX_PACKAGE))) {
    print('End users on Linux cannot fetch the agent from this server until `npm run build` has been run.');
  }
  // The first build for Windows takes minutes; that is for whoever asks for it.
  const isBuilt = existsSync(join(root, WINDOWS_RELEASE));
  if (isBuilt) await hasBuilt(['windows'], ['windows']);
  else print('Windows downloads are not built: run `npm run build:windows` to offer them.');
}

/**
 * Builds what has changed where the machine can, and says why where it cannot.
 *
 * @param {readonly import('./setup/system-packages.mjs').Purpose[]} needed
 * @param {readonly import('./build/build-all.mjs').BuildName[]} parts
 */
async function hasBuilt(needed, parts) {
  if (process.platform !== 'linux' || !hasSystemPackages(needed)) return false;
  try {
    if (parts.includes('agent')) await buildAddon();
    await buildParts(root, parts);
    return true;
  } catch (error) {
    print(error instanceof Error ? error.message : String(error));
    return false;
  }
}

/**
 * Hands the terminal to the command: signals go to it (a terminal's Ctrl-C reaches it anyway), and its end
 * is ours.
 *
 * @param {readonly string[]} args
 */
function become(args) {
  const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => {
      // From a terminal the child has this signal already; it treats a second one of the same kind as the first.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  child.on('close', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
}

main().catch((error) => {
  print(error instanceof SetupError ? `\n${error.message}` : `\n${error?.stack ?? error}`);
  process.exit(1);
});
