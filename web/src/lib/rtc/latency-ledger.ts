import type { FrameInfo } from '@guruconnect/shared';
import { AgentClock } from './agent-clock.ts';
import { FreezeCount } from './freeze-count.ts';
import { LatencyHistogram, type LatencySummary } from './latency-histogram.ts';
import { percentile } from './percentile.ts';
import { StageLog, type StageMedians, splitStages } from './stage-split.ts';
import type { FrameTiming } from './video-deck.ts';

/** A frame that reached the screen, with what the agent told about it if that arrived. */
export interface PresentedFrame {
  readonly rtpTimestamp: number;
  /** When the browser expects it to be visible, on the `performance.now()` clock. */
  readonly presentedAtMs: number;
  readonly info: FrameInfo | undefined;
}

/** Where a picture came from, and how it came through the browser. */
export interface Arrival extends Partial<FrameTiming> {
  readonly track?: number;
}

interface Presented extends Arrival {
  readonly atMs: number;
}

const REMEMBERED_INPUTS = 1024;
const REMEMBERED_FRAMES = 256;
const REMEMBERED_SAMPLES = 200;
/**
 * An input that changed nothing is named by the next frame, whatever caused that one. Longer waits than
 * this are taken for such and left out.
 */
const LONGEST_MS = 1_000;

/**
 * Measures input-to-photon: from the moment an input was sent to the moment the first frame whose pixels
 * were grabbed after its injection was shown. Frames and what is told about them arrive in any order.
 */
export class LatencyLedger {
  readonly #sentMs = new Map<number, number>();
  readonly #infos = new Map<string, FrameInfo>();
  readonly #presented = new Map<string, Presented>();
  readonly #clock = new AgentClock();
  readonly #stages = new StageLog();
  readonly #freezes = new FreezeCount();
  readonly #all = new LatencyHistogram();
  #samples: number[] = [];
  #newestInputId = 0;
  #lastFrame: PresentedFrame | undefined;
  #newestInfo: FrameInfo | undefined;

  get lastFrame(): PresentedFrame | undefined {
    return this.#lastFrame;
  }
  /** What the agent told last, also of frames that were not shown. */
  get newestInfo(): FrameInfo | undefined {
    return this.#newestInfo;
  }
  /** Where the time of the newest pictures went; undefined before the first whose times are known. */
  get stages(): StageMedians | undefined {
    return this.#stages.medians();
  }
  get freezes(): number {
    return this.#freezes.count;
  }

  inputSent(inputId: number, nowMs: number): void {
    remember(this.#sentMs, inputId, nowMs, REMEMBERED_INPUTS);
  }

  /** The agent answered the heartbeat with its time. */
  clockTold(agentTimeMs: number, roundTripMs: number, nowMs: number): void {
    this.#clock.answered(agentTimeMs, roundTripMs, nowMs);
  }

  frameTold(info: FrameInfo): void {
    this.#newestInfo = info;
    const key = keyOf(info.track, info.rtpTimestamp);
    remember(this.#infos, key, info, REMEMBERED_FRAMES);
    const presented = this.#presented.get(key);
    if (!presented) return;
    if (this.#lastFrame?.rtpTimestamp === info.rtpTimestamp) this.#lastFrame = { ...this.#lastFrame, info };
    this.#matched(info, presented);
  }

  framePresented(rtpTimestamp: number, presentedAtMs: number, arrival: Arrival = {}): void {
    const key = keyOf(arrival.track ?? 0, rtpTimestamp);
    const presented = { ...arrival, atMs: presentedAtMs };
    remember(this.#presented, key, presented, REMEMBERED_FRAMES);
    const info = this.#infos.get(key);
    this.#lastFrame = { rtpTimestamp, presentedAtMs, info };
    if (info) this.#matched(info, presented);
  }

  /** The page is not looked at: pauses of the picture say nothing. */
  lookedAway(): void {
    this.#freezes.forget();
  }

  /** Of the newest inputs. */
  summary(): LatencySummary {
    return {
      samples: this.#samples.length,
      p50Ms: percentile(this.#samples, 0.5),
      p95Ms: percentile(this.#samples, 0.95),
    };
  }
  /** Of all inputs since the connection was made. */
  total(): LatencySummary {
    return this.#all.summary();
  }

  #matched(info: FrameInfo, presented: Presented): void {
    this.#sample(info.inputId, presented.atMs);
    // One that only sharpens what was shown already is old on purpose.
    const grabbedAtMs = info.refinement ? undefined : this.#clock.toLocal(info.capturedAtMs);
    const { frameId } = info;
    const ageMs = grabbedAtMs === undefined ? undefined : presented.atMs - grabbedAtMs;
    // Tracks pause and go on each by itself; the first one is what people look at.
    if (info.track === 0) this.#freezes.shown({ frameId, presentedAtMs: presented.atMs, ageMs });
    const times = grabbedAtMs !== undefined && splitStages(info, grabbedAtMs, presented.atMs, presented);
    if (times) this.#stages.add(times);
  }

  #sample(inputId: number, presentedAtMs: number): void {
    if (inputId <= this.#newestInputId) return;
    this.#newestInputId = inputId;
    const sentMs = this.#sentMs.get(inputId);
    for (const id of this.#sentMs.keys()) if (id <= inputId) this.#sentMs.delete(id);
    if (sentMs === undefined) return;
    const tookMs = presentedAtMs - sentMs;
    if (tookMs < 0 || tookMs > LONGEST_MS) return;
    this.#samples = [...this.#samples.slice(1 - REMEMBERED_SAMPLES), tookMs];
    this.#all.add(tookMs);
  }
}

/** Tracks count their RTP time each from a place of its own. */
function keyOf(track: number, rtpTimestamp: number): string {
  return `${track}:${rtpTimestamp}`;
}

function remember<K, V>(map: Map<K, V>, key: K, value: V, limit: number): void {
  map.delete(key);
  map.set(key, value);
  for (const oldest of map.keys()) {
    if (map.size <= limit) return;
    map.delete(oldest);
  }
}
