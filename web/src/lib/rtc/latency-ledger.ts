import type { FrameInfo } from '@guruconnect/shared';
import { percentile } from './percentile.ts';

/** A frame that reached the screen, with what the agent told about it if that arrived. */
export interface PresentedFrame {
  readonly rtpTimestamp: number;
  /** When the browser expects it to be visible, on the `performance.now()` clock. */
  readonly presentedAtMs: number;
  readonly info: FrameInfo | undefined;
}

export interface LatencySummary {
  readonly samples: number;
  readonly p50Ms: number | undefined;
  readonly p95Ms: number | undefined;
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
  readonly #infos = new Map<number, FrameInfo>();
  readonly #presentedMs = new Map<number, number>();
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

  inputSent(inputId: number, nowMs: number): void {
    remember(this.#sentMs, inputId, nowMs, REMEMBERED_INPUTS);
  }

  frameTold(info: FrameInfo): void {
    this.#newestInfo = info;
    remember(this.#infos, info.rtpTimestamp, info, REMEMBERED_FRAMES);
    const presentedAtMs = this.#presentedMs.get(info.rtpTimestamp);
    if (presentedAtMs === undefined) return;
    if (this.#lastFrame?.rtpTimestamp === info.rtpTimestamp) this.#lastFrame = { ...this.#lastFrame, info };
    this.#sample(info.inputId, presentedAtMs);
  }

  framePresented(rtpTimestamp: number, presentedAtMs: number): void {
    remember(this.#presentedMs, rtpTimestamp, presentedAtMs, REMEMBERED_FRAMES);
    const info = this.#infos.get(rtpTimestamp);
    this.#lastFrame = { rtpTimestamp, presentedAtMs, info };
    if (info) this.#sample(info.inputId, presentedAtMs);
  }

  summary(): LatencySummary {
    return {
      samples: this.#samples.length,
      p50Ms: percentile(this.#samples, 0.5),
      p95Ms: percentile(this.#samples, 0.95),
    };
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
  }
}

function remember<K, V>(map: Map<K, V>, key: K, value: V, limit: number): void {
  map.delete(key);
  map.set(key, value);
  for (const oldest of map.keys()) {
    if (map.size <= limit) return;
    map.delete(oldest);
  }
}
