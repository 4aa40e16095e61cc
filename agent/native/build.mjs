/**
 * Compiles the capture and encode addon without node-gyp: a handful of files, one compiler, two kinds of library.
 * The result is kept by the hash of everything that went into it, so that a second run only copies.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { access, copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { availableParallelism, homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const here = path.dirname(fileURLToPath(import.meta.url));
const outputDir = path.join(here, 'build');
const compiler = process.env.CXX ?? 'g++';

const debianPackages = {
  'X11/Xlib.h': 'libx11-dev',
  'X11/extensions/XShm.h': 'libxext-dev',
  'X11/extensions/Xdamage.h': 'libxdamage-dev',
  'X11/extensions/Xfixes.h': 'libxfixes-dev',
  'X11/extensions/Xrandr.h': 'libxrandr-dev',
  'X11/extensions/XInput2.h': 'libxi-dev',
  'X11/extensions/XTest.h': 'libxtst-dev',
  'wels/codec_api.h': 'libopenh264-dev',
};

const warnings = ['-Wall', '-Wextra', '-Werror', '-Wshadow', '-Wnon-virtual-dtor'];
const common = ['-std=c++17', '-fPIC', '-fvisibility=hidden', '-pthread'];
const release = ['-O3', '-g1', '-DNDEBUG'];
const sanitize = ['-O1', '-g', '-fno-omit-frame-pointer', '-fsanitize=address,undefined'];
// A worker that is being terminated refuses JavaScript; without the last define that would end the process.
const napiDefines = [
  '-DNAPI_VERSION=8',
  '-DNODE_ADDON_API_CPP_EXCEPTIONS',
  '-DNODE_ADDON_API_DISABLE_DEPRECATED',
  '-DNODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS',
];
const x11Libraries = ['-lXdamage', '-lXfixes', '-lXrandr', '-lXi', '-lXext', '-lX11'];
// Static, so that the addon runs where no OpenH264 is installed.
const openH264 = ['-l:libopenh264.a'];
/** Functions of OpenH264 whose callers get ours instead; src/encode/openh264_hooks.cc says what for. */
const openH264Hooks = [
  '_ZN6WelsVP19ScrollDetectionCoreEP7SPixMapS1_iiiiR21SScrollDetectionParam',
  '_ZN7WelsEnc15DecideFrameTypeEPNS_13TagWelsEncCtxEaib',
  '_ZN7WelsEnc20PerformFMEPreprocessEPNS_22TagWelsFuncPointerListEPNS_10TagPictureEPtPNS_28TagScreenBlockFeatureStorageE',
  '_ZN7WelsEnc22WelsDiamondCrossSearchEPNS_22TagWelsFuncPointerListEPNS_9TagWelsMEEPNS_8TagSliceEii',
  '_ZN7WelsEnc29WelsDiamondCrossFeatureSearchEPNS_22TagWelsFuncPointerListEPNS_9TagWelsMEEPNS_8TagSliceEii',
].map((symbol) => `-Wl,--wrap=${symbol}`);

/** What can be built; `sources` are folders or files below this one. */
const targets = {
  addon: {
    output: 'gc_native.node',
    sources: ['src'],
    link: ['-shared', ...openH264, ...openH264Hooks, ...x11Libraries],
  },
  /** Decoder, converter and encoder for tests and measurements; never shipped. */
  probe: {
    output: 'gc_native_probe.node',
    sources: ['test/probe_addon.cc', 'src/convert', 'src/encode'],
    link: ['-shared', ...openH264, ...openH264Hooks],
  },
  /** An X client that paints a moving picture; the source of full-screen motion in tests and benchmarks. */
  flipWindow: {
    output: 'flip-window',
    sources: ['test/flip-window.c'],
    link: ['-lXext', '-lX11', '-lm'],
  },
  /** An X client that tests drive by lines on its standard input. */
  paintClient: {
    output: 'paint-client',
    sources: ['test/paint-client.c'],
    link: ['-lXtst', '-lXrandr', '-lX11'],
  },
};

/**
 * Builds the given targets ('addon' by default) and returns their paths by name.
 * Throws an Error whose message says what to install when something is missing.
 * @param {{ log?: (line: string) => void, targets?: string[], sanitized?: boolean }} [options]
 */
export async function buildNative({ log = () => {}, targets: names = ['addon'], sanitized = false } = {}) {
  const built = {};
  for (const name of names) built[name] = await buildTarget(targets[name], { log, sanitized });
  return built;
}

async function buildTarget(target, { log, sanitized }) {
  const sources = (await Promise.all(target.sources.map(listSources))).flat().sort();
  const flags = [...common, ...(sanitized ? sanitize : release)];
  const cacheDir = path.join(
    homedir(),
    '.cache',
    'guruconnect',
    'native',
    await fingerprint(target, sources, flags),
  );
  const cached = path.join(cacheDir, target.output);
  const output = path.join(sanitized ? path.join(outputDir, 'sanitized') : outputDir, target.output);
  await mkdir(path.dirname(output), { recursive: true });
  if (!(await exists(cached))) {
    await requireTools();
    const started = performance.now();
    await compileInto(cacheDir, target, sources.filter(isCompiled), flags);
    log(`built ${target.output} in ${((performance.now() - started) / 1000).toFixed(1)} s`);
  } else {
    log(`${target.output} is up to date`);
  }
  // A running process may have the old file mapped: replace it by name, never write into it.
  const fresh = `${output}.${process.pid}`;
  await copyFile(cached, fresh);
  await rename(fresh, output);
  return output;
}

