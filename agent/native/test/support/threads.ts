import { readdirSync, readFileSync } from 'node:fs';

/** The ids of this process's threads. */
export const threads = (): string[] => readdirSync('/proc/self/task');

/** How often a thread of ours went to sleep, which is how often it was woken. */
export function sleeps(thread: string): number {
  const status = readFileSync(`/proc/self/task/${thread}/status`, 'utf8');
  return Number(/voluntary_ctxt_switches:\s+(\d+)/.exec(status)?.[1]);
}
