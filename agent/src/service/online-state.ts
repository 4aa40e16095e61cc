import type { Log } from '../core/log.ts';
import { type ServiceStateFile, startTicksOf } from '../state/service-state.ts';

export interface OnlineStateDeps {
  readonly file: Pick<ServiceStateFile, 'write'>;
  readonly now: () => number;
  readonly log: Log;
}

/** Lets `--status` know how the service is: written when something changes, in the order of the changes. */
export class OnlineState {
  readonly #deps: OnlineStateDeps;
  #isOnline = false;
  #since: number;
  #problem: string | null = null;
  #lastCheckInAt: number | null = null;
  #writing: Promise<void> = Promise.resolve();

  constructor(deps: OnlineStateDeps) {
    this.#deps = deps;
    this.#since = deps.now();
    this.#write();
  }

  changed(isOnline: boolean, problem: string | null): void {
    if (isOnline !== this.#isOnline) this.#since = this.#deps.now();
    this.#isOnline = isOnline;
    this.#problem = problem;
    this.#write();
  }

  checkedIn(): void {
    this.#lastCheckInAt = this.#deps.now();
    this.#write();
  }

  /** Resolves when everything is on the disk. */
  async stopped(): Promise<void> {
    this.changed(false, null);
    await this.#writing;
  }

  #write(): void {
    const { file, log } = this.#deps;
    const [online, since, problem, lastCheckInAt] = [
      this.#isOnline,
      this.#since,
      this.#problem,
      this.#lastCheckInAt,
    ];
    this.#writing = this.#writing
      .then(async () => {
        const { pid } = process;
        const startTicks = await startTicksOf(pid);
        await file.write({ pid, startTicks, online, since, problem, lastCheckInAt });
      })
      .catch((error: unknown) => log.warn({ error }, 'the state of the service could not be written'));
  }
}
