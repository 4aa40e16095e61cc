import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

/** Arguments for node with which it runs `entry`: a TypeScript file needs a loader, a bundle nothing. */
export function forkArguments(entry: string): string[] {
  if (!entry.endsWith('.ts')) return [];
  return ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href];
}
