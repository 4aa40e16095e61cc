import { readFile } from 'node:fs/promises';
import { Timestamp } from '@guruconnect/shared';
import * as z from 'zod/mini';
import type { StateFolder } from './state-folder.ts';

/** What the running service lets others on this computer know. */
export const ServiceState = z.object({
  pid: z.int(),
  /** Start of that process in clock ticks since boot: another process may have its number later. */
  startTicks: z.string(),
  online: z.boolean(),
  /** Since when it is so. */
  since: Timestamp,
  /** Why it is not online; null for no special reason. */
  problem: z.nullable(z.string()),
  lastCheckInAt: z.nullable(Timestamp),
});
export type ServiceState = z.infer<typeof ServiceState>;

const FILE = 'service.json';

/** What the service program on Windows lets everybody on the computer know. */
const PublicStatus = z.object({
  online: z.boolean(),
  /** ISO 8601. */
  since: z.string(),
  problem: z.nullable(z.string()),
});
const PUBLIC_FILE = 'public/status.json';

/** The service writes it when something changes, `--status` reads it. */
export class ServiceStateFile {
  readonly #folder: StateFolder;

  constructor(folder: StateFolder) {
    this.#folder = folder;
  }

  write(state: ServiceState): Promise<void> {
    return this.#folder.write(FILE, state);
  }

  /** What was written last, whether that service still runs or not. */
  async read(): Promise<{ state: ServiceState; isRunning: boolean } | undefined> {
    const state = await this.#folder.read(FILE, ServiceState);
    if (!state) return undefined;
    return { state, isRunning: (await startTicksOf(state.pid)) === state.startTicks };
  }

  /** What the service program on Windows said last; one that was ended by force takes nothing back. */
  async readPublic(): Promise<{ state: ServiceState; isRunning: boolean } | undefined> {
    const status = await this.#folder.read(PUBLIC_FILE, PublicStatus);
    if (!status) return undefined;
    const { online, problem } = status;
    const since = Date.parse(status.since) || 0;
    const state = { pid: 0, startTicks: '', online, since, problem, lastCheckInAt: null };
    return { state, isRunning: true };
  }
}

/** Field 22 of proc_pid_stat(5); empty when there is no such process. */
export async function startTicksOf(pid: number): Promise<string> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in brackets, with any character in it.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    // The process is gone.
    return '';
  }
}
