import { ARROW_RULES } from './check/arrow-rules.ts';
import { FILE_RULES } from './check/file-rules.ts';
import { importCycles, importGraph } from './check/import-graph.ts';
import { readSources, type SourceFile } from './check/source-file.ts';

/** One place where the code breaks a rule of the architecture. */
export interface Breach {
  readonly path: string;
  readonly problem: string;
}

/** The files that the rules speak of. */
export function architectureSources(root: string): SourceFile[] {
  return readSources(root, /\.(ts|tsx|mjs|c|cc|h)$/);
}

/** Holds the files against every rule: who may import whom, circles, sizes, names, environment, barrels. */
export function checkArchitecture(files: readonly SourceFile[]): Breach[] {
  const scripts = files.filter((file) => /\.(ts|tsx|mjs)$/.test(file.path));
  const edges = importGraph(scripts);
  const arrows = edges.flatMap((edge) =>
    ARROW_RULES.flatMap((rule) => {
      const problem = rule(edge);
      return problem ? [{ path: edge.from, problem }] : [];
    }),
  );
  const cycles = importCycles(edges).map((cycle) => ({
    path: cycle[0] ?? '',
    problem: `is part of a circle of imports: ${[...cycle, cycle[0]].join(' -> ')}`,
  }));
  const single = files.flatMap((file) =>
    FILE_RULES.flatMap((rule) => {
      const problem = rule(file);
      return problem ? [{ path: file.path, problem }] : [];
    }),
  );
  return [...arrows, ...cycles, ...single];
}
