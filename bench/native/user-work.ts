import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';

/** What a user's own programs get done: one process a core that only computes. */
export interface UserWork {
  /** Rounds of work a second over so long, all processes together. */
  rate(ms: number): Promise<number>;
  stop(): void;
}

const WORKER = fileURLToPath(new URL('./user-work-process.ts', import.meta.url));

/** Starts one process a core. They compute all the time, at the usual niceness. */
export async function startUserWork(): Promise<UserWork> {
  const workers = Array.from({ length: availableParallelism() }, () => fork(WORKER, { stdio: 'inherit' }));
  await Promise.all(workers.map((worker) => roundsOf(worker)));
  const total = async () =>
    (await Promise.all(workers.map(roundsOf))).reduce((sum, rounds) => sum + rounds, 0);
  return {
    rate: async (ms) => {
      const startedMs = performance.now();
      const before = await total();
      await new Promise((resolve) => setTimeout(resolve, ms));
      return ((await total()) - before) / ((performance.now() - startedMs) / 1000);
    },
    stop: () => {
      for (const worker of workers) worker.kill();
    },
  };
}

async function roundsOf(worker: ChildProcess): Promise<number> {
  worker.send('rounds');
  const [rounds] = await once(worker, 'message');
  return Number(rounds);
}
