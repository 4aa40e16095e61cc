// @ts-check
/** Makes the agent for Windows, as the folder that the runtime pack is made of. */
import { cp, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { agentManifest, bundleAgent, copyPackage, packageDir } from './bundle-agent.mjs';
import { buildNativeWindows } from './native/build-windows.mjs';

/** Each process of the agent; its windows are the launcher's business here. */
const ENTRIES = [
  { in: 'agent/src/main.ts', out: 'main' },
  { in: 'agent/src/supervise/host-entry.ts', out: 'session-host' },
  { in: 'agent/src/desktop/helper-entry.ts', out: 'desktop-helper' },
];

/** JavaScript of the packages with binaries; the binaries themselves are Windows' own packages. */
const COPIED = [
  { name: 'node-datachannel', keep: ['package.json', 'LICENSE', 'dist/esm', 'dist/cjs'] },
  { name: 'detect-libc', keep: ['package.json', 'LICENSE', 'lib'] },
  { name: 'koffi', keep: ['package.json', 'LICENSE.txt', 'index.js', 'index.cjs', 'src/koffi'] },
];

/** What of Windows' own packages is for other processors. */
const KEPT_BINARIES = {
  '@node-datachannel/win32-x64-msvc': undefined,
  '@koromix/koffi-win32-x64': ['package.json', 'index.js', 'win32_x64'],
};

/**
 * Copies what the agent needs of packages into `outdir/node_modules`.
 *
 * @param {object} options
 * @param {string} options.outdir
 * @param {(name: string) => string} options.windowsPackage The folder of a package that is there for Windows only.
 */
export async function copyWindowsModules({ outdir, windowsPackage }) {
  const modules = path.join(outdir, 'node_modules');
  for (const { name, keep } of COPIED) await copyPackage(packageDir(name), path.join(modules, name), keep);
  for (const [name, keep] of Object.entries(KEPT_BINARIES)) {
    await copyPackage(windowsPackage(name), path.join(modules, name), keep);
  }
}

/**
 * Builds the agent for Windows into `outdir`, beside its packages.
 *
 * @param {{ outdir: string, log?: (line: string) => void }} options
 */
export async function buildWindowsAgent({ outdir, log = () => {} }) {
  const { addon } = await buildNativeWindows({ log });
  await bundleAgent({ entries: ENTRIES, outdir, target: 'node22' });
  await cp(addon, path.join(outdir, 'gc_native.node'));
  await writeFile(path.join(outdir, 'package.json'), await agentManifest());
}
