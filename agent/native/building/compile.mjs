import { copyFile, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { cacheDir, exists, nativeDir, packageDir, printed, run, version } from './files.mjs';
import { fingerprint, isFor, listSources } from './sources.mjs';

const warnings = ['-Wall', '-Wextra', '-Werror', '-Wshadow', '-Wnon-virtual-dtor'];
const napiPackages = ['node-addon-api', 'node-api-headers'];
// A worker that is being terminated refuses JavaScript; without the last define that would end the process.
const napiDefines = [
  '-DNAPI_VERSION=8',
  '-DNODE_ADDON_API_CPP_EXCEPTIONS',
  '-DNODE_ADDON_API_DISABLE_DEPRECATED',
  '-DNODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS',
];

/**
 * What compiles for one operating system.
 * @typedef {object} Toolchain
 * @property {string} compiler
 * @property {'linux' | 'windows'} os
 * @property {string[]} flags For compiling and linking.
 * @property {() => Promise<string>} versions Of everything outside this folder that ends up in the binary.
 * @property {() => Promise<{ includes: string[], link: string[] }>} prepare Makes or finds headers and libraries.
 *   Throws an Error whose message says what to install.
 */

/**
 * Compiles `target` with the toolchain unless that was done before, and puts it into `outputDir`. Returns its path.
 * @param {{ output: string, sources: string[], link: string[] }} target `sources` are folders or files of agent/native.
 * @param {Toolchain} toolchain
 */
export async function buildTarget(target, toolchain, outputDir, log) {
  const sources = (await listSources(target.sources)).filter(isFor(toolchain.os));
  const cached = path.join(cacheDir, 'native', await hashOf(target, toolchain, sources), target.output);
  if (await exists(cached)) {
    log(`${target.output} is up to date`);
  } else {
    const started = performance.now();
    await compileInto(
      cached,
      target,
      toolchain,
      sources.filter((file) => !file.endsWith('.h')),
    );
    log(`built ${target.output} in ${((performance.now() - started) / 1000).toFixed(1)} s`);
  }
  return await replaceByName(cached, path.join(outputDir, target.output));
}

/** A running process may have the old file mapped: it is replaced, never written into. */
async function replaceByName(from, output) {
  await mkdir(path.dirname(output), { recursive: true });
  const fresh = `${output}.${process.pid}`;
  await copyFile(from, fresh);
  await rename(fresh, output);
  return output;
}

async function hashOf(target, { compiler, os, flags, versions }, sources) {
  const headers = (await listSources(['src'])).filter((file) => file.endsWith('.h') && isFor(os)(file));
  const settings = [target, os, flags, warnings, napiDefines, compiler, process.arch, await version()];
  const napi = await Promise.all(
    napiPackages.map((name) => printed('cat', [path.join(packageDir(name), 'package.json')])),
  );
  const outside = [napi, await printed(compiler, ['--version']), await versions()];
  return fingerprint([settings, outside], [...sources, ...headers]);
}

async function compileInto(cached, target, toolchain, files) {
  const { includes, link } = await prepare(toolchain);
  await mkdir(path.dirname(path.dirname(cached)), { recursive: true });
  const workDir = await mkdtemp(`${path.dirname(cached)}.`);
  try {
    const compile = (file) => compileOne(workDir, file, toolchain, includes);
    const objects = await mapAtMost(availableParallelism(), files, compile);
    const linked = path.join(workDir, target.output);
    const args = [...toolchain.flags, ...objects, '-o', linked, ...target.link, ...link];
    await runCompiler(toolchain.compiler, args);
    await mkdir(path.dirname(cached), { recursive: true });
    await rename(linked, cached);
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
}

async function prepare(toolchain) {
  for (const name of napiPackages) {
    if (!(await exists(packageDir(name)))) throw new Error(`the npm package ${name} is missing: npm install`);
  }
  return await toolchain.prepare();
}

async function compileOne(workDir, file, { compiler, flags }, includes) {
  const object = path.join(workDir, `${path.relative(nativeDir, file).replaceAll(path.sep, '_')}.o`);
  const isC = file.endsWith('.c');
  const languageFlags = isC ? ['-x', 'c', ...flags.filter((flag) => !flag.startsWith('-std'))] : flags;
  const napi = ['node-addon-api', 'node-api-headers/include'].map(packageDir);
  const includeFlags = [...napi, ...includes].flatMap((dir) => ['-isystem', dir]);
  const defines = [...napiDefines, `-DGC_NATIVE_VERSION="${await version()}"`];
  const ownWarnings = isC ? warnings.filter((flag) => flag !== '-Wnon-virtual-dtor') : warnings;
  const args = [...languageFlags, ...ownWarnings, ...includeFlags, ...defines, '-c', file, '-o', object];
  await runCompiler(compiler, args);
  return object;
}

async function runCompiler(compiler, args) {
  try {
    await run(compiler, args, { maxBuffer: 16 * 1024 * 1024 });
  } catch (error) {
    throw new Error(`${compiler} failed:\n${error.stderr ?? error.message}`, { cause: error });
  }
}

async function mapAtMost(limit, items, task) {
  const results = new Array(items.length);
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const index = next++;
      results[index] = await task(items[index]);
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  return results;
}
