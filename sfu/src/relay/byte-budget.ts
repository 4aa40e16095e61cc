/** A token bucket in bytes: one second's worth may come at once. */
export class ByteBudget {
  readonly #perSecond: number;
  #left: number;
  #atMs: number;

  constructor(bytesPerSecond: number, nowMs: number) {
    this.#perSecond = bytesPerSecond;
    this.#left = bytesPerSecond;
    this.#atMs = nowMs;
  }

  /** Takes bytes that have come already; returns for how many ms nothing more should be read. */
  take(bytes: number, nowMs: number): number {
    const earned = ((nowMs - this.#atMs) / 1000) * this.#perSecond;
    this.#left = Math.min(this.#perSecond, this.#left + Math.max(0, earned)) - bytes;
    this.#atMs = nowMs;
    return this.#left >= 0 ? 0 : Math.ceil((-this.#left / this.#perSecond) * 1000);
  }
}
