// @ts-check
/**
 * Builds the native programs for Windows from C by mingw-w64: static, hardened, the same bytes from the same sources.
 * What was built before comes from a cache by the hash of everything that went in.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileAll, link } from './make/compile.mjs';
import { delayedImports } from './make/delayed-imports.mjs';
import { LIBLZMA_SOURCES, liblzmaFlags } from './make/liblzma.mjs';
import { compileResources } from './make/resources.mjs';
import { xzSource } from './make/xz-source.mjs';

const here = dirname(fileURLToPath(import.meta.url));

const X64 = {
  compiler: 'x86_64-w64-mingw32-gcc',
  windres: 'x86_64-w64-mingw32-windres',
  dlltool: 'x86_64-w64-mingw32-dlltool',
  wide: true,
};
const X86 = {
  compiler: 'i686-w64-mingw32-gcc',
  windres: 'i686-w64-mingw32-windres',
  dlltool: 'i686-w64-mingw32-dlltool',
  wide: false,
};
/** @typedef {typeof X64} Target */

const WARNINGS = [
  ...['-Wall', '-Wextra', '-Werror', '-Wshadow', '-Wstrict-prototypes', '-Wmissing-prototypes', '-Wvla'],
  ...['-Wpointer-arith', '-Wwrite-strings', '-Wundef', '-Wformat=2', '-Wno-format-nonliteral'],
];
const SIZE = ['-Os', '-ffunction-sections', '-fdata-sections', '-fno-asynchronous-unwind-tables'];
const DEFINES = [
  ...['-DUNICODE', '-D_UNICODE', '-DWIN32_LEAN_AND_MEAN', '-D_WIN32_WINNT=0x0A00', '-DLZMA_API_STATIC'],
  // printf as C99 has it, and not as Windows' old run-time library does.
  '-D__USE_MINGW_ANSI_STDIO=1',
];
const HARDENED = ['-fstack-protector-strong', '-D_FORTIFY_SOURCE=2'];
const LINK = [
  ...['-static', '-municode', '-s', '-Wl,--gc-sections', '-Wl,--dynamicbase', '-Wl,--nxcompat'],
  ...['-Wl,--no-insert-timestamp', '-Wl,--no-seh'],
];
const LIBRARIES = ['advapi32', 'ssp'];
const UI_LIBRARIES = [
  'winhttp',
  'crypt32',
  'wtsapi32',
  'userenv',
  'comctl32',
  'shell32',
  'ole32',
  'gdi32',
  'user32',
  'uxtheme',
  'dwmapi',
];

const CERTIFICATE_FUNCTIONS = [
  'CertAddEncodedCertificateToStore',
  'CertCloseStore',
  'CertCreateCertificateChainEngine',
  'CertFreeCertificateChain',
  'CertFreeCertificateChainEngine',
  'CertFreeCertificateContext',
  'CertGetCertificateChain',
  'CertOpenStore',
  'CertVerifyCertificateChainPolicy',
];
const HTTP_FUNCTIONS = [
  'WinHttpCloseHandle',
  'WinHttpConnect',
  'WinHttpGetDefaultProxyConfiguration',
  'WinHttpGetIEProxyConfigForCurrentUser',
  'WinHttpGetProxyForUrl',
  'WinHttpOpen',
  'WinHttpOpenRequest',
  'WinHttpQueryHeaders',
  'WinHttpQueryOption',
  'WinHttpReadData',
  'WinHttpReceiveResponse',
  'WinHttpSendRequest',
  'WinHttpSetOption',
  'WinHttpSetStatusCallback',
  'WinHttpSetTimeouts',
  'WinHttpWebSocketCompleteUpgrade',
  'WinHttpWebSocketReceive',
  'WinHttpWebSocketSend',
];

const UI = {
  name: 'GuruConnect.exe',
  title: 'GuruConnect',
  folder: 'ui',
  more: ['service/session-desktop.c'],
  link: ['-mwindows'],
  libraries: UI_LIBRARIES,
  delayed: /** @type {Readonly<Record<string, readonly string[]>>} */ ({}),
};
/** Draws nothing, so that it needs no libraries of windows and little memory; prints when run in a console. */
const SERVICE = {
  name: 'guruconnect-service.exe',
  title: 'GuruConnect Agent',
  folder: 'service',
  more: /** @type {string[]} */ ([]),
  // Pages as in memory: what maps programs as they lie on the disk then shares them.
  link: ['-mconsole', '-Wl,--file-alignment,4096'],
  libraries: /** @type {string[]} */ ([]),
  // Loaded when the first of these is called: the stub calls none, and is there for weeks.
  delayed: {
    'crypt32.dll': CERTIFICATE_FUNCTIONS,
    'winhttp.dll': HTTP_FUNCTIONS,
  },
};
/** @typedef {typeof UI} Program */

/**
 * Paths of the programs, none of which is configured for a deployment yet. `service` is undefined while its sources
 * are not there.
 *
 * @param {{ log?: (line: string) => void }} [options]
 */
export async function buildLauncher({ log = () => {} } = {}) {
  const xz = await xzSource(log);
  log('Compiling the programs for Windows');
  const ui = await buildProgram(UI, X64, xz);
  const uiX86 = await buildProgram(UI, X86, xz);
  const service = existsSync(join(here, SERVICE.folder, 'main.c'))
    ? await buildProgram(SERVICE, X64, xz)
    : undefined;
  return { ui, uiX86, service };
}

/** The service alone, for its tests. Returns its path. */
export async function buildService() {
  return buildProgram(SERVICE, X64, await xzSource(() => {}));
}

/**
 * @param {Program} program
 * @param {Target} target
 * @param {string} xz
 */
async function buildProgram(program, target, xz) {
  const { compiler } = target;
  const api = `-I${join(xz, 'src/liblzma/api')}`;
  const own = await compileAll({
    compiler,
    flags: ['-std=gnu11', ...SIZE, ...WARNINGS, ...HARDENED, ...DEFINES, api],
    root: here,
    sources: [...['common/parse', 'common/win', program.folder].flatMap(cFilesIn), ...program.more],
    headers: ['common', program.folder, ...program.more.map((file) => dirname(file))],
  });
  const lzma = await compileAll({
    compiler,
    flags: ['-std=gnu11', ...SIZE, ...liblzmaFlags(xz)],
    root: xz,
    sources: LIBLZMA_SOURCES,
    headers: [],
  });
  const { name, title } = program;
  const resources = await compileResources({
    windres: target.windres,
    name,
    title,
    version: productVersion(),
  });
  return link({
    compiler,
    name: program.name,
    objects: [...own, ...lzma, resources, ...(await delayedImports(target.dlltool, program.delayed))],
    flags: [
      ...LINK,
      ...(target.wide ? ['-Wl,--high-entropy-va'] : []),
      ...program.link,
      ...[...program.libraries, ...LIBRARIES].map((library) => `-l${library}`),
    ],
  });
}

/** @param {string} folder @returns {string[]} */
function cFilesIn(folder) {
  return readdirSync(join(here, folder), { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.c') && !name.split('/').includes('test'))
    .sort()
    .map((name) => `${folder}/${name}`);
}

function productVersion() {
  const { version } = JSON.parse(readFileSync(join(here, '..', '..', 'agent', 'package.json'), 'utf8'));
  return String(version);
}
