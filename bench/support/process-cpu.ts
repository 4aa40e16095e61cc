import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts processor time in these; it has been 100 a second on every machine for decades (`getconf CLK_TCK`). */
const TICKS_PER_SECOND = 100;

/** Processor seconds that a process and all its living descendants have used, with their ended children's. */
export function cpuSeconds(pid: number): number {
  const parents = new Map<number, number[]>();
  const ticks = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = readStat(Number(name));
    if (!stat) continue;
    ticks.set(Number(name), stat.ticks);
    parents.set(stat.parent, [...(parents.get(stat.parent) ?? []), Number(name)]);
  }
  const sum = (of: number): number =>
    (ticks.get(of) ?? 0) + (parents.get(of) ?? []).reduce((total, child) => total + sum(child), 0);
  return sum(pid) / TICKS_PER_SECOND;
}

/** See proc(5), /proc/pid/stat; the name in brackets may hold blanks, so fields are counted after it. */
function readStat(pid: number): { parent: number; ticks: number } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const [parent, ...times] = [1, 11, 12, 13, 14].map((at) => Number(fields[at]));
    return { parent: parent ?? 0, ticks: times.reduce((total, time) => total + time, 0) };
  } catch {
    // It ended while we were looking.
    return undefined;
  }
}

/** What several processes use while something runs, in percent of one core each. */
export async function measureCpu<K extends string>(
  pids: Record<K, number>,
  work: () => Promise<void>,
): Promise<{ percent: Record<K, number>; seconds: Record<K, number>; elapsed: number }> {
  const names = Object.keys(pids) as K[];
  const before = names.map((name) => cpuSeconds(pids[name]));
  const start = performance.now();
  await work();
  const elapsed = (performance.now() - start) / 1000;
  const used = names.map((name, at) => cpuSeconds(pids[name]) - (before[at] ?? 0));
  const collect = (value: (seconds: number) => number) =>
    Object.fromEntries(names.map((name, at) => [name, value(used[at] ?? 0)])) as Record<K, number>;
  return {
    percent: collect((seconds) => Math.round((1000 * seconds) / elapsed) / 10),
    seconds: collect((seconds) => seconds),
    elapsed,
  };
}
