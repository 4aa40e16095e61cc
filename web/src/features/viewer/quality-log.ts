import type { QualityPath, QualityReport } from '@guruconnect/shared';
import type { StreamQuality } from '../../lib/rtc/stream-monitor.ts';

interface Sums {
  readonly firstAtMs: number;
  readonly lastAtMs: number;
  readonly frames: number;
  readonly bytes: number;
  readonly packets: number;
  readonly lost: number;
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
      firstAtMs: before?.firstAtMs ?? counters.atMs,
      lastAtMs: counters.atMs,
      // They count from the connection's beginning by themselves.
      frames: counters.framesDecoded,
      bytes: counters.bytesReceived,
      packets: counters.packetsReceived,
      lost: Math.max(0, counters.packetsLost),
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
    const seconds = (sums.lastAtMs - sums.firstAtMs) / 1000;
    if (seconds < 1) return undefined;
    const { samples, p50Ms, p95Ms } = newest.inputToPhotonTotal;
    return {
      peerId: this.#peerId,
      path,
      seconds: Math.round(seconds),
      fps: rounded(sums.frames / seconds),
      bitsPerSecond: Math.round((sums.bytes * 8) / seconds),
      roundTripMs: sums.roundTrips > 0 ? rounded(sums.roundTripMs / sums.roundTrips) : null,
      loss: sums.lost + sums.packets > 0 ? sums.lost / (sums.lost + sums.packets) : 0,
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
