import type { QualityPath, QualityReport } from '@guruconnect/shared';
import type { StreamQuality } from '../../lib/rtc/stream-monitor.ts';
import { ratesBetween, type StreamCounters } from '../../lib/rtc/stream-stats.ts';

/** The counters count by themselves; only the round trip is a value of the moment. */
interface Sums {
  readonly first: StreamCounters;
  readonly last: StreamCounters;
  readonly roundTrips: number;
  readonly roundTripMs: number;
}

/** Sums up how one peer's picture came, reading by reading, into what is reported of it. Pure but for its sums. */
export class QualityLog {
  readonly #peerId: string;
  #sums: Sums | undefined;
  #newest: StreamQuality | undefined;

  constructor(peerId: string) {
    this.#peerId = peerId;
  }

  add(quality: StreamQuality): void {
    const { counters, heartbeatMs } = quality;
    const roundTripMs = counters.roundTripMs ?? heartbeatMs;
    const before = this.#sums;
    this.#newest = quality;
    this.#sums = {
      first: before?.first ?? counters,
      last: counters,
      roundTrips: (before?.roundTrips ?? 0) + (roundTripMs === undefined ? 0 : 1),
      roundTripMs: (before?.roundTripMs ?? 0) + (roundTripMs ?? 0),
    };
  }

  /** Undefined while nothing is known, or not for long enough to mean anything. */
  report(): QualityReport | undefined {
    const sums = this.#sums;
    const newest = this.#newest;
    const path = newest && pathOf(newest);
    if (!sums || !newest || !path) return undefined;
    const { first, last } = sums;
    const seconds = (last.atMs - first.atMs) / 1000;
    if (seconds < 1) return undefined;
    const { fps, bitsPerSecond, loss } = ratesBetween(first, last);
    const { samples, p50Ms, p95Ms } = newest.inputToPhotonTotal;
    return {
      peerId: this.#peerId,
      path,
      seconds: Math.round(seconds),
      fps: rounded(fps),
      bitsPerSecond: Math.round(bitsPerSecond),
      roundTripMs: sums.roundTrips > 0 ? rounded(sums.roundTripMs / sums.roundTrips) : null,
      loss,
      inputs: samples,
      inputP50Ms: p50Ms ?? null,
      inputP95Ms: p95Ms ?? null,
      freezes: newest.freezes,
    };
  }
}

function pathOf({ counters }: StreamQuality): QualityPath | undefined {
  return counters.path === 'direct' && counters.viaStun ? 'stun' : counters.path;
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
