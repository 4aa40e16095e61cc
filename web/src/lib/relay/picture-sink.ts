import { microsOfMediaTime } from './picture-decoder.ts';

/** Brings decoded frames into a stream that any `<video>` can show. */
export interface PictureSink {
  readonly stream: MediaStream;
  readonly framesDropped: number;
  /** Takes the frame over. */
  show(frame: VideoFrame): void;
  /** The time (microseconds) of the frame that is shown at this media time, if that is known. */
  microsAt(mediaTimeS: number): number | undefined;
  close(): void;
}

/** The browser's own generator where there is one, or a canvas that is filmed. */
export function createPictureSink(): PictureSink {
  return typeof MediaStreamTrackGenerator === 'function' ? new GeneratorSink() : new CanvasSink();
}

/** Frames keep their own time on the way, so that what is shown can be told. */
class GeneratorSink implements PictureSink {
  readonly stream: MediaStream;
  readonly #track = new MediaStreamTrackGenerator({ kind: 'video' });
  readonly #writer = this.#track.writable.getWriter();
  framesDropped = 0;

  constructor() {
    this.stream = new MediaStream([this.#track]);
  }

  show(frame: VideoFrame): void {
    // Whatever the screen cannot keep up with is yesterday's news.
    if ((this.#writer.desiredSize ?? 0) <= 0) {
      this.framesDropped += 1;
      frame.close();
      return;
    }
    this.#writer.write(frame).catch(() => frame.close());
  }

  microsAt(mediaTimeS: number): number {
    return microsOfMediaTime(mediaTimeS);
  }

  close(): void {
    this.#track.stop();
    this.#writer.close().catch(() => undefined);
  }
}

/** One more copy, and what is shown is taken for the newest drawn. */
class CanvasSink implements PictureSink {
  readonly stream: MediaStream;
  readonly framesDropped = 0;
  readonly #canvas = document.createElement('canvas');
  readonly #context = this.#canvas.getContext('2d', { alpha: false, desynchronized: true });
  #newestMicros: number | undefined;

  constructor() {
    this.stream = this.#canvas.captureStream(0);
  }

  show(frame: VideoFrame): void {
    const { displayWidth: width, displayHeight: height, timestamp } = frame;
    if (this.#canvas.width !== width) this.#canvas.width = width;
    if (this.#canvas.height !== height) this.#canvas.height = height;
    this.#context?.drawImage(frame, 0, 0);
    frame.close();
    this.#newestMicros = timestamp;
    const [track] = this.stream.getVideoTracks();
    if (track && 'requestFrame' in track && typeof track.requestFrame === 'function') track.requestFrame();
  }

  microsAt(): number | undefined {
    return this.#newestMicros;
  }

  close(): void {
    for (const track of this.stream.getTracks()) track.stop();
  }
}
