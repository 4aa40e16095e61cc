import type { Probe } from './rate-controller.ts';

export interface PathState {
  readonly targetBitrate: number;
  /** Packets wait, or are lost for want of room: no time to send more. */
  readonly isCongested: boolean;
  /** As much is sent as the target allows, or would be. */
  readonly isLimited: boolean;
}

/** Long enough to measure, short enough to be forgotten at once when it was too much. */
const LASTS_MS = 16;
const LEAST_PACKETS = 5;
/** On a slow path a probe is made of small packets: it must not block it for long. */
const LEAST_BYTES = 1000;
/** A first look at a path of which nothing is known. */
const FIRST_STEP = 2;
const STEP = 2.5;
const AGAIN_STEP = 2;
const INTERVAL_MS = 2000;
const LONGEST_INTERVAL_MS = 5000;

/** Decides when the path is asked for more than it carries now, and for how much. */
export class ProbePlanner {
  readonly #ceiling: number;
  #wanted: number | undefined;
  #hasBegun = false;
  #nextAtMs = 0;
  #intervalMs = INTERVAL_MS;
  #lastId = 0;

  constructor(ceiling: number) {
    this.#ceiling = ceiling;
  }

  next(state: PathState, nowMs: number): Probe | undefined {
    if (state.isCongested) {
      // After a cut the path is looked at anew once it has settled.
      this.#wanted = undefined;
      this.#nextAtMs = Math.max(this.#nextAtMs, nowMs + INTERVAL_MS / 2);
      return undefined;
    }
    let bitrate = this.#hasBegun ? this.#wanted : FIRST_STEP * state.targetBitrate;
    this.#hasBegun = true;
    if (bitrate === undefined) {
      if (!state.isLimited || nowMs < this.#nextAtMs) return undefined;
      bitrate = AGAIN_STEP * state.targetBitrate;
    }
    this.#wanted = undefined;
    if (bitrate <= 1.05 * state.targetBitrate || state.targetBitrate >= this.#ceiling) return undefined;
    this.#nextAtMs = nowMs + this.#intervalMs;
    return this.#make(Math.min(bitrate, 1.2 * this.#ceiling));
  }

  /** The probe came in at this rate. */
  measured(probe: Probe, bitrate: number): void {
    if (bitrate > 0.85 * probe.bitrate) {
      this.#intervalMs = INTERVAL_MS;
      if (probe.bitrate < this.#ceiling) this.#wanted = STEP * probe.bitrate;
      return;
    }
    this.#intervalMs = Math.min(LONGEST_INTERVAL_MS, 1.5 * this.#intervalMs);
  }

  /** The path came back or became another one: it is asked at once whether it carries this. */
  ask(bitrate: number): void {
    this.#wanted = bitrate;
    this.#intervalMs = INTERVAL_MS;
  }

  #make(bitrate: number): Probe {
    this.#lastId += 1;
    const bytes = Math.max(LEAST_BYTES, (bitrate * LASTS_MS) / 8000);
    return { id: this.#lastId, bitrate, bytes, packets: LEAST_PACKETS };
  }
}
