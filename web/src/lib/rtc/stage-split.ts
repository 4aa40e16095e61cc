import type { FrameInfo } from '@guruconnect/shared';
import { percentile } from './percentile.ts';
import type { FrameTiming } from './video-deck.ts';

export const STAGES = ['capture', 'encode', 'network', 'decode', 'display'] as const;
export type Stage = (typeof STAGES)[number];
/** Milliseconds of one picture in each stage. */
export type StageTimes = Readonly<Record<Stage, number>>;
export type StageMedians = StageTimes;

/** Told of the newest pictures only, so that the split follows what happens now. */
const KEPT = 60;

/**
 * Where the time of one picture went, from the beginning of its grab to the screen:
 * `capture` grabbing and converting; `encode`; `network` from the encoder to this browser, waiting for the pacer
 * included; `decode`; `display` from the decoder to the screen. `grabbedAtMs` is the end of the grab on our clock.
 * Undefined when the clocks do not fit yet: a picture cannot be shown before it was made.
 */
export function splitStages(
  info: FrameInfo,
  grabbedAtMs: number,
  presentedAtMs: number,
  { receivedAtMs, decodeMs }: Partial<FrameTiming>,
): StageTimes | undefined {
  const encodedAtMs = grabbedAtMs + info.convertMs + info.encodeMs;
  if (presentedAtMs < grabbedAtMs) return undefined;
  const decode = decodeMs ?? 0;
  // Not every browser tells when a picture came: then the way to the screen counts as network.
  const arrivedAtMs = receivedAtMs ?? presentedAtMs - decode;
  return {
    capture: info.grabMs + info.convertMs,
    encode: info.encodeMs,
    network: Math.max(0, arrivedAtMs - encodedAtMs),
    decode,
    display: Math.max(0, presentedAtMs - arrivedAtMs - decode),
  };
}

/** The middle of each stage over the newest pictures. */
export class StageLog {
  #times: StageTimes[] = [];

  add(times: StageTimes): void {
    this.#times = [...this.#times.slice(1 - KEPT), times];
  }

  medians(): StageMedians | undefined {
    if (this.#times.length === 0) return undefined;
    const middle = (stage: Stage) =>
      percentile(
        this.#times.map((times) => times[stage]),
        0.5,
      ) ?? 0;
    return {
      capture: middle('capture'),
      encode: middle('encode'),
      network: middle('network'),
      decode: middle('decode'),
      display: middle('display'),
    };
  }
}
