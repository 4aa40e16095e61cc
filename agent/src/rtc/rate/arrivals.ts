import { DelayBaseline } from './delay-baseline.ts';

interface Arrival {
  readonly sentAtMs: number;
  readonly arrivedMs: number;
  readonly bytes: number;
  readonly queueMs: number;
}

const KEEP_MS = 1500;
const RATE_WINDOW_MS = 500;
const BUSY_WINDOW_MS = 600;
const BUSY_LEAST_MS = 12;
const BUSY_LEAST_PACKETS = 5;
/** A gap that is longer than this, and so many times longer than most. */
const STALL_MS = 30;
const STALL_FACTOR = 5;

/** What arrived lately and how long it queued; times of arrival are the receiver's. */
export class Arrivals {
  readonly #baseline = new DelayBaseline();
  readonly #arrivals: Arrival[] = [];

  /** Returns how long the packet queued. */
  add(packet: { sentAtMs: number; arrivedMs: number; bytes: number }, nowMs: number): number {
    const queueMs = this.#baseline.queueingMs(packet.arrivedMs - packet.sentAtMs, nowMs);
    this.#arrivals.push({ ...packet, queueMs });
    const oldest = packet.arrivedMs - KEEP_MS;
    if (this.#arrivals.length > 64 && (this.#arrivals[32]?.arrivedMs ?? oldest) < oldest) {
      this.#arrivals.splice(0, 32);
    }
    return queueMs;
  }

  /** How fast packets came in, averaged over half a second with its pauses. */
  get bitrate(): number {
    const last = this.#arrivals.at(-1);
    if (!last) return 0;
    let bytes = 0;
    for (let at = this.#arrivals.length - 1; at >= 0; at -= 1) {
      const one = this.#arrivals[at];
      if (!one || last.arrivedMs - one.arrivedMs > RATE_WINDOW_MS) break;
      bytes += one.bytes;
    }
    return (bytes * 8000) / RATE_WINDOW_MS;
  }

  /**
   * What the bottleneck carries: while packets queue they leave it one after the other, so the pace of those that
   * waited (longer than `busyMs`) is its own. Undefined when too few have waited.
   */
  busyBitrate(busyMs: number): number | undefined {
    const gaps = this.#busyGaps(busyMs);
    const lastedMs = gaps.reduce((sum, one) => sum + one.ms, 0);
    if (gaps.length + 1 < BUSY_LEAST_PACKETS || lastedMs < BUSY_LEAST_MS) return undefined;
    // A receiver that was busy itself reads late what came in time, all at once: that is no pace.
    const longestMs = Math.max(STALL_MS, (STALL_FACTOR * lastedMs) / gaps.length);
    let bytes = 0;
    let ms = 0;
    for (const gap of gaps) {
      if (gap.ms > longestMs) continue;
      bytes += gap.bytes;
      ms += gap.ms;
    }
    return (bytes * 8000) / Math.max(1, ms);
  }

  /** Between the packets of the busy time that reaches up to now, with the bytes that came at the end of each. */
  #busyGaps(busyMs: number): { readonly ms: number; readonly bytes: number }[] {
    const gaps: { ms: number; bytes: number }[] = [];
    let next: Arrival | undefined;
    for (let at = this.#arrivals.length - 1; at >= 0; at -= 1) {
      const one = this.#arrivals[at];
      if (!one || one.queueMs < busyMs) break;
      if (next) gaps.push({ ms: next.arrivedMs - one.arrivedMs, bytes: next.bytes });
      if ((this.#arrivals.at(-1)?.arrivedMs ?? 0) - one.arrivedMs > BUSY_WINDOW_MS) break;
      next = one;
    }
    return gaps;
  }
}
