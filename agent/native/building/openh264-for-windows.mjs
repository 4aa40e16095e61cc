/** OpenH264 as Debian has it, compiled for Windows: the same version with the same patches as the Linux addon links. */
import { cp, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { fetchDebianSource } from './debian-source.mjs';
import { cacheDir, exists, printed, run } from './files.mjs';
import { fingerprint } from './sources.mjs';

const prefix = 'x86_64-w64-mingw32';

export const windowsTools = {
  compiler: `${prefix}-g++-posix`,
  cCompiler: `${prefix}-gcc-posix`,
  ar: `${prefix}-ar`,
  dlltool: `${prefix}-dlltool`,
};

/** Of the package that the Linux addon links. Throws an Error that says what to install. */
export async function openH264Version() {
  const told = await printed('dpkg-query', ['-W', '-f', '${' + 'Version}', 'libopenh264-dev']);
  if (told === 'none' || told === '') throw new Error('headers are missing: apt-get install libopenh264-dev');
  return told;
}

/** Builds the static library unless that was done before; returns its path and that of its headers. */
export async function buildOpenH264ForWindows() {
  const { compiler, cCompiler, ar } = windowsTools;
  const options = ['OS=mingw_nt', 'ARCH=x86_64', `CC=${cCompiler}`, `CXX=${compiler}`, `AR=${ar}`];
  const wanted = await openH264Version();
  const key = await fingerprint([wanted, options, await printed(compiler, ['--version'])], []);
  const built = path.join(cacheDir, 'native', `openh264-windows-${key}`);
  const result = { library: path.join(built, 'libopenh264.a'), include: path.join(built, 'include') };
  if (await exists(built)) return result;
  await mkdir(path.dirname(built), { recursive: true });
  const workDir = await mkdtemp(`${built}.`);
  try {
    const source = await fetchDebianSource({ name: 'openh264', version: wanted, into: workDir });
    await make(source, options);
    const kept = path.join(workDir, 'kept');
    await mkdir(kept);
    await cp(path.join(source, 'codec', 'api', 'wels'), path.join(kept, 'include', 'wels'), {
      recursive: true,
    });
    await cp(path.join(source, 'libopenh264.a'), path.join(kept, 'libopenh264.a'));
    await rename(kept, built).catch((error) => keepTheOther(error, built));
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
  return result;
}

async function make(source, options) {
  const args = ['-C', source, `-j${availableParallelism()}`, ...options, 'libopenh264.a'];
  await run('make', args, { maxBuffer: 64 * 1024 * 1024 }).catch((error) => {
    throw new Error(`OpenH264 was not built for Windows:\n${String(error.stderr).slice(-2000)}`, {
      cause: error,
    });
  });
}

/** Two builds at once make the same: the first to end wins. */
async function keepTheOther(error, built) {
  if ((await exists(built)) && (await readdir(built)).length > 0) return;
  throw error;
}
