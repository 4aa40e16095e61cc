// @ts-check
/** Bundles the agent: the session host, the desktop helper and the native addon, side by side in `dist/agent`. */
import { copyFile, mkdir, rename } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { buildNative } from './native/build.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));

/** Packages with binaries of their own, found in `node_modules`. */
const NOT_BUNDLED = ['node-datachannel', 'koffi', 'robotjs'];

/** Some bundled packages are CommonJS and call `require` for Node's own modules. */
const REQUIRE_SHIM =
  "import { createRequire as guruCreateRequire } from 'node:module'; const require = guruCreateRequire(import.meta.url);";

/** Builds the addon if need be, then the two processes' bundles. */
export async function buildAgent() {
  const outdir = path.join(here, '..', 'dist', 'agent');
  const { addon } = await buildNative();
  await mkdir(outdir, { recursive: true });
  await build({
    absWorkingDir: here,
    entryPoints: { main: 'src/main.ts', 'desktop-helper': 'src/desktop/helper-entry.ts' },
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    sourcemap: true,
    external: NOT_BUNDLED,
    banner: { js: REQUIRE_SHIM },
    logLevel: 'silent',
  });
  // A running agent may have the old file mapped: replace it by name, never write into it.
  const file = path.join(outdir, path.basename(addon));
  await copyFile(addon, `${file}.${process.pid}`);
  await rename(`${file}.${process.pid}`, file);
}
