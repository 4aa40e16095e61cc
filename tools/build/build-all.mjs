// @ts-check
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { step } from '../setup/progress.mjs';
import { hashInputs } from './inputs-hash.mjs';

/**
 * @typedef {object} BuildTarget
 * @property {string} title
 * @property {readonly string[]} inputs Files and folders whose content decides whether to build anew.
 * @property {readonly string[]} outputs Files that exist once the target is built.
 * @property {(root: string) => Promise<unknown>} build
 */

/** What end users on Linux fetch. */
export const LINUX_PACKAGE = 'dist/download/guruconnect-agent-linux-x64.tar.gz';

/** Says what of the build for Windows there is; a server puts a deployment's address into it. */
export const WINDOWS_RELEASE = 'dist/windows/release.json';

/** Everything that gets built, by name. The modules that build load their tools only when needed. */
export const TARGETS = {
  server: {
    title: 'Building the server',
    inputs: ['server', 'sfu', 'shared', 'tools/build/build-server.mjs', 'package-lock.json'],
    outputs: ['dist/server/main.mjs', 'dist/server/relay.mjs'],
    build: async (/** @type {string} */ root) => (await import('./build-server.mjs')).buildServer(root),
  },
  web: {
    title: 'Building the web pages',
    inputs: ['web', 'shared', 'tools/build/build-web.mjs', 'package-lock.json'],
    outputs: ['dist/web/index.html'],
    build: async (/** @type {string} */ root) => (await import('./build-web.mjs')).buildWeb(root),
  },
  agent: {
    title: 'Building the agent',
    inputs: [
      'agent/src',
      'agent/native',
      'agent/build.mjs',
      'agent/bundle-agent.mjs',
      'agent/linux-run.sh',
      'agent/package.json',
      'shared',
      'package-lock.json',
    ],
    outputs: ['dist/agent/main.mjs', LINUX_PACKAGE],
    build: async () => (await import('../../agent/build.mjs')).buildAgent(),
  },
  windows: {
    title: 'Building for Windows',
    inputs: [
      'agent/src',
      'agent/native',
      'agent/build-windows.mjs',
      'agent/bundle-agent.mjs',
      'agent/package.json',
      'installers/launcher',
      'installers/windows',
      'shared',
      'package-lock.json',
    ],
    outputs: [
      WINDOWS_RELEASE,
      'dist/windows/pack-win32-x64.tar.xz',
      'dist/windows/GuruConnect.exe',
      'dist/windows/GuruConnect-x86.exe',
      'dist/windows/guruconnect-service.exe',
    ],
    build: async () => (await import('../../installers/windows/build-windows.mjs')).buildWindows(),
  },
};

/** @typedef {keyof typeof TARGETS} BuildName */

/**
 * Builds the named parts whose inputs changed since they were last built, side by side.
 * The agent needs its addon first: {@link buildAddon}.
 *
 * @param {string} root
 * @param {readonly BuildName[]} names
 */
export async function buildParts(root, names) {
  const results = await Promise.allSettled(
    names.map((name) => step(TARGETS[name].title, () => buildIfChanged(root, name, TARGETS[name]))),
  );
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}

/** Compiles the agent's C++ addon; it keeps its own record of what it was built from. */
export async function buildAddon() {
  await step('Building the capture and encode addon', async () => {
    const { buildNative } = await import('../../agent/native/build.mjs');
    let compiled = false;
    await buildNative({ log: (/** @type {string} */ line) => (compiled ||= line.startsWith('built')) });
    return compiled ? 'built' : 'unchanged';
  });
}

/**
 * @param {string} root
 * @param {string} name
 * @param {BuildTarget} target
 */
async function buildIfChanged(root, name, target) {
  const stamps = join(root, 'dist', '.stamps');
  const stamp = join(stamps, name);
  const hash = hashInputs(root, target.inputs);
  const isThere = [...target.outputs, join('dist', '.stamps', name)].every((file) =>
    existsSync(join(root, file)),
  );
  if (isThere && readFileSync(stamp, 'utf8') === hash) return 'unchanged';
  await target.build(root);
  mkdirSync(stamps, { recursive: true });
  writeFileSync(stamp, hash);
  return 'built';
}
