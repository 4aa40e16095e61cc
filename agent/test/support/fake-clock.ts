import type { Clock } from '../../src/core/clock.ts';

interface Timer {
  dueMs: number;
  readonly everyMs: number | undefined;
  readonly task: () => void;
}

/** A clock that the test moves; wall clock and monotonic clock can be moved apart. */
export class FakeClock implements Clock {
  #monotonicMs = 1_000_000;
  #wallOffsetMs = 1_700_000_000_000;
  readonly #timers = new Set<Timer>();

  now(): number {
    return this.#monotonicMs + this.#wallOffsetMs;
  }

  monotonicMs(): number {
    return this.#monotonicMs;
  }

  after(ms: number, task: () => void): () => void {
    return this.#add({ dueMs: this.#monotonicMs + ms, everyMs: undefined, task });
  }

  every(ms: number, task: () => void): () => void {
    return this.#add({ dueMs: this.#monotonicMs + ms, everyMs: ms, task });
  }

  /** Lets time pass; timers fire in order, each at its own moment. */
  advance(ms: number): void {
    const endMs = this.#monotonicMs + ms;
    for (;;) {
      const next = [...this.#timers].filter((one) => one.dueMs <= endMs).sort((a, b) => a.dueMs - b.dueMs)[0];
      if (!next) break;
      this.#monotonicMs = Math.max(this.#monotonicMs, next.dueMs);
      if (next.everyMs === undefined) this.#timers.delete(next);
      else next.dueMs += next.everyMs;
      next.task();
    }
    this.#monotonicMs = endMs;
  }

  /** Somebody sets the clock, or the machine slept. */
  shiftWall(ms: number): void {
    this.#wallOffsetMs += ms;
  }

  #add(timer: Timer): () => void {
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }
}
