import type { QualityMode } from '@guruconnect/shared';
import type { CaptureSettings } from '../../native/addon.d.ts';
import { type CodedPicture, FilmDetector } from './film-detector.ts';
import { MODE_LIMITS, type ModeLimits } from './mode-limits.ts';
import { ScaleLadder } from './scale-ladder.ts';

export type LimitedBy = 'nothing' | 'network' | 'encoder' | 'mode';

/** From here on a path gives everything; below, pictures a second go first. */
const GOOD_BITRATE = 4_000_000;
const FAIR_BITRATE = 1_500_000;
const LOWEST_FPS = 10;
/** Half as wide a path shows about two thirds as many pictures a second, each with fewer bits. */
const FPS_EXPONENT = 0.55;
/** The encoder's share of the time: the rest is the user's own programs'. */
const ENCODER_SHARE = 0.85;
const LEAST_BITRATE = 60_000;
/** On a poor path text leaves part of it free: a picture that finds the way clear is there sooner. */
const TEXT_SHARE = 0.8;
/** A refinement of a still screen may well wait; what moves is late after so long. */
const SLOWEST_FRAME_MS = 110;

/**
 * What a display's pictures are made like: for the path as the congestion controller sees it, for what moves on the
 * screen, for what the encoder manages and for what the technician prefers. Pictures a second are given up before
 * sharpness, sharpness before size. Knows no clock and no desktop: everything comes in by its calls.
 */
export class QualityPolicy {
  #mode: QualityMode = 'auto';
  #bitrate: number;
  #encodeMs = 0;
  readonly #film = new FilmDetector();
  readonly #ladder = new ScaleLadder();

  constructor(options: { readonly bitrate: number }) {
    this.#bitrate = options.bitrate;
  }

  get mode(): QualityMode {
    return this.#mode;
  }

  /** What pictures may use of the path, bits per second, before the mode takes its part. */
  setBitrate(bitrate: number): void {
    this.#bitrate = bitrate;
  }

  setMode(mode: QualityMode): void {
    this.#mode = mode;
  }

  /** A picture was made. */
  coded(picture: CodedPicture, nowMs: number): void {
    if (!picture.refinement && !picture.keyFrame) {
      this.#encodeMs += 0.1 * (picture.encodeMs - this.#encodeMs);
    }
    this.#film.take(picture, nowMs);
    const { bitrate, maxQp } = this.settings;
    const takesMs = (picture.bytes * 8000) / bitrate;
    this.#ladder.take(picture, { takesMs, frameMs: SLOWEST_FRAME_MS, maxQp }, nowMs);
  }

  /** Called now and then, also when no picture is made. */
  tick(nowMs: number): void {
    this.#film.judge(nowMs);
    this.#ladder.restful(nowMs);
  }

  get settings(): CaptureSettings {
    const limits = MODE_LIMITS[this.#mode];
    const content = limits.allowsFilm && this.#film.isFilm ? 'motion' : 'screen';
    const bitrate = this.#shareOf(limits, content);
    return {
      bitrate: Math.round(bitrate),
      maxFps: this.#fps(limits, bitrate),
      content,
      minQp: limits.minQp,
      maxQp: limits.maxQp[bitrate >= GOOD_BITRATE ? 0 : bitrate >= FAIR_BITRATE ? 1 : 2],
      refinements: limits.refinements,
      scale: Math.min(limits.highestScale, Math.max(limits.lowestScale, this.#ladder.scale)),
    };
  }

  get limitedBy(): LimitedBy {
    const limits = MODE_LIMITS[this.#mode];
    const { maxFps, scale } = this.settings;
    if (this.#bitrate * limits.pathShare > limits.highestBitrate && limits.highestBitrate < GOOD_BITRATE) {
      return 'mode';
    }
    if (this.#bitrate < GOOD_BITRATE || scale < limits.highestScale) return 'network';
    if (maxFps < Math.min(limits.highestFps, 30)) return 'encoder';
    return maxFps < 30 ? 'mode' : 'nothing';
  }

  #shareOf({ pathShare, highestBitrate }: ModeLimits, content: CaptureSettings['content']): number {
    const share = content === 'screen' && this.#bitrate < FAIR_BITRATE ? TEXT_SHARE * pathShare : pathShare;
    return Math.max(LEAST_BITRATE, Math.min(highestBitrate, this.#bitrate * share));
  }

  #fps({ highestFps, pace }: ModeLimits, bitrate: number): number {
    const ofPath = pace * 60 * Math.min(1, bitrate / GOOD_BITRATE) ** FPS_EXPONENT;
    const ofEncoder = this.#encodeMs > 0 ? (1000 * ENCODER_SHARE) / this.#encodeMs : highestFps;
    const fps = Math.min(highestFps, bitrate >= GOOD_BITRATE ? highestFps : ofPath, Math.max(15, ofEncoder));
    return Math.max(LOWEST_FPS, Math.round(fps));
  }
}
