/** Loss from here on may be a queue that holds next to nothing, of which the delay tells nothing. */
const SUSPICIOUS_LOSS = 0.03;
const EVERY_MS = 6_000;
/** A line that was found to lose packets by itself is asked less and less often. */
const SELDOM_MS = 60_000;
const LEAST_PACKETS = 50;
const LASTS_MS = 1_000;
/** Less loss than this part of what it was: it was ours. */
const OURS = 0.5;

export type TrialStep = 'begin' | 'ours' | 'theirs' | undefined;

/**
 * Whether loss goes away when less is sent. A short queue loses packets before the delay tells of it, and looks like
 * a bad line then; now and then a little less is sent for a second to tell them apart.
 */
export class LossTrial {
  #trial: { readonly atMs: number; readonly lossBefore: number; lost: number; total: number } | undefined;
  #nextAtMs = Number.NEGATIVE_INFINITY;
  #everyMs = EVERY_MS;

  /** Takes what was reported on packets sent since the trial began. */
  count(lost: number, total: number): void {
    if (!this.#trial) return;
    this.#trial.lost += lost;
    this.#trial.total += total;
  }

  get sinceMs(): number | undefined {
    return this.#trial?.atMs;
  }

  /** What to do now: send less (`begin`), stay with less (`ours`), or go back to what was (`theirs`). */
  step(loss: number, isLimited: boolean, nowMs: number): TrialStep {
    const trial = this.#trial;
    if (trial) {
      if (nowMs - trial.atMs < LASTS_MS) return undefined;
      this.#trial = undefined;
      const isOurs = trial.total >= LEAST_PACKETS && trial.lost / trial.total < OURS * trial.lossBefore;
      this.#everyMs = isOurs ? EVERY_MS : Math.min(SELDOM_MS, 2 * this.#everyMs);
      this.#nextAtMs = nowMs + this.#everyMs;
      return isOurs ? 'ours' : 'theirs';
    }
    if (loss < SUSPICIOUS_LOSS || !isLimited || nowMs < this.#nextAtMs) return undefined;
    this.#nextAtMs = nowMs + this.#everyMs;
    this.#trial = { atMs: nowMs, lossBefore: loss, lost: 0, total: 0 };
    return 'begin';
  }

  /** Something else changed the rate: it would tell nothing. */
  abandon(): void {
    this.#trial = undefined;
  }
}
