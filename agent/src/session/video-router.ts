import type { FrameInfo } from '@guruconnect/shared';
import type { CaptureSettings, NativeFrame } from '../../native/addon.d.ts';
import type { Clock } from '../core/clock.ts';
import type { Desktop } from '../desktop/desktop.ts';
import { rtpTimestampOf, type VideoFrame } from '../rtc/rtp/video-sender.ts';
import type { LeavingPicture } from '../tiles/tile-router.ts';

/** Somebody who looks at a display. */
export interface VideoViewer {
  readonly id: string;
  /** Asked for every frame; nothing is sent without it. */
  mayView(): boolean;
  /** Whose path sets the encoder's rate, and whose key-frame wishes are met at once. */
  isController(): boolean;
  /** Told right before a picture is sent. */
  pictureLeaves?(picture: LeavingPicture): void;
  sendFrame(frame: VideoFrame): boolean;
  sendInfo(info: FrameInfo): void;
}

interface Watching {
  readonly viewer: VideoViewer;
  displayId: string;
  bitrate: number;
  /** False while it is only being prepared. */
  isShown: boolean;
  /** Pictures before the next key frame are of no use to it. */
  needsKeyFrame: boolean;
  /** Media time of the last picture sent, monotonic ms. */
  lastMediaMs: number;
}

/** RTP, SRTP and UDP headers and data channels take their part of the path. */
const VIDEO_SHARE = 0.93;
const CONTROLLER_KEY_FRAME_MS = 250;
const SPECTATOR_KEY_FRAME_MS = 2000;
/** From grab to encoder and from encoder to here; more than this is not waiting but old pixels. */
const MAX_WAIT_MS = 50;

export const CAPTURE_DEFAULTS: Omit<CaptureSettings, 'bitrate'> = {
  maxFps: 60,
  content: 'screen',
  minQp: 12,
  maxQp: 42,
  refinements: 4,
  scale: 1,
};

/** Captures what is looked at and nothing else, and brings each picture to those who look at it. */
export class VideoRouter {
  readonly #desktop: Pick<Desktop, 'watch' | 'unwatch' | 'configure' | 'requestKeyFrame'>;
  readonly #clock: Clock;
  readonly #startBitrate: number;
  readonly #watching = new Map<string, Watching>();
  readonly #captured = new Map<string, { bitrate: number; hasBegun: boolean }>();
  readonly #lastKeyFrameMs = new Map<string, number>();
  readonly #deferred = new Map<string, () => void>();

  constructor(deps: {
    desktop: Pick<Desktop, 'watch' | 'unwatch' | 'configure' | 'requestKeyFrame'>;
    clock: Clock;
    startBitrate: number;
  }) {
    this.#desktop = deps.desktop;
    this.#clock = deps.clock;
    this.#startBitrate = deps.startBitrate;
  }

