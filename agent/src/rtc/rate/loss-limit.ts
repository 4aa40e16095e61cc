interface Bucket {
  readonly slot: number;
  lost: number;
  total: number;
}

const BUCKET_MS = 250;
const RECENT_BUCKETS = 4;
const BUCKETS = 40;
/** Fewer packets than this say nothing about loss. */
const LEAST_PACKETS = 20;
/** Loss above what the path always has, from which on it means a full queue. */
const EXCESS = 0.1;

/**
 * Tells loss that a full queue makes from loss that the path has anyway: the latter stays when less is sent. The
 * lowest loss of the last ten seconds is taken for the path's own.
 */
export class LossLimit {
  readonly #buckets: Bucket[] = [];

  add(lost: number, total: number, nowMs: number): void {
    const slot = Math.floor(nowMs / BUCKET_MS);
    const last = this.#buckets.at(-1);
    if (last?.slot === slot) {
      last.lost += lost;
      last.total += total;
    } else this.#buckets.push({ slot, lost, total });
    while (this.#buckets[0] && this.#buckets[0].slot <= slot - BUCKETS) this.#buckets.shift();
  }

  /** Of the last second, 0-1. */
  rate(nowMs: number): number {
    const { lost, total } = sum(this.#recent(nowMs));
    return total < LEAST_PACKETS ? 0 : lost / total;
  }

  /** Share of the packets that were lost because too much was sent, 0 when loss means nothing. */
  excess(nowMs: number): number {
    const recent = this.rate(nowMs);
    const excess = recent - this.#own(nowMs);
    return excess > EXCESS ? excess : 0;
  }

  /** Less is sent from now on: what was lost before says nothing about that. */
  forgetRecent(nowMs: number): void {
    const slot = Math.floor(nowMs / BUCKET_MS);
    while ((this.#buckets.at(-1)?.slot ?? 0) > slot - RECENT_BUCKETS) this.#buckets.pop();
  }

  #own(nowMs: number): number {
    const slot = Math.floor(nowMs / BUCKET_MS);
    const older = this.#buckets.filter((one) => one.slot <= slot - RECENT_BUCKETS);
    let lowest = 1;
    for (let at = 0; at + RECENT_BUCKETS <= older.length; at += 1) {
      const { lost, total } = sum(older.slice(at, at + RECENT_BUCKETS));
      if (total >= LEAST_PACKETS) lowest = Math.min(lowest, lost / total);
    }
    return lowest === 1 ? 0 : lowest;
  }

  #recent(nowMs: number): Bucket[] {
    const slot = Math.floor(nowMs / BUCKET_MS);
    return this.#buckets.filter((one) => one.slot > slot - RECENT_BUCKETS);
  }
}

function sum(buckets: readonly Bucket[]): { lost: number; total: number } {
  let lost = 0;
  let total = 0;
  for (const one of buckets) {
    lost += one.lost;
    total += one.total;
  }
  return { lost, total };
}
