import { type FrameInfo, MAX_VIDEO_TRACKS, type QualityMode } from '@guruconnect/shared';
import type { NativeFrame } from '../../native/addon.d.ts';
import type { Clock } from '../core/clock.ts';
import type { Desktop } from '../desktop/desktop.ts';
import { rtpTimestampOf, type VideoFrame } from '../rtc/rtp/video-sender.ts';
import type { LeavingPicture } from '../tiles/tile-router.ts';
import { DisplayStream, type StreamFacts } from './display-stream.ts';
import { infoOf, mediaTimeMs } from './picture-info.ts';

/** Somebody who looks at displays, each on a track of its own. */
export interface VideoViewer {
  readonly id: string;
  /** Asked for every frame; nothing is sent without it. */
  mayView(): boolean;
  /** Whose path sets the encoder's rate, and whose key-frame wishes are met at once. */
  isController(): boolean;
  /** How long what waits for its path will take to leave, in ms. */
  queueMs(): number;
  /** Told right before a picture is sent. */
  pictureLeaves?(picture: LeavingPicture): void;
  sendFrame(track: number, frame: VideoFrame): boolean;
  sendInfo(info: FrameInfo): void;
  /** The pictures of a track are made otherwise than before; at most twice a second. */
  streamChanged(track: number, displayId: string, facts: StreamFacts): void;
}

/** A viewer's track and what it shows. */
interface Watching {
  readonly viewer: VideoViewer;
  readonly track: number;
  displayId: string;
  /** False while it is only being prepared. */
  isShown: boolean;
  /** Pictures before the next key frame are of no use to it. */
  needsKeyFrame: boolean;
  /** Media time of the last picture sent, monotonic ms. */
  lastMediaMs: number;
  /** When a wish for a key frame was taken for a misunderstanding. */
  refusedKeyFrameMs: number;
}

interface Path {
  bitrate: number;
  mode: QualityMode;
}

const CONTROLLER_KEY_FRAME_MS = 250;
const SPECTATOR_KEY_FRAME_MS = 2000;
const STILL_MS = 2500;
const ASKED_AGAIN_MS = 1500;
/** A display that changed this lately has its part of a path that several share. */
const ACTIVE_MS = 2000;

export interface VideoRouterDeps {
  readonly desktop: Pick<Desktop, 'watch' | 'unwatch' | 'configure' | 'requestKeyFrame'>;
  readonly clock: Clock;
  /** What a path is taken to carry before it has been measured. */
  readonly startBitrate: number;
}

/** Captures what is looked at and nothing else, each display once, and brings its pictures to those who look at it. */
export class VideoRouter {
  readonly #deps: VideoRouterDeps;
  readonly #watching = new Map<string, Watching[]>();
  readonly #paths = new Map<string, Path>();
  readonly #streams = new Map<string, DisplayStream>();
  readonly #lastChangeMs = new Map<string, number>();

  constructor(deps: VideoRouterDeps) {
    this.#deps = deps;
  }

  /**
   * Shows displays to a viewer, the first on track 0, or others than before. The first picture of each is a key
   * frame, asked for now.
   */
  show(viewer: VideoViewer, displayIds: readonly string[]): void {
    this.prepare(viewer, displayIds);
    for (const watching of this.#watching.get(viewer.id) ?? []) {
      if (watching.isShown) continue;
      watching.isShown = true;
      const stream = this.#streams.get(watching.displayId);
      // A capture that begins sends a key frame by itself.
      if (stream?.hasBegun) stream.requestKeyFrame(0);
      if (stream?.facts) viewer.streamChanged(watching.track, watching.displayId, stream.facts);
    }
  }