  /** Shows a display to a viewer, or another one than before. The first picture is a key frame, asked for now. */
  show(viewer: VideoViewer, displayId: string): void {
    this.prepare(viewer, displayId);
    const watching = this.#watching.get(viewer.id);
    if (!watching || watching.isShown) return;
    watching.isShown = true;
    // A capture that begins sends a key frame by itself.
    if (this.#captured.get(displayId)?.hasBegun) this.#requestNow(displayId);
  }

  /**
   * Starts the capture that a viewer will look at while its connection is still being made: opening a display and
   * an encoder takes as long as that. Nothing is sent before its track is open and `show` is called.
   */
  prepare(viewer: VideoViewer, displayId: string): void {
    const known = this.#watching.get(viewer.id);
    if (known?.displayId === displayId) return;
    const bitrate = known?.bitrate ?? this.#startBitrate;
    this.#watching.set(viewer.id, {
      viewer,
      displayId,
      bitrate,
      isShown: false,
      needsKeyFrame: true,
      lastMediaMs: known?.lastMediaMs ?? 0,
    });
    this.#followViewers();
  }

  hide(viewerId: string): void {
    if (this.#watching.delete(viewerId)) this.#followViewers();
  }

  isShown(viewerId: string): boolean {
    return this.#watching.has(viewerId);
  }

  /** Sends one picture to everybody who looks at its display. */
  frame(displayId: string, frame: NativeFrame, inputs: readonly (readonly [string, number])[]): void {
    const captured = this.#captured.get(displayId);
    if (captured) captured.hasBegun = true;
    if (frame.keyFrame) this.#lastKeyFrameMs.set(displayId, this.#clock.monotonicMs());
    for (const watching of this.#watching.values()) {
      if (watching.displayId === displayId) this.#sendTo(watching, frame, inputs);
    }
  }

  /** Wishes of others than the controller are merged to one key frame in two seconds. */
  keyFrameWanted(viewerId: string): void {
    const watching = this.#watching.get(viewerId);
    if (!watching?.viewer.mayView()) return;
    const { displayId } = watching;
    const minimumMs = watching.viewer.isController() ? CONTROLLER_KEY_FRAME_MS : SPECTATOR_KEY_FRAME_MS;
    const lastMs = this.#lastKeyFrameMs.get(displayId) ?? Number.NEGATIVE_INFINITY;
    const waitMs = minimumMs - (this.#clock.monotonicMs() - lastMs);
    if (waitMs <= 0) this.#requestNow(displayId);
    else this.#requestLater(displayId, waitMs, minimumMs);
  }

  bitrateChanged(viewerId: string, bitrate: number): void {
    const watching = this.#watching.get(viewerId);
    if (!watching) return;
    watching.bitrate = bitrate;
    this.#followViewers();
  }

  /** Who has control decides about the rate. */
  rightsChanged(): void {
    this.#followViewers();
  }

  /** Starts and ends captures and sets their rate. */
  #followViewers(): void {
    const wanted = new Set([...this.#watching.values()].map((one) => one.displayId));
    for (const displayId of this.#captured.keys()) {
      if (!wanted.has(displayId)) this.#end(displayId);
    }
    for (const displayId of wanted) {
      const bitrate = Math.round(this.#bitrateOf(displayId) * VIDEO_SHARE);
      const running = this.#captured.get(displayId);
      if (!running) {
        this.#captured.set(displayId, { bitrate, hasBegun: false });
        this.#desktop.watch(displayId, { ...CAPTURE_DEFAULTS, bitrate });
      } else if (running.bitrate !== bitrate) {
        running.bitrate = bitrate;
        this.#desktop.configure(displayId, { bitrate });
      }
    }
  }

  #end(displayId: string): void {
    this.#captured.delete(displayId);
    this.#deferred.get(displayId)?.();
    this.#deferred.delete(displayId);
    this.#desktop.unwatch(displayId);
  }

  /** The controller's path decides; without one on this display, the narrowest path does. */
  #bitrateOf(displayId: string): number {
    const here = [...this.#watching.values()].filter((one) => one.displayId === displayId);
    const controllers = here.filter((one) => one.viewer.isController());
    const deciding = controllers.length > 0 ? controllers : here;
    return Math.min(...deciding.map((one) => one.bitrate));
  }

  #sendTo(watching: Watching, frame: NativeFrame, inputs: readonly (readonly [string, number])[]): void {
    const { viewer } = watching;
    if (!viewer.mayView()) return;
    if (watching.needsKeyFrame && !frame.keyFrame) return;
    const nowMs = this.#clock.monotonicMs();
    const mediaMs = Math.max(mediaTimeMs(frame, nowMs), watching.lastMediaMs + 1);
    const rtpTimestamp = rtpTimestampOf(mediaMs);
    const { displayId } = watching;
    viewer.pictureLeaves?.({ track: 0, displayId, frameId: frame.frameId, rtp: rtpTimestamp });
    if (!viewer.sendFrame({ data: frame.data, keyFrame: frame.keyFrame, rtpTimestamp })) return;
    watching.needsKeyFrame = false;
    watching.lastMediaMs = mediaMs;
    const inputId = inputs.find(([source]) => source === viewer.id)?.[1] ?? 0;
    viewer.sendInfo({
      ...infoOf(frame),
      track: 0,
      rtpTimestamp,
      inputId,
      sendMs: nowMs - frame.capturedAtMs,
    });
  }

  #requestNow(displayId: string): void {
    this.#deferred.get(displayId)?.();
    this.#deferred.delete(displayId);
    this.#lastKeyFrameMs.set(displayId, this.#clock.monotonicMs());
    this.#desktop.requestKeyFrame(displayId);
  }

  #requestLater(displayId: string, waitMs: number, minimumMs: number): void {
    if (this.#deferred.has(displayId)) {
      // The controller does not wait for a spectator's turn.
      if (minimumMs !== CONTROLLER_KEY_FRAME_MS) return;
      this.#deferred.get(displayId)?.();
    }
    const cancel = this.#clock.after(waitMs, () => this.#requestNow(displayId));
    this.#deferred.set(displayId, cancel);
  }
}

/**
 * The time of capture, unless old pixels were encoded once more (a refinement, a key frame of a still screen): the
 * receiver would read their age as network delay, and two pictures of one grab would share a timestamp.
 */
function mediaTimeMs(frame: NativeFrame, nowMs: number): number {
  const encodeStartedMs = nowMs - frame.convertMs - frame.encodeMs;
  return encodeStartedMs - frame.capturedAtMs > MAX_WAIT_MS ? encodeStartedMs : frame.capturedAtMs;
}

function infoOf(frame: NativeFrame): Omit<FrameInfo, 'rtpTimestamp' | 'inputId' | 'sendMs' | 'track'> {
  return {
    frameId: frame.frameId,
    capturedAtMs: frame.capturedAtMs,
    grabMs: frame.grabMs,
    convertMs: frame.convertMs,
    encodeMs: frame.encodeMs,
    bytes: frame.data.length,
    qp: frame.qp,
    keyFrame: frame.keyFrame,
    refinement: frame.refinement,
  };
}
