/**
 * Bundles the agent into `dist/agent`, a folder that runs wherever Node does, and packs it for download.
 */
import { execFile } from 'node:child_process';
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { agentManifest, bundleAgent, copyPackage, packageDir } from './bundle-agent.mjs';
import { buildNative } from './native/build.mjs';

const run = promisify(execFile);
const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.join(here, '..');
const outdir = path.join(root, 'dist', 'agent');
const UNIT = path.join(root, 'installers', 'linux', 'guruconnect-agent.service');
const downloads = path.join(root, 'dist', 'download');

/** What of the packages with binaries and of what they need is wanted at run time on this kind of machine; no sources, no manuals. */
const COPIED = [
  { name: 'node-datachannel', keep: ['package.json', 'LICENSE', 'dist/esm', 'dist/cjs'] },
  { name: '@node-datachannel/linux-x64-gnu' },
  { name: 'detect-libc', keep: ['package.json', 'LICENSE', 'lib'] },
  { name: 'koffi', keep: ['package.json', 'LICENSE.txt', 'index.js', 'index.cjs', 'src/koffi', 'lib'] },
  { name: '@koromix/koffi-linux-x64' },
  { name: 'robotjs', keep: ['package.json', 'LICENSE.md', 'LICENSES', 'index.js', 'prebuilds/linux-x64'] },
  { name: 'node-gyp-build' },
];

/** Each process of the agent. */
const ENTRIES = [
  { in: 'agent/src/main.ts', out: 'main' },
  { in: 'agent/src/supervise/host-entry.ts', out: 'session-host' },
  { in: 'agent/src/desktop/helper-entry.ts', out: 'desktop-helper' },
  { in: 'agent/src/window/window-entry.ts', out: 'window' },
];

/**
 * Builds everything and returns where it lies. The native addon is compiled first if it changed.
 * @param {{ log?: (line: string) => void }} [options]
 */
export async function buildAgent({ log = () => {} } = {}) {
  const { addon } = await buildNative({ log });
  await rm(outdir, { recursive: true, force: true });
  await bundleAgent({ entries: ENTRIES, outdir, target: 'node20' });
  await cp(addon, path.join(outdir, path.basename(addon)));
  await cp(UNIT, path.join(outdir, path.basename(UNIT)));
  for (const { name, keep } of COPIED) {
    await copyPackage(packageDir(name), path.join(outdir, 'node_modules', name), keep);
  }
  await writeFile(path.join(outdir, 'package.json'), await agentManifest());
  const archive = await pack();
  log(`the agent is in ${path.relative(root, outdir)} and ${path.relative(root, archive)}`);
  return { main: path.join(outdir, 'main.mjs'), archive };
}

/** The same files give the same archive: the order is fixed and no time or owner is in it. */
async function pack() {
  await mkdir(downloads, { recursive: true });
  const archive = path.join(downloads, 'guruconnect-agent-linux-x64.tar.gz');
  const stable = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner'];
  await run('tar', [
    ...stable,
    '--exclude=*.map',
    '--transform=s,^agent,guruconnect-agent,',
    '--use-compress-program=gzip -9n',
    '-cf',
    archive,
    '-C',
    path.dirname(outdir),
    'agent',
  ]);
  await cp(path.join(here, 'linux-run.sh'), path.join(downloads, 'linux-run.sh.template'));
  return archive;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const print = (/** @type {string} */ line) => process.stdout.write(`${line}\n`);
  buildAgent({ log: print }).catch((error) => {
    process.stderr.write(`the agent was not built: ${error.message}\n`);
    process.exitCode = 1;
  });
}
