import { type Dirent, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One file of the repository as the checks see it; `path` is relative to the root, with slashes. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

const NOT_SOURCES = new Set(['node_modules', 'dist', 'data', 'build', 'coverage', '.git']);

/** Every file below `root` whose name matches, without what is installed or built. */
export function readSources(root: string, extensions: RegExp): SourceFile[] {
  const entries = readdirSync(root, { withFileTypes: true });
  return entries.flatMap((entry) => readEntry(root, '', entry, extensions)).sort(byPath);
}

function readEntry(root: string, folder: string, entry: Dirent, extensions: RegExp): SourceFile[] {
  const path = `${folder}${entry.name}`;
  if (entry.isDirectory()) {
    // The tools' own folder `tools/build` holds sources.
    if (NOT_SOURCES.has(entry.name) && path !== 'tools/build') return [];
    const entries = readdirSync(join(root, path), { withFileTypes: true });
    return entries.flatMap((inner) => readEntry(root, `${path}/`, inner, extensions));
  }
  if (!entry.isFile() || !extensions.test(path)) return [];
  return [{ path, text: readFileSync(join(root, path), 'utf8') }];
}

const byPath = (a: SourceFile, b: SourceFile) => (a.path < b.path ? -1 : 1);

/** The text with comments blanked out, line by line the same length; strings are left alone. */
export function withoutComments(text: string): string {
  const token = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g;
  return text.replace(token, (match) => (match.startsWith('/') ? match.replace(/[^\n]/g, ' ') : match));
}

/** How many lines hold something other than blanks and comments. */
export function linesOfCode(text: string): number {
  return withoutComments(text)
    .split('\n')
    .filter((line) => line.trim() !== '').length;
}

/** What a module imports, statically or not, types included. */
export function importsOf(text: string): string[] {
  // What stands in a template is text, for example the source that a test seeds.
  const code = withoutComments(text).replace(/`(?:\\.|[^`\\])*`/g, '``');
  const from = /\b(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]/g;
  const bare = /\bimport\s*['"]([^'"]+)['"]/g;
  const dynamic = /\bimport\s*\(\s*['"]([^'"]+)['"]/g;
  return [from, bare, dynamic].flatMap((pattern) =>
    [...code.matchAll(pattern)].map((match) => match[1] ?? ''),
  );
}
