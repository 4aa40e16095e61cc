/**
 * Compiles the capture and encode addon without node-gyp: a handful of files, one compiler, two kinds of library.
 * The result is kept by the hash of everything that went into it, so that a second run only copies.
 */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildTarget } from './building/compile.mjs';
import { nativeDir } from './building/files.mjs';
import { linuxToolchain } from './building/linux-toolchain.mjs';
import { openH264Hooks } from './building/openh264-hooks.mjs';

const x11Libraries = ['-lXdamage', '-lXfixes', '-lXrandr', '-lXi', '-lXext', '-lX11'];
// Static, so that the addon runs where no OpenH264 is installed.
const openH264 = ['-l:libopenh264.a'];

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
  /** Tries the guarding of encoders, with ones that fail; a program, so that sanitizers see threads that are left behind. */
  encoderChecks: {
    output: 'encoder-checks',
    sources: ['test/encoder_checks.cc', 'src/convert', 'src/encode'],
    link: [...openH264, ...openH264Hooks],
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
  const outputDir = path.join(nativeDir, 'build', ...(sanitized ? ['sanitized'] : []));
  for (const name of names) {
    built[name] = await buildTarget(targets[name], linuxToolchain({ sanitized }), outputDir, log);
  }
  return built;
}

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
