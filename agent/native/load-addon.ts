import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NativeAddon } from './addon.d.ts';

const FILE_NAME = 'gc_native.node';

/**
 * Loads the capture and encode addon. Without `searchDirs` it is looked for next to this file, which after bundling
 * is the agent's one script, and in `build/` below it, where `build.mjs` puts it.
 */
export function loadNativeAddon(options: { readonly searchDirs?: readonly string[] } = {}): NativeAddon {
  const searchDirs = options.searchDirs ?? defaultSearchDirs();
  const found = searchDirs.map((dir) => path.join(dir, FILE_NAME)).find((file) => existsSync(file));
  if (found === undefined) {
    throw new Error(
      `the native addon ${FILE_NAME} is in none of ${searchDirs.join(', ')}; build it with node agent/native/build.mjs`,
    );
  }
  try {
    return createRequire(import.meta.url)(found) as NativeAddon;
  } catch (cause) {
    // Most often a shared X11 library is missing; the loader's message names it.
    throw new Error(`the native addon ${found} cannot be loaded: ${describe(cause)}`, { cause });
  }
}

function defaultSearchDirs(): string[] {
  const here = path.dirname(fileURLToPath(import.meta.url));
  return [path.join(here, 'build'), here];
}

function describe(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
