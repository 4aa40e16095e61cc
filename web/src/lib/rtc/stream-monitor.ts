import type { LatencySummary } from './latency-histogram.ts';
import type { LatencyLedger } from './latency-ledger.ts';
import type { Peer } from './peer.ts';
import type { StageMedians } from './stage-split.ts';
import { ratesBetween, type StreamCounters, type StreamRates } from './stream-stats.ts';
import type { Timing } from './timing.ts';

/** How well the picture comes, measured over the last second. */
export interface StreamQuality {
  readonly counters: StreamCounters;
  readonly rates: StreamRates | undefined;
  /** Round trip of the heartbeat, through the agent's event loop. */
  readonly heartbeatMs: number | undefined;
  readonly inputToPhoton: LatencySummary;
  /** Since the connection was made. */
  readonly inputToPhotonTotal: LatencySummary;
  readonly freezes: number;
  /** Where the time of the newest pictures went. */
  readonly stages: StageMedians | undefined;
  /** Of the newest frame, as the agent told it. */
  readonly encode:
    | { readonly ms: number; readonly grabMs: number; readonly bytes: number; readonly qp: number }
    | undefined;
}

/** What is read: the connection's own statistics, and what was measured of its frames. */
export interface StreamSource {
  readonly peer: Pick<Peer, 'counters' | 'rttMs'>;
  readonly ledger: Pick<LatencyLedger, 'summary' | 'total' | 'freezes' | 'stages' | 'newestInfo'>;
}

const EVERY_MS = 1_000;

/** Reads the statistics of the peer that is up once a second; an external store for React. */
export class StreamMonitor {
  readonly #timing: Timing;
  readonly #watchers = new Set<() => void>();
  #source: StreamSource | undefined;
  #quality: StreamQuality | undefined;
  #cancel: (() => void) | undefined;

  constructor(timing: Timing) {
    this.#timing = timing;
  }

  readonly subscribe = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  };
  readonly getSnapshot = (): StreamQuality | undefined => this.#quality;

  /** Follows another peer from now on, or none. */
  follow(source: StreamSource | undefined): void {
    this.#cancel?.();
    this.#source = source;
    this.#set(undefined);
    if (source) this.#again(0);
  }

  /** Reads afresh, not waiting for the next second; undefined while no peer is up. */
  async read(): Promise<StreamQuality | undefined> {
    const source = this.#source;
    if (!source) return undefined;
    const counters = await source.peer.counters();
    if (this.#source !== source) return undefined;
    const before = this.#quality?.counters;
    const info = source.ledger.newestInfo;
    const quality: StreamQuality = {
      counters,
      rates: before && counters.atMs > before.atMs ? ratesBetween(before, counters) : this.#quality?.rates,
      heartbeatMs: source.peer.rttMs,
      inputToPhoton: source.ledger.summary(),
      inputToPhotonTotal: source.ledger.total(),
      freezes: source.ledger.freezes,
      stages: source.ledger.stages,
      encode: info && { ms: info.encodeMs, grabMs: info.grabMs, bytes: info.bytes, qp: info.qp },
    };
    this.#set(quality);
    return quality;
  }

  #again(delayMs: number): void {
    this.#cancel = this.#timing.after(delayMs, () => {
      const source = this.#source;
      const next = () => {
        if (this.#source === source) this.#again(EVERY_MS);
      };
      // A peer that closed meanwhile has no statistics; the next one is followed when it is up.
      this.read().then(next, next);
    });
  }

  #set(quality: StreamQuality | undefined): void {
    if (quality === this.#quality) return;
    this.#quality = quality;
    for (const watcher of [...this.#watchers]) watcher();
  }
}