  /**
   * Starts the captures that a viewer will look at while its connection is still being made: opening a display and
   * an encoder takes as long as that. Nothing is sent before its track is open and `show` is called.
   */
  prepare(viewer: VideoViewer, displayIds: readonly string[]): void {
    const known = this.#watching.get(viewer.id) ?? [];
    const next = displayIds.slice(0, MAX_VIDEO_TRACKS).map((displayId, track): Watching => {
      const before = known[track];
      if (before?.displayId === displayId) return before;
      const lastMediaMs = before?.lastMediaMs ?? 0;
      const refusedKeyFrameMs = Number.NEGATIVE_INFINITY;
      return {
        viewer,
        track,
        displayId,
        isShown: false,
        needsKeyFrame: true,
        lastMediaMs,
        refusedKeyFrameMs,
      };
    });
    this.#watching.set(viewer.id, next);
    this.#pathOf(viewer.id);
    this.#followViewers();
  }

  hide(viewerId: string): void {
    if (this.#watching.delete(viewerId)) this.#followViewers();
  }

  isShown(viewerId: string): boolean {
    return this.#watching.has(viewerId);
  }

  /** The viewer is gone for good. */
  forget(viewerId: string): void {
    this.hide(viewerId);
    this.#paths.delete(viewerId);
  }

  /** Sends one picture to everybody who looks at its display. */
  frame(displayId: string, frame: NativeFrame, inputs: readonly (readonly [string, number])[]): void {
    const stream = this.#streams.get(displayId);
    if (!stream) return;
    stream.took(frame);
    if (frame.damagedPixels > 0) this.#changed(displayId);
    for (const watching of this.#lookingAt(displayId)) this.#sendTo(watching, frame, inputs);
    const deciding = this.#deciding(displayId);
    if (deciding.length > 0) {
      stream.holdWhile(() => Math.max(0, ...deciding.map(({ viewer }) => viewer.queueMs())));
    }
  }

  /** Wishes of others than the controller are merged to one key frame in two seconds. */
  keyFrameWanted(viewerId: string, track?: number): void {
    for (const watching of this.#watching.get(viewerId) ?? []) {
      if (track !== undefined && watching.track !== track) continue;
      if (!watching.viewer.mayView()) continue;
      if (track !== undefined && this.#onlyMissesChange(watching)) continue;
      const isFirst = watching.viewer.isController();
      this.#streams
        .get(watching.displayId)
        ?.requestKeyFrame(isFirst ? CONTROLLER_KEY_FRAME_MS : SPECTATOR_KEY_FRAME_MS);
    }
  }

  /**
   * Browsers ask for a key frame when no picture came for three seconds, which a still screen does all the time: the
   * answer would be a large picture every three seconds. Who truly cannot decode asks sooner, or again.
   */
  #onlyMissesChange(watching: Watching): boolean {
    const nowMs = this.#deps.clock.monotonicMs();
    if (watching.needsKeyFrame || nowMs - watching.lastMediaMs < STILL_MS) return false;
    if (nowMs - watching.refusedKeyFrameMs < ASKED_AGAIN_MS) return false;
    watching.refusedKeyFrameMs = nowMs;
    return true;
  }

  bitrateChanged(viewerId: string, bitrate: number): void {
    this.#pathOf(viewerId).bitrate = bitrate;
    this.#followViewers();
  }

  modeChanged(viewerId: string, mode: QualityMode): void {
    this.#pathOf(viewerId).mode = mode;
    this.#followViewers();
  }

  /** What waited for the viewer's path has left. */
  queueLeft(viewerId: string): void {
    for (const { displayId } of this.#watching.get(viewerId) ?? []) this.#streams.get(displayId)?.queueLeft();
  }

  /** Who has control decides about the rate. */
  rightsChanged(): void {
    this.#followViewers();
  }

  /** Starts and ends captures and lets them follow those who decide. */
  #followViewers(): void {
    const wanted = new Set([...this.#watching.values()].flat().map((one) => one.displayId));
    for (const [displayId, stream] of this.#streams) {
      if (wanted.has(displayId)) continue;
      stream.end();
      this.#streams.delete(displayId);
      this.#lastChangeMs.delete(displayId);
    }
    for (const displayId of wanted) {
      const path = this.#sharedPath(displayId);
      const running = this.#streams.get(displayId);
      if (running) running.follow(path);
      else this.#streams.set(displayId, this.#begin(displayId, path));
    }
  }

  #begin(displayId: string, path: Path): DisplayStream {
    const { desktop, clock } = this.#deps;
    const onFacts = (facts: StreamFacts) => {
      for (const { viewer, track, isShown } of this.#lookingAt(displayId)) {
        if (isShown) viewer.streamChanged(track, displayId, facts);
      }
    };
    return new DisplayStream({ desktop, clock, displayId, onFacts }, path);
  }

  #lookingAt(displayId: string): Watching[] {
    return [...this.#watching.values()].flat().filter((one) => one.displayId === displayId);
  }

  /** The controllers; without one on this display, everybody who looks at it. */
  #deciding(displayId: string): Watching[] {
    const here = this.#lookingAt(displayId);
    const controllers = here.filter((one) => one.viewer.isController());
    return controllers.length > 0 ? controllers : here;
  }

  /** The narrowest path of those who decide, and what the first of them prefers. */
  #sharedPath(displayId: string): Path {
    const deciding = this.#deciding(displayId);
    const paths = deciding.map(({ viewer }) => ({
      bitrate: this.#pathOf(viewer.id).bitrate / this.#activeOf(viewer.id, displayId),
      mode: this.#pathOf(viewer.id).mode,
    }));
    const bitrate = Math.min(...paths.map((one) => one.bitrate));
    return { bitrate, mode: paths[0]?.mode ?? 'auto' };
  }

  /** Among how many displays a viewer's path is shared now; one that stands still needs none of it. */
  #activeOf(viewerId: string, displayId: string): number {
    const nowMs = this.#deps.clock.monotonicMs();
    const others = (this.#watching.get(viewerId) ?? []).filter(
      (one) =>
        one.displayId !== displayId && nowMs - (this.#lastChangeMs.get(one.displayId) ?? 0) < ACTIVE_MS,
    );
    return 1 + others.length;
  }

  #changed(displayId: string): void {
    const nowMs = this.#deps.clock.monotonicMs();
    const wasActive = nowMs - (this.#lastChangeMs.get(displayId) ?? 0) < ACTIVE_MS;
    this.#lastChangeMs.set(displayId, nowMs);
    if (!wasActive && this.#streams.size > 1) this.#followViewers();
  }

  #pathOf(viewerId: string): Path {
    const known = this.#paths.get(viewerId);
    if (known) return known;
    const path: Path = { bitrate: this.#deps.startBitrate, mode: 'auto' };
    this.#paths.set(viewerId, path);
    return path;
  }

  #sendTo(watching: Watching, frame: NativeFrame, inputs: readonly (readonly [string, number])[]): void {
    const { viewer, track, displayId } = watching;
    if (!viewer.mayView()) return;
    if (watching.needsKeyFrame && !frame.keyFrame) return;
    const nowMs = this.#deps.clock.monotonicMs();
    const mediaMs = Math.max(mediaTimeMs(frame, nowMs), watching.lastMediaMs + 1);
    const rtpTimestamp = rtpTimestampOf(mediaMs);
    viewer.pictureLeaves?.({ track, displayId, frameId: frame.frameId, rtp: rtpTimestamp });
    const picture = { data: frame.data, keyFrame: frame.keyFrame, rtpTimestamp };
    // What was left out is missing to all that follow.
    watching.needsKeyFrame = !viewer.sendFrame(track, picture);
    if (watching.needsKeyFrame) return;
    watching.lastMediaMs = mediaMs;
    const inputId = inputs.find(([source]) => source === viewer.id)?.[1] ?? 0;
    const sendMs = nowMs - frame.capturedAtMs;
    viewer.sendInfo({ ...infoOf(frame), track, rtpTimestamp, inputId, sendMs });
  }
}
