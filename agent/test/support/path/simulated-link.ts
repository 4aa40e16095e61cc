import type { Clock } from '../../../src/core/clock.ts';

export interface LinkSettings {
  /** Bits per second. */
  readonly rate: number;
  /** One way. */
  readonly delayMs: number;
  /** How much may wait; more is dropped. */
  readonly queueMs: number;
  readonly loss?: number;
  /** Gilbert-Elliott: chances of a bad spell to begin and to end with a packet; all is lost in it. */
  readonly burst?: { readonly enter: number; readonly leave: number };
  readonly jitterMs?: number;
}

/** One direction of a line: a bottleneck with a queue, then a delay. Packets keep their order. */
export class SimulatedLink {
  settings: LinkSettings;
  isCut = false;
  /** Time each packet that was taken had to wait, newest last. */
  readonly waits: { readonly atMs: number; readonly waitMs: number; readonly bytes: number }[] = [];
  dropped = 0;
  readonly #clock: Clock;
  readonly #random: () => number;
  #freeAtMs = 0;
  #lastArrivalMs = 0;
  #isBad = false;

  constructor(clock: Clock, settings: LinkSettings, random: () => number) {
    this.#clock = clock;
    this.settings = settings;
    this.#random = random;
  }

  /** How long what waits now will take. */
  get backlogMs(): number {
    return Math.max(0, this.#freeAtMs - this.#clock.monotonicMs());
  }

  send(bytes: number, arrive: () => void): void {
    const { rate, delayMs, queueMs, jitterMs = 0 } = this.settings;
    if (this.isCut || this.#isLost()) return;
    const nowMs = this.#clock.monotonicMs();
    const waitMs = this.backlogMs;
    if (waitMs > queueMs) {
      this.dropped += 1;
      return;
    }
    this.#freeAtMs = nowMs + waitMs + (bytes * 8000) / rate;
    this.waits.push({ atMs: nowMs, waitMs, bytes });
    const arrivalMs = Math.max(this.#lastArrivalMs, this.#freeAtMs + delayMs + jitterMs * this.#random());
    this.#lastArrivalMs = arrivalMs;
    this.#clock.after(arrivalMs - nowMs, arrive);
  }

  /** What waits takes as long as the new rate says. */
  change(settings: Partial<LinkSettings>): void {
    const waits = this.backlogMs;
    const { rate } = this.settings;
    this.settings = { ...this.settings, ...settings };
    this.#freeAtMs = this.#clock.monotonicMs() + (waits * rate) / this.settings.rate;
  }

  #isLost(): boolean {
    const { loss = 0, burst } = this.settings;
    if (burst) {
      if (this.#random() < (this.#isBad ? burst.leave : burst.enter)) this.#isBad = !this.#isBad;
      if (this.#isBad) return true;
    }
    return loss > 0 && this.#random() < loss;
  }
}
