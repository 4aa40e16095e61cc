import { posix } from 'node:path';
import { importsOf, type SourceFile } from './source-file.ts';

/** One import of one file: what it says, and the file of the repository it means, if it means one. */
export interface ImportEdge {
  readonly from: string;
  readonly specifier: string;
  /** Path of the file imported; undefined for packages and Node's own modules. */
  readonly to: string | undefined;
}

/** Every import between and out of the files. */
export function importGraph(files: readonly SourceFile[]): ImportEdge[] {
  return files.flatMap((file) =>
    importsOf(file.text).map((specifier) => ({
      from: file.path,
      specifier,
      to: resolveImport(file.path, specifier),
    })),
  );
}

function resolveImport(from: string, specifier: string): string | undefined {
  if (specifier.startsWith('.')) return posix.normalize(posix.join(posix.dirname(from), specifier));
  const own = /^@guruconnect\/(\w+)(?:\/(.+))?$/.exec(specifier);
  if (!own) return undefined;
  const [, name = '', inside] = own;
  if (name === 'shared') return inside ? `shared/src/${inside}/index.ts` : 'shared/src/index.ts';
  return `${name}/src/${inside ?? 'index.ts'}`;
}

/** Each circle of imports once, as the list of its files from the alphabetically first one on. */
export function importCycles(edges: readonly ImportEdge[]): string[][] {
  const targets = new Map<string, string[]>();
  for (const { from, to } of edges) if (to) targets.set(from, [...(targets.get(from) ?? []), to]);
  const cycles = new Map<string, string[]>();
  const done = new Set<string>();
  const visit = (file: string, trail: string[]): void => {
    const seenAt = trail.indexOf(file);
    if (seenAt >= 0) {
      const cycle = fromSmallest(trail.slice(seenAt));
      cycles.set(cycle.join(' '), cycle);
      return;
    }
    if (done.has(file)) return;
    for (const next of targets.get(file) ?? []) visit(next, [...trail, file]);
    done.add(file);
  };
  for (const file of targets.keys()) visit(file, []);
  return [...cycles.values()];
}

function fromSmallest(cycle: string[]): string[] {
  const start = cycle.indexOf([...cycle].sort()[0] ?? '');
  return [...cycle.slice(start), ...cycle.slice(0, start)];
}
