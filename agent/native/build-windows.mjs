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

const link = [
  ...['-shared', '-static', '-s', '-Wl,--gc-sections'],
  // The same sources make the same bytes, whenever and wherever they are compiled: the linker would write the time into
  // them, and derive their address from the path.
  ...['-Wl,--no-insert-timestamp', '-Wl,--image-base=0x180000000'],
];

/** What can be built; `sources` are folders or files below this one. */
const targets = {
  addon: { output: 'gc_native.node', sources: ['src'], link: [...link, ...openH264Hooks] },
  /** Parts of the capture for tests; never shipped. */
  probe: {
    output: 'gc_native_probe.node',
    sources: [
      'test/windows/support/windows_probe_addon.cc',
      'src/capture/changed_areas_windows.cc',
      'src/capture/cursor_picture_windows.cc',
      'src/capture/dxgi_output_windows.cc',
      'src/capture/dxgi_reader_windows.cc',
      'src/capture/gdi_reader_windows.cc',
      'src/capture/screen_reader_windows.cc',
      'src/capture/text_windows.cc',
      'src/find_node_windows.cc',
    ],
    link,
  },
};

/**
 * Builds the given targets ('addon' by default) into `build/windows/` and returns their paths by name.
 * Throws an Error whose message says what to install when something is missing.
 * @param {{ log?: (line: string) => void, targets?: string[] }} [options]
 */
export async function buildNativeWindows({ log = () => {}, targets: names = ['addon'] } = {}) {
  const outputDir = path.join(nativeDir, 'build', 'windows');
  const built = {};
  for (const name of names) {
    built[name] = await buildTarget(targets[name], windowsToolchain(), outputDir, log);
  }
  return built;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  buildNativeWindows({ log: (line) => process.stdout.write(`${line}\n`) }).catch((error) => {
    process.stderr.write(`the native addon was not built for Windows: ${error.message}\n`);
    process.exitCode = 1;
  });
}
