import type { Size } from '../input/picture-layout.ts';

export interface DeckFrame {
  /** Which `show` call it belongs to. */
  readonly stream: MediaStream;
  /** Browsers tell it of pictures that came over WebRTC. */
  readonly rtpTimestamp: number | undefined;
  readonly mediaTimeS: number;
  readonly expectedDisplayMs: number;
  readonly timing: FrameTiming;
}

/** What the browser tells about a picture's way through it, where it tells it. */
export interface FrameTiming {
  /** When its last packet came, on the `performance.now()` clock. */
  readonly receivedAtMs: number | undefined;
  readonly decodeMs: number | undefined;
}

export interface VideoDeckEvents {
  frame(frame: DeckFrame): void;
  /** The first frame of a stream is on the screen; what was shown before is gone. */
  firstFrame(stream: MediaStream): void;
  resized(size: Size): void;
}

interface Slot {
  readonly stream: MediaStream;
  readonly video: HTMLVideoElement;
  shown: boolean;
}

/**
 * The `<video>` elements of a viewer, outside React. A new stream plays beneath the old picture until its first
 * frame is there, so that a reconnect never shows black; the last picture of a dead stream stays.
 */
export class VideoDeck {
  readonly #events: VideoDeckEvents;
  readonly #label: string;
  #container: HTMLElement | undefined;
  #slots: Slot[] = [];
  /** The last picture of a stream that has ended, over everything until the next one has a frame. */
  #frozen: HTMLCanvasElement | undefined;
  #closed = false;

  constructor(label: string, events: VideoDeckEvents) {
    this.#label = label;
    this.#events = events;
  }

  /** The element whose picture is on the screen. */
  get video(): HTMLVideoElement | undefined {
    return this.#slots.find((slot) => slot.shown)?.video;
  }

  attach(container: HTMLElement): () => void {
    this.#container = container;
    // The newest lies lowest: what is shown covers what is still loading.
    for (const slot of this.#slots) container.prepend(slot.video);
    if (this.#frozen) container.append(this.#frozen);
    return () => {
      if (this.#container === container) this.#container = undefined;
    };
  }

  show(stream: MediaStream): void {
    if (this.#closed || this.#slots.some((slot) => slot.stream === stream)) return;
    const slot: Slot = { stream, video: makeVideo(this.#label), shown: false };
    for (const stale of this.#slots.filter((one) => !one.shown)) this.#remove(stale);
    this.#slots.push(slot);
    slot.video.srcObject = stream;
    slot.video.addEventListener('resize', () => this.#onResize(slot));
    // In a hidden tab no frame callback comes, but the picture is there all the same.
    slot.video.addEventListener('loadeddata', () => this.#onFirst(slot), { once: true });
    this.#container?.prepend(slot.video);
    this.#watch(slot);
    // Muted video may always start; a refusal can only mean that the element was removed meanwhile.
    slot.video.play().catch(() => undefined);
  }

  /** Keeps a copy of what is shown: a closed connection's `<video>` turns black. */
  freeze(): void {
    const { video } = this;
    if (!video || video.videoWidth === 0) return;
    const canvas = document.createElement('canvas');
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    canvas.style.cssText = FILL;
    canvas.getContext('2d')?.drawImage(video, 0, 0);
    this.#thaw();
    this.#frozen = canvas;
    this.#container?.append(canvas);
  }

  /** Shows nothing any more, until the next stream. */
  clear(): void {
    this.#thaw();
    for (const slot of [...this.#slots]) this.#remove(slot);
  }

  close(): void {
    this.#closed = true;
    this.clear();
  }

  #thaw(): void {
    this.#frozen?.remove();
    this.#frozen = undefined;
  }

  #watch(slot: Slot): void {
    slot.video.requestVideoFrameCallback((_now, metadata) => {
      if (!this.#slots.includes(slot)) return;
      this.#onFirst(slot);
      this.#events.frame({
        stream: slot.stream,
        rtpTimestamp: metadata.rtpTimestamp,
        mediaTimeS: metadata.mediaTime,
        expectedDisplayMs: metadata.expectedDisplayTime,
        timing: {
          receivedAtMs: metadata.receiveTime,
          decodeMs:
            metadata.processingDuration === undefined ? undefined : metadata.processingDuration * 1000,
        },
      });
      this.#watch(slot);
    });
  }

  #onFirst(slot: Slot): void {
    if (slot.shown || !this.#slots.includes(slot)) return;
    slot.shown = true;
    this.#thaw();
    for (const old of this.#slots.filter((one) => one !== slot && one.shown)) this.#remove(old);
    this.#onResize(slot);
    this.#events.firstFrame(slot.stream);
  }

  #onResize({ shown, video }: Slot): void {
    if (shown && video.videoWidth > 0) {
      this.#events.resized({ width: video.videoWidth, height: video.videoHeight });
    }
  }

  #remove(slot: Slot): void {
    this.#slots = this.#slots.filter((one) => one !== slot);
    slot.video.srcObject = null;
    slot.video.remove();
  }
}

const FILL = 'position:absolute;inset:0;width:100%;height:100%;pointer-events:none';

function makeVideo(label: string): HTMLVideoElement {
  const video = document.createElement('video');
  video.muted = true;
  video.autoplay = true;
  video.playsInline = true;
  video.disableRemotePlayback = true;
  video.disablePictureInPicture = true;
  video.setAttribute('aria-label', label);
  video.style.cssText = `${FILL};object-fit:fill`;
  return video;
}
