import type { QualityMode } from '@guruconnect/shared';
import type { CaptureSettings, NativeFrame } from '../../native/addon.d.ts';
import type { Clock } from '../core/clock.ts';
import type { Desktop } from '../desktop/desktop.ts';
import { type LimitedBy, QualityPolicy } from '../quality/quality-policy.ts';

/** How a display's pictures are made now. */
export interface StreamFacts {
  readonly width: number;
  readonly height: number;
  readonly bitrate: number;
  readonly maxFps: number;
  readonly content: CaptureSettings['content'];
  readonly mode: QualityMode;
  readonly limitedBy: LimitedBy;
}

export interface DisplayStreamDeps {
  readonly desktop: Pick<Desktop, 'watch' | 'unwatch' | 'configure' | 'requestKeyFrame'>;
  readonly clock: Clock;
  readonly displayId: string;
  readonly onFacts: (facts: StreamFacts) => void;
}

/** RTP, SRTP and UDP headers and data channels take their part of the path. */
const VIDEO_SHARE = 0.93;
/** The encoder is told of changes from here on; the rate changes all the time. */
const TELL_CHANGE = 0.04;
const TICK_MS = 500;
/** So much of the queue may be left when the next picture is grabbed: making it takes as long. */
const MAKING_MS = 10;
const HELD_FPS = 1;
const LOOK_AGAIN_MS = 4;

/** One display's capture: begun and ended here, its settings kept to the policy, held back while the path is behind. */
export class DisplayStream {
  readonly #deps: DisplayStreamDeps;
  readonly #policy: QualityPolicy;
  readonly #cancelTick: () => void;
  #settings: CaptureSettings;
  #cancelHold: (() => void) | undefined;
  #look: (() => void) | undefined;
  #cancelKeyFrame: { cancel: () => void; minimumMs: number } | undefined;
  #lastKeyFrameMs = Number.NEGATIVE_INFINITY;
  #hasBegun = false;
  #size: { width: number; height: number } | undefined;
  #told: StreamFacts | undefined;

