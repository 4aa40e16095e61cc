import { printed, run } from './files.mjs';

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

const common = ['-std=c++17', '-fPIC', '-fvisibility=hidden', '-pthread'];
const release = ['-O3', '-g1', '-DNDEBUG'];
const sanitize = ['-O1', '-g', '-fno-omit-frame-pointer', '-fsanitize=address,undefined'];

/**
 * The compiler of this machine and the development packages of Debian.
 * @returns {import('./compile.mjs').Toolchain}
 */
export const linuxToolchain = ({ sanitized }) => ({
  compiler,
  os: 'linux',
  flags: [...common, ...(sanitized ? sanitize : release)],
  versions: () => printed('dpkg-query', ['-W', 'libopenh264-dev', ...Object.values(debianPackages)]),
  async prepare() {
    await requireTools();
    return { includes: [], link: [] };
  },
});

async function requireTools() {
  await run(compiler, ['--version']).catch(() => {
    throw new Error(`no C++ compiler '${compiler}': apt-get install g++`);
  });
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
