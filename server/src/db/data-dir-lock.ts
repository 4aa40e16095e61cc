import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod/mini';

const Owner = z.object({ pid: z.int(), startedAt: z.nullable(z.string()) });
type Owner = z.infer<typeof Owner>;

const POLL_MS = 200;

/**
 * Makes the file at `path` a lock held by this process: PGlite has none of its own, and two processes on one data
 * directory destroy it. A lock whose process is gone is taken over. Waits up to `waitMs` for a process
 * that is just ending. Returns the function that lets go; throws with the holder's pid.
 */
export async function lockDataDir(path: string, waitMs: number): Promise<() => void> {
  const mine: Owner = { pid: process.pid, startedAt: processStart(process.pid) };
  const deadline = Date.now() + waitMs;
  while (!claim(path, mine)) {
    const owner = readOwner(path);
    if (owner && isAlive(owner)) {
      if (Date.now() >= deadline) throw new Error(`another process uses ${path} (pid ${owner.pid})`);
      await sleep(POLL_MS);
    } else {
      removeStale(path, owner);
    }
  }
  return () => {
    if (readOwner(path)?.pid === process.pid) rmSync(path, { force: true });
  };
}

/** Linking a finished file makes the lock appear with its content at once, for one process only. */
function claim(path: string, owner: Owner): boolean {
  const draft = `${path}.${randomUUID()}`;
  writeFileSync(draft, JSON.stringify(owner), { mode: 0o600 });
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  } finally {
    unlinkSync(draft);
  }
}

/** Renaming lets one of several starting processes take the old lock away; a fresh one is put back. */
function removeStale(path: string, seen: Owner | undefined): void {
  const aside = `${path}.${randomUUID()}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    throw error;
  }
  const owner = readOwner(aside);
  const isFresh = owner !== undefined && owner.pid !== seen?.pid && isAlive(owner);
  if (isFresh) linkSync(aside, path);
  unlinkSync(aside);
}

function readOwner(path: string): Owner | undefined {
  try {
    const parsed = z.safeParse(Owner, JSON.parse(readFileSync(path, 'utf8')));
    return parsed.success ? parsed.data : undefined;
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isAlive(owner: Owner): boolean {
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if (errorCode(error) === 'ESRCH') return false;
  }
  // Pids are used again, after a reboot at the latest: the start time tells two processes apart.
  const startedAt = processStart(owner.pid);
  return owner.startedAt === null || startedAt === null || owner.startedAt === startedAt;
}

/** Boot id and start time in clock ticks (proc(5), field 22 of stat); null where there is no /proc. */
function processStart(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot} ${ticks}`;
  } catch {
    return null;
  }
}

function errorCode(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