async function listSources(entry) {
  const full = path.join(here, entry);
  if (/\.(cc|c)$/.test(entry)) return [full];
  const entries = await readdir(full, { recursive: true });
  return entries.filter((name) => /\.(cc|h)$/.test(name)).map((name) => path.join(full, name));
}

const isCompiled = (file) =>
  !file.endsWith('.h') && (!/_(linux|windows)\.cc$/.test(file) || file.includes(`_${osName()}.`));

const osName = () => (process.platform === 'win32' ? 'windows' : process.platform);

async function fingerprint(target, sources, flags) {
  const hash = createHash('sha256');
  hash.update(
    JSON.stringify([target, flags, warnings, napiDefines, compiler, process.arch, await version()]),
  );
  hash.update(await versionsOfInputs());
  for (const source of [...sources, ...(await sharedHeaders())]) {
    hash.update(path.relative(here, source));
    hash.update(await readFile(source));
  }
  return hash.digest('hex');
}

async function sharedHeaders() {
  return (await listSources('src')).filter((file) => file.endsWith('.h')).sort();
}

async function version() {
  const manifest = JSON.parse(await readFile(path.join(here, '..', 'package.json'), 'utf8'));
  return manifest.version;
}

/** Everything outside this folder that ends up in the binary. */
async function versionsOfInputs() {
  const [napi, compilerVersion, libraries] = await Promise.all([
    readFile(path.join(packageDir('node-addon-api'), 'package.json'), 'utf8').catch(() => 'none'),
    run(compiler, ['--version']).then(
      ({ stdout }) => stdout,
      () => 'none',
    ),
    run('dpkg-query', ['-W', 'libopenh264-dev', ...Object.values(debianPackages)]).then(
      ({ stdout }) => stdout,
      () => 'none',
    ),
  ]);
  return [napi, compilerVersion, libraries].join('\n');
}

async function requireTools() {
  await run(compiler, ['--version']).catch(() => {
    throw new Error(`no C++ compiler '${compiler}': apt-get install g++`);
  });
  for (const name of ['node-addon-api', 'node-api-headers']) {
    if (!(await exists(packageDir(name)))) throw new Error(`the npm package ${name} is missing: npm install`);
  }
  const missing = [];
  for (const [header, debianPackage] of Object.entries(debianPackages)) {
    if (!(await headerExists(header))) missing.push(debianPackage);
  }
  if (missing.length > 0) throw new Error(`headers are missing: apt-get install ${missing.join(' ')}`);
}

async function headerExists(header) {
  const preprocess = run(compiler, ['-E', '-x', 'c++', '-include', header, '/dev/null', '-o', '/dev/null']);
  return preprocess.then(
    () => true,
    () => false,
  );
}

async function compileInto(cacheDir, target, files, flags) {
  await mkdir(path.dirname(cacheDir), { recursive: true });
  const workDir = await mkdtemp(`${cacheDir}.`);
  try {
    const objects = await mapAtMost(availableParallelism(), files, (file) =>
      compileOne(workDir, file, flags),
    );
    const linked = path.join(workDir, target.output);
    await runCompiler([...flags, ...objects, '-o', linked, ...target.link]);
    await mkdir(cacheDir, { recursive: true });
    await rename(linked, path.join(cacheDir, target.output));
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
}

async function compileOne(workDir, file, flags) {
  const object = path.join(workDir, `${path.relative(here, file).replaceAll(path.sep, '_')}.o`);
  const languageFlags = file.endsWith('.c')
    ? ['-x', 'c', ...flags.filter((flag) => !flag.startsWith('-std'))]
    : flags;
  const includes = ['node-addon-api', 'node-api-headers/include'].flatMap((name) => [
    '-isystem',
    packageDir(name),
  ]);
  const defines = [...napiDefines, `-DGC_NATIVE_VERSION="${await version()}"`];
  const cWarnings = file.endsWith('.c') ? warnings.filter((flag) => flag !== '-Wnon-virtual-dtor') : warnings;
  await runCompiler([...languageFlags, ...cWarnings, ...includes, ...defines, '-c', file, '-o', object]);
  return object;
}

async function runCompiler(args) {
  try {
    await run(compiler, args, { maxBuffer: 16 * 1024 * 1024 });
  } catch (error) {
    throw new Error(`${compiler} failed:\n${error.stderr ?? error.message}`, { cause: error });
  }
}

/** Workspaces hoist packages to the root, an installed agent may not. */
function packageDir(name) {
  const root = path.join(here, '..', '..', 'node_modules');
  return path.join(root, name);
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

const exists = (file) =>
  access(file, constants.F_OK).then(
    () => true,
    () => false,
  );

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const print = (line) => process.stdout.write(`${line}\n`);
  const everything = process.argv.includes('--all');
  buildNative({
    log: print,
    targets: everything ? Object.keys(targets) : ['addon'],
    sanitized: process.argv.includes('--sanitize'),
  }).catch((error) => {
    process.stderr.write(`the native addon was not built: ${error.message}\n`);
    process.exitCode = 1;
  });
}
