import { GuruError } from '@guruconnect/shared';
import type { Clock } from '../core/clock.ts';
import { CheckIn, type CheckInDeps } from './check-in.ts';

export interface CheckInLoopDeps extends CheckInDeps {
  readonly clock: Pick<Clock, 'after' | 'monotonicMs'>;
  readonly random: () => number;
}

const FIRST_RETRY_MS = 5_000;
const MAX_RETRY_MS = 5 * 60_000;
const REFUSED_RETRY_MS = 3_600_000;

/**
 * Tells the server how the machine is: at the server's interval, when it asks, and when something changed here. One at
 * a time, so that what is told later arrives later.
 */
export class CheckInLoop {
  readonly #deps: CheckInLoopDeps;
  readonly #checkIn: CheckIn;
  readonly #closing = new AbortController();
  #intervalMs: number;
  #cancel: (() => void) | undefined;
  #dueMs = Number.POSITIVE_INFINITY;
  #isRunning = false;
  /** Asked for while one was under way, with how long it may take. */
  #againWithinMs: number | undefined;
  #failures = 0;

  constructor(deps: CheckInLoopDeps, intervalMs: number) {
    this.#deps = deps;
    this.#checkIn = new CheckIn(deps);
    this.#intervalMs = intervalMs;
  }

  /** Checks in at any moment within so many ms, or earlier if that was due already. */
  soon(withinMs: number): void {
    if (this.#isRunning) {
      this.#againWithinMs = Math.min(withinMs, this.#againWithinMs ?? withinMs);
      return;
    }
    const inMs = this.#deps.random() * withinMs;
    if (this.#deps.clock.monotonicMs() + inMs < this.#dueMs) this.#schedule(inMs);
  }

  /** The server lets this machine in (again): a check-in that failed before need not wait any longer. */
  lineIsUp(): void {
    if (this.#dueMs === Number.POSITIVE_INFINITY || this.#failures > 0) {
      this.soon(this.#failures > 0 ? FIRST_RETRY_MS : 0);
    }
  }

  close(): void {
    this.#closing.abort(new GuruError('unavailable', 'Stopped.'));
    this.#cancel?.();
  }

  #schedule(inMs: number): void {
    if (this.#closing.signal.aborted) return;
    this.#cancel?.();
    this.#dueMs = this.#deps.clock.monotonicMs() + inMs;
    this.#cancel = this.#deps.clock.after(inMs, () => void this.#run());
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    this.#dueMs = Number.POSITIVE_INFINITY;
    let nextMs: number;
    try {
      this.#intervalMs = await this.#checkIn.run(this.#closing.signal);
      this.#failures = 0;
      // A tenth either way: machines that were started together do not stay together.
      nextMs = this.#intervalMs * (0.9 + 0.2 * this.#deps.random());
    } catch (error) {
      if (this.#closing.signal.aborted) return;
      this.#failures += 1;
      nextMs = this.#retryMs(error);
      this.#deps.log.warn({ error, retryInMs: Math.round(nextMs) }, 'the check-in failed');
    } finally {
      this.#isRunning = false;
    }
    this.#schedule(nextMs);
    const again = this.#againWithinMs;
    this.#againWithinMs = undefined;
    // After a failure the server has its rest.
    if (again !== undefined && this.#failures === 0) this.soon(again);
  }

  #retryMs(error: unknown): number {
    const { random } = this.#deps;
    const code = error instanceof GuruError ? error.code : undefined;
    if (code === 'not-allowed' || code === 'unauthenticated' || code === 'not-found') {
      return REFUSED_RETRY_MS * (0.9 + 0.2 * random());
    }
    const limit = Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(this.#failures - 1, 10));
    return restMs(error) + random() * limit;
  }
}

/** How long the server wants to be left alone. */
function restMs(error: unknown): number {
  const { retryAfterMs, retryAfterSeconds } = (error instanceof GuruError && error.details) || {};
  const ms = typeof retryAfterSeconds === 'number' ? retryAfterSeconds * 1000 : retryAfterMs;
  return typeof ms === 'number' && ms > 0 ? Math.min(ms, REFUSED_RETRY_MS) : 0;
}