  constructor(deps: DisplayStreamDeps, path: { bitrate: number; mode: QualityMode }) {
    this.#deps = deps;
    this.#policy = new QualityPolicy({ bitrate: path.bitrate * VIDEO_SHARE });
    this.#policy.setMode(path.mode);
    this.#settings = this.#policy.settings;
    deps.desktop.watch(deps.displayId, this.#settings);
    this.#cancelTick = deps.clock.every(TICK_MS, () => {
      this.#policy.tick(deps.clock.monotonicMs());
      this.#apply();
      this.#tell();
    });
  }

  /** Whether its first picture, a key frame, is there. */
  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  get facts(): StreamFacts | undefined {
    if (!this.#size) return undefined;
    const { bitrate, maxFps, content } = this.#settings;
    const { mode, limitedBy } = this.#policy;
    return { ...this.#size, bitrate, maxFps, content, mode, limitedBy };
  }

  /** Follows the path and the wish of those who decide. */
  follow(path: { bitrate: number; mode: QualityMode }): void {
    this.#policy.setBitrate(path.bitrate * VIDEO_SHARE);
    this.#policy.setMode(path.mode);
    this.#apply();
  }

  /** A picture of this display has come. */
  took(frame: NativeFrame): void {
    const nowMs = this.#deps.clock.monotonicMs();
    this.#hasBegun = true;
    if (frame.keyFrame) this.#lastKeyFrameMs = nowMs;
    const { width, height, keyFrame, refinement, damagedPixels, qp, encodeMs } = frame;
    const pixels = width * height;
    const bytes = frame.data.length;
    this.#size = { width, height };
    this.#policy.coded({ bytes, pixels, damagedPixels, keyFrame, refinement, qp, encodeMs }, nowMs);
    this.#apply();
  }

  /**
   * Lets the capture wait while what was made before is still leaving: what changes meanwhile is merged, and a newer
   * picture is worth more than one that queues. `queueMs` is asked again until it is short.
   */
  holdWhile(queueMs: () => number): void {
    if (this.#cancelHold) return;
    const waitMs = queueMs() - MAKING_MS;
    if (waitMs <= 0) return;
    this.#deps.desktop.configure(this.#deps.displayId, { maxFps: HELD_FPS });
    this.#lookAgain(waitMs, queueMs);
  }

  /** A key frame, at the earliest `minimumMs` after the last one. */
  requestKeyFrame(minimumMs: number): void {
    const waitMs = minimumMs - (this.#deps.clock.monotonicMs() - this.#lastKeyFrameMs);
    if (waitMs <= 0) {
      this.#requestNow();
      return;
    }
    // Who may have one sooner does not wait for the turn of others.
    if (this.#cancelKeyFrame && this.#cancelKeyFrame.minimumMs <= minimumMs) return;
    this.#cancelKeyFrame?.cancel();
    const cancel = this.#deps.clock.after(waitMs, () => this.#requestNow());
    this.#cancelKeyFrame = { cancel, minimumMs };
  }

  end(): void {
    this.#cancelTick();
    this.#cancelHold?.();
    this.#cancelKeyFrame?.cancel();
    this.#deps.desktop.unwatch(this.#deps.displayId);
  }

  #requestNow(): void {
    this.#cancelKeyFrame?.cancel();
    this.#cancelKeyFrame = undefined;
    this.#lastKeyFrameMs = this.#deps.clock.monotonicMs();
    this.#deps.desktop.requestKeyFrame(this.#deps.displayId);
  }

  /** A queue has left sooner than it seemed. */
  queueLeft(): void {
    this.#look?.();
  }

  #lookAgain(waitMs: number, queueMs: () => number): void {
    const look = () => {
      this.#cancelHold?.();
      const leftMs = queueMs() - MAKING_MS;
      if (leftMs > 0) {
        this.#lookAgain(leftMs, queueMs);
        return;
      }
      this.#cancelHold = undefined;
      this.#look = undefined;
      this.#deps.desktop.configure(this.#deps.displayId, { maxFps: this.#settings.maxFps });
    };
    this.#look = look;
    this.#cancelHold = this.#deps.clock.after(Math.max(LOOK_AGAIN_MS, waitMs), look);
  }

  #apply(): void {
    const changes = differences(this.#settings, this.#policy.settings);
    if (!changes) return;
    this.#settings = { ...this.#settings, ...changes };
    const { maxFps: _, ...others } = changes;
    // The pace is given back when the hold ends.
    const now = this.#cancelHold ? others : changes;
    if (Object.keys(now).length > 0) this.#deps.desktop.configure(this.#deps.displayId, now);
  }

  #tell(): void {
    const { facts } = this;
    if (!facts || (this.#told && isSame(this.#told, facts))) return;
    this.#told = facts;
    this.#deps.onFacts(facts);
  }
}

function differences(now: CaptureSettings, next: CaptureSettings): Partial<CaptureSettings> | undefined {
  const isRateNew = Math.abs(next.bitrate - now.bitrate) > TELL_CHANGE * now.bitrate;
  const isPaceNew = Math.abs(next.maxFps - now.maxFps) > 1 || (next.maxFps === 60 && now.maxFps < 60);
  const changes: Partial<CaptureSettings> = {
    ...(isRateNew ? { bitrate: next.bitrate } : {}),
    ...(isPaceNew ? { maxFps: next.maxFps } : {}),
    ...(next.content === now.content ? {} : { content: next.content }),
    ...(next.minQp === now.minQp ? {} : { minQp: next.minQp }),
    ...(next.maxQp === now.maxQp ? {} : { maxQp: next.maxQp }),
    ...(next.refinements === now.refinements ? {} : { refinements: next.refinements }),
    ...(next.scale === now.scale ? {} : { scale: next.scale }),
  };
  return Object.keys(changes).length > 0 ? changes : undefined;
}

function isSame(one: StreamFacts, other: StreamFacts): boolean {
  return (
    one.width === other.width &&
    one.height === other.height &&
    one.bitrate === other.bitrate &&
    one.maxFps === other.maxFps &&
    one.content === other.content &&
    one.mode === other.mode &&
    one.limitedBy === other.limitedBy
  );
}
