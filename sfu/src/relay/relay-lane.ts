import type { Clock } from '../core/clock.ts';
import { ByteBudget } from './byte-budget.ts';
import type { RelayEnd } from './relay-end.ts';

/** More than this waiting to be sent, and reading stops; it goes on when little is left. */
const HIGH_WATER_BYTES = 131_072;
const LOW_WATER_BYTES = 32_768;

/**
 * One direction of a pair. What the receiver does not take is not read either, so that a slow one costs the relay
 * {@link HIGH_WATER_BYTES} and what one read brings, no more.
 */
export class RelayLane {
  readonly #clock: Clock;
  readonly #from: RelayEnd;
  readonly #to: RelayEnd;
  readonly #budget: ByteBudget;
  #waitingBytes = 0;
  #isBacklogged = false;
  #isOverBudget = false;
  #lastMs: number;

  constructor(deps: { clock: Clock; from: RelayEnd; to: RelayEnd; bytesPerSecond: number }) {
    this.#clock = deps.clock;
    this.#from = deps.from;
    this.#to = deps.to;
    this.#lastMs = deps.clock.now();
    this.#budget = new ByteBudget(deps.bytesPerSecond, this.#lastMs);
  }

  get waitingBytes(): number {
    return this.#waitingBytes;
  }
  get isPaused(): boolean {
    return this.#isBacklogged || this.#isOverBudget;
  }
  /** Since when the sender has said nothing although it was listened to. */
  silentMs(nowMs: number): number {
    if (this.isPaused) this.#lastMs = nowMs;
    return nowMs - this.#lastMs;
  }

  pass(data: Buffer): void {
    this.#lastMs = this.#clock.now();
    this.#waitingBytes += data.length;
    this.#to.send(data, () => this.#sent(data.length));
    const restMs = this.#budget.take(data.length, this.#lastMs);
    const isFirstOver = restMs > 0 && !this.#isOverBudget;
    this.#set({
      isBacklogged: this.#isBacklogged || this.#waitingBytes > HIGH_WATER_BYTES,
      isOverBudget: this.#isOverBudget || restMs > 0,
    });
    if (isFirstOver) this.#rest(restMs);
  }

  /** What one read brought may come after the pause began, and prolongs it. */
  #rest(ms: number): void {
    this.#clock.after(ms, () => {
      const restMs = this.#budget.take(0, this.#clock.now());
      if (restMs > 0) this.#rest(restMs);
      else this.#set({ isBacklogged: this.#isBacklogged, isOverBudget: false });
    });
  }

  #sent(bytes: number): void {
    this.#waitingBytes -= bytes;
    if (this.#isBacklogged && this.#waitingBytes <= LOW_WATER_BYTES) {
      this.#set({ isBacklogged: false, isOverBudget: this.#isOverBudget });
    }
  }

  #set(next: { isBacklogged: boolean; isOverBudget: boolean }): void {
    const wasPaused = this.isPaused;
    this.#isBacklogged = next.isBacklogged;
    this.#isOverBudget = next.isOverBudget;
    if (this.isPaused === wasPaused) return;
    if (this.isPaused) this.#from.pause();
    else this.#from.resume();
  }
}
