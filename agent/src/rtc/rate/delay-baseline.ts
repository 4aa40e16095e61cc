const BUCKET_MS = 1000;
const BUCKETS = 10;

/**
 * How long packets queue on the way: one-way delay above the lowest of the last ten seconds. The clocks of the two
 * ends differ by an unknown constant, which the difference takes out; the window forgets their drift.
 */
export class DelayBaseline {
  readonly #minima: { slot: number; delayMs: number }[] = [];

  /** Returns the queueing delay of a packet with this raw one-way delay. */
  queueingMs(rawDelayMs: number, nowMs: number): number {
    const slot = Math.floor(nowMs / BUCKET_MS);
    const last = this.#minima.at(-1);
    if (last && last.slot === slot) last.delayMs = Math.min(last.delayMs, rawDelayMs);
    else this.#minima.push({ slot, delayMs: rawDelayMs });
    while (this.#minima[0] && this.#minima[0].slot <= slot - BUCKETS) this.#minima.shift();
    let lowest = rawDelayMs;
    for (const minimum of this.#minima) lowest = Math.min(lowest, minimum.delayMs);
    return rawDelayMs - lowest;
  }
}
