// @ts-check
/** What the agent's builds for Linux and for Windows have in common. */
import { cp, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.join(here, '..');

/** Packages with binaries beside their code; they are copied as they are. */
const NOT_BUNDLED = ['node-datachannel', 'koffi', 'robotjs'];

/** Some bundled packages are CommonJS and call `require` for Node's own modules. */
const REQUIRE_SHIM =
  "import { createRequire as guruCreateRequire } from 'node:module'; const require = guruCreateRequire(import.meta.url);";

/**
 * Bundles each process of the agent into one file, `<out>.mjs`, with its source map beside it.
 *
 * @param {{ entries: readonly { in: string, out: string }[], outdir: string, target: string }} what
 */
export async function bundleAgent({ entries, outdir, target }) {
  await build({
    absWorkingDir: root,
    entryPoints: [...entries],
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target,
    format: 'esm',
    sourcemap: true,
    external: [...NOT_BUNDLED, 'bufferutil', 'utf-8-validate'],
    banner: { js: REQUIRE_SHIM },
    logLevel: 'silent',
  });
}

/**
 * Copies what is wanted of a package at run time.
 *
 * @param {string} from The package's folder.
 * @param {string} to
 * @param {readonly string[]} [keep] Everything, if it is not said.
 */
export async function copyPackage(from, to, keep = ['.']) {
  for (const entry of keep) {
    await cp(path.join(from, entry), path.join(to, entry), { recursive: true, dereference: true });
  }
}

/**
 * Workspaces hoist packages; asking for the manifest finds them wherever they are.
 * @param {string} name
 */
export function packageDir(name) {
  const { resolve } = createRequire(path.join(here, 'package.json'));
  try {
    return path.dirname(resolve(`${name}/package.json`));
  } catch {
    // Its `exports` hide the manifest.
    return path.join(root, 'node_modules', name);
  }
}

/** The text of the built agent's own package.json. */
export async function agentManifest() {
  const { version } = JSON.parse(await readFile(path.join(here, 'package.json'), 'utf8'));
  const fields = { name: 'guruconnect-agent', version, private: true, type: 'module' };
  return `${JSON.stringify(fields, null, 2)}\n`;
}
