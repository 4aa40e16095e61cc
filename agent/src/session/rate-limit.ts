import type { Clock } from '../core/clock.ts';

/** Lets one thing of a kind through per interval and counts those in between. */
export class RateLimit {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #intervalMs: number;
  readonly #kinds = new Map<string, { lastMs: number; held: number }>();

  constructor(clock: Pick<Clock, 'monotonicMs'>, intervalMs: number) {
    this.#clock = clock;
    this.#intervalMs = intervalMs;
  }

  /** How many happened since the last one let through, this one included; undefined if it is too early. */
  pass(kind: string): number | undefined {
    const nowMs = this.#clock.monotonicMs();
    const known = this.#kinds.get(kind);
    if (known && nowMs - known.lastMs < this.#intervalMs) {
      known.held += 1;
      return undefined;
    }
    const count = (known?.held ?? 0) + 1;
    this.#kinds.set(kind, { lastMs: nowMs, held: 0 });
    return count;
  }
}
