import { mkdir, rename } from 'node:fs/promises';
import path from 'node:path';
import { cacheDir, exists, packageDir, printed, run } from './files.mjs';
import { buildOpenH264ForWindows, openH264Version, windowsTools } from './openh264-for-windows.mjs';
import { fingerprint } from './sources.mjs';

const { compiler, dlltool } = windowsTools;

const flags = [
  ...['-std=c++17', '-pthread', '-O3', '-g1', '-DNDEBUG', '-ffunction-sections', '-fdata-sections'],
  // The stack of 64-bit Windows is aligned to 16 bytes only, which GCC forgets for AVX's 32 (its bug 54412).
  '-Wa,-muse-unaligned-vector-move',
  ...['-D_WIN32_WINNT=0x0A00', '-DUNICODE', '-D_UNICODE', '-DNOMINMAX', '-DWIN32_LEAN_AND_MEAN'],
];

/**
 * MinGW-w64 of Debian with POSIX threads, everything linked statically but what Windows itself has.
 * @returns {import('./compile.mjs').Toolchain}
 */
export const windowsToolchain = () => ({
  compiler,
  os: 'windows',
  flags,
  versions: openH264Version,
  async prepare() {
    await requireTools();
    const [openH264, nodeImports] = await Promise.all([buildOpenH264ForWindows(), importsOfNode()]);
    return {
      includes: [openH264.include],
      link: [openH264.library, nodeImports, '-lmfuuid', '-lgdi32', '-luser32'],
    };
  },
});

async function requireTools() {
  const packages = {
    [compiler]: 'g++-mingw-w64-x86-64',
    nasm: 'nasm',
    make: 'make',
    'dpkg-source': 'dpkg-dev',
  };
  const missing = [];
  for (const [command, debianPackage] of Object.entries(packages)) {
    if ((await printed(command, ['--version'])) === 'none') missing.push(debianPackage);
  }
  if (missing.length > 0) throw new Error(`tools are missing: apt-get install ${missing.join(' ')}`);
}

/** Functions of Node are looked up at their first call, so that `node.exe` may have any name (find_node_windows.cc). */
async function importsOfNode() {
  const definition = path.join(packageDir('node-api-headers'), 'def', 'node_api.def');
  const key = await fingerprint([await printed(dlltool, ['--version'])], [definition]);
  const library = path.join(cacheDir, 'native', `node-imports-${key}.a`);
  if (await exists(library)) return library;
  await mkdir(path.dirname(library), { recursive: true });
  const fresh = `${library}.${process.pid}`;
  await run(dlltool, ['-d', definition, '-y', fresh, '-D', 'node.exe']);
  await rename(fresh, library);
  return library;
}
