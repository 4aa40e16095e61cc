/**
 * Compiles the capture and encode addon for 64-bit Windows, on Linux. The first build fetches and compiles OpenH264,
 * which takes the network and a minute or two; all is kept in `~/.cache/guruconnect` by the hash of what went in.
 */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildTarget } from './building/compile.mjs';
import { nativeDir } from './building/files.mjs';
import { openH264Hooks } from './building/openh264-hooks.mjs';
import { windowsToolchain } from './building/windows-toolchain.mjs';

const addon = {
  output: 'gc_native.node',
  sources: ['src'],
  link: [
    ...['-shared', '-static', '-s', '-Wl,--gc-sections'],
    // The same sources make the same bytes, whenever and wherever they are compiled: the linker would write the time
    // into it, and derive its address from the path.
    ...['-Wl,--no-insert-timestamp', '-Wl,--image-base=0x180000000'],
    ...openH264Hooks,
  ],
};

/**
 * Builds the addon into `build/windows/` and returns its path.
 * Throws an Error whose message says what to install when something is missing.
 * @param {{ log?: (line: string) => void }} [options]
 */
export async function buildNativeWindows({ log = () => {} } = {}) {
  const outputDir = path.join(nativeDir, 'build', 'windows');
  return { addon: await buildTarget(addon, windowsToolchain(), outputDir, log) };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  buildNativeWindows({ log: (line) => process.stdout.write(`${line}\n`) }).catch((error) => {
    process.stderr.write(`the native addon was not built for Windows: ${error.message}\n`);
    process.exitCode = 1;
  });
}
