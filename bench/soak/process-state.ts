import { readdirSync, readFileSync } from 'node:fs';

/** What a process and its descendants hold at one moment. */
export interface HeldByProcesses {
  /** Proportional set size: pages shared by several processes count once. */
  readonly memoryBytes: number;
  readonly openFiles: number;
  readonly threads: number;
}

/** Sums over a process and all its living descendants. Linux; see proc(5). */
export function heldBy(pid: number): HeldByProcesses {
  const parents = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    const parent = /^\d+$/.test(name) ? parentOf(Number(name)) : undefined;
    if (parent !== undefined) parents.set(parent, [...(parents.get(parent) ?? []), Number(name)]);
  }
  const sum = (of: number): HeldByProcesses =>
    (parents.get(of) ?? []).map(sum).reduce(
      (a, b) => ({
        memoryBytes: a.memoryBytes + b.memoryBytes,
        openFiles: a.openFiles + b.openFiles,
        threads: a.threads + b.threads,
      }),
      heldByOne(of),
    );
  return sum(pid);
}

function heldByOne(pid: number): HeldByProcesses {
  try {
    const pss = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1];
    return {
      memoryBytes: Number(pss ?? 0) * 1024,
      openFiles: readdirSync(`/proc/${pid}/fd`).length,
      threads: readdirSync(`/proc/${pid}/task`).length,
    };
  } catch {
    // It ended while we were looking.
    return { memoryBytes: 0, openFiles: 0, threads: 0 };
  }
}

function parentOf(pid: number): number | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return undefined;
  }
}
