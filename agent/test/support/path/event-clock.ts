import type { Clock } from '../../../src/core/clock.ts';

interface Event {
  readonly atMs: number;
  readonly order: number;
  task: (() => void) | undefined;
}

/** A clock that jumps from event to event: a minute of a simulated network takes a fraction of a second. */
export class EventClock implements Clock {
  #nowMs = 100_000;
  #order = 0;
  readonly #heap: Event[] = [];

  now(): number {
    return this.#nowMs + 1_700_000_000_000;
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  after(ms: number, task: () => void): () => void {
    this.#order += 1;
    const event: Event = { atMs: this.#nowMs + ms, order: this.#order, task };
    this.#push(event);
    return () => {
      event.task = undefined;
    };
  }

  every(ms: number, task: () => void): () => void {
    let cancel = () => {};
    const again = () => {
      cancel = this.after(ms, again);
      task();
    };
    cancel = this.after(ms, again);
    return () => cancel();
  }

  /** Runs everything that is due in the next `ms`. */
  run(ms: number): void {
    const endMs = this.#nowMs + ms;
    for (let next = this.#heap[0]; next && next.atMs <= endMs; next = this.#heap[0]) {
      this.#pop();
      this.#nowMs = next.atMs;
      next.task?.();
    }
    this.#nowMs = endMs;
  }

  #push(event: Event): void {
    const heap = this.#heap;
    let at = heap.push(event) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent];
      if (!above || isBefore(above, event)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = event;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (!last || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      const [left, right] = [heap[child], heap[child + 1]];
      if (!left) break;
      let below = left;
      if (right && isBefore(right, left)) {
        child += 1;
        below = right;
      }
      if (isBefore(last, below)) break;
      heap[at] = below;
      at = child;
    }
    heap[at] = last;
  }
}

function isBefore(one: Event, other: Event): boolean {
  return one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order);
}
