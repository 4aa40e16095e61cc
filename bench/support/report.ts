import { execFileSync } from 'node:child_process';
import { cpus, loadavg } from 'node:os';

export interface BenchOptions {
  /** Fewer samples: under two minutes. */
  readonly quick: boolean;
  /** For `stream`. */
  readonly sizes: readonly string[];
  /** For `soak`: how long, an hour when undefined. */
  readonly minutes?: number | undefined;
  /** For `presence`: how many, 5,000 when undefined. */
  readonly agents?: number | undefined;
  /** For `network`: the profiles by name; all when empty. */
  readonly profiles: readonly string[];
  /** For `network`: do not measure Chromium as sender. */
  readonly withoutReference: boolean;
  /** Reasons for figures that could not be taken, and what else a reader must know. */
  readonly notes: string[];
  log(line: string): void;
  /** Ctrl-C and the like run this before the bench ends; the returned function calls it off. */
  onInterrupt(task: () => Promise<void>): () => void;
}

/** Runs a bench and wraps its results into the object that is printed. */
export async function withReport(bench: string, run: (notes: string[]) => Promise<unknown>) {
  const notes: string[] = [];
  const loadavg1Before = loadavg()[0];
  const at = new Date().toISOString();
  const results = await run(notes);
  return {
    bench,
    commit: commit(),
    at,
    machine: { cores: cpus().length, loadavg1Before, loadavg1After: loadavg()[0] },
    notes,
    results,
  };
}

/** null where there is no repository, as in an unpacked archive. */
function commit(): string | null {
  const git = (...args: string[]) =>
    execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    return `${git('rev-parse', '--short', 'HEAD')}${git('status', '--porcelain') === '' ? '' : '+changes'}`;
  } catch {
    return null;
  }
}
