import type { RelayPicture } from '@guruconnect/shared';
import { codecOf } from './codec-of.ts';
import { PictureTime } from './picture-time.ts';

export interface PictureDecoderEvents {
  /** To be closed by whoever gets it. */
  frame(frame: VideoFrame): void;
  /** It cannot go on without a key frame. */
  stuck(): void;
  fault(error: unknown): void;
}

/** What a decoder has done so far. */
export interface DecoderCounters {
  readonly framesDecoded: number;
  readonly keyFramesDecoded: number;
  readonly decodeMs: number;
  readonly width: number;
  readonly height: number;
}

const MICROS = 1_000;
const REMEMBERED = 64;

/** One track's pictures on the browser's own H.264 decoder (WebCodecs), each out as soon as it can be. */
export class PictureDecoder {
  readonly time = new PictureTime();
  readonly #events: PictureDecoderEvents;
  readonly #now: () => number;
  #decoder: VideoDecoder | undefined;
  #codec: string | undefined;
  #awaitsKeyFrame = true;
  #isClosed = false;
  readonly #takenMs = new Map<number, { readonly atMs: number; readonly keyFrame: boolean }>();
  #counters = { framesDecoded: 0, keyFramesDecoded: 0, decodeMs: 0, width: 0, height: 0 };

  constructor(now: () => number, events: PictureDecoderEvents) {
    this.#now = now;
    this.#events = events;
  }

  get counters(): DecoderCounters {
    return this.#counters;
  }
  /** Pictures that wait for their turn. */
  get waiting(): number {
    return this.#decoder?.decodeQueueSize ?? 0;
  }

  take({ keyFrame, rtpTimestamp, data }: RelayPicture): void {
    if (this.#isClosed) return;
    if (this.#awaitsKeyFrame && !keyFrame) {
      this.#events.stuck();
      return;
    }
    try {
      if (keyFrame) this.#configureFor(data);
      const timestamp = this.time.microsOf(rtpTimestamp);
      this.#remember(timestamp, keyFrame);
      const type = keyFrame ? 'key' : 'delta';
      this.#decoder?.decode(new EncodedVideoChunk({ type, timestamp, data }));
      this.#awaitsKeyFrame = false;
    } catch (error) {
      this.#fail(error);
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#drop();
  }

  /** Without a description the decoder expects Annex B; a new size comes with the key frame's own parameters. */
  #configureFor(data: Uint8Array): void {
    const codec = codecOf(data) ?? this.#codec;
    if (codec === undefined) throw new Error('The key frame names no codec.');
    if (this.#decoder && codec === this.#codec) return;
    this.#drop();
    const decoder: VideoDecoder = new VideoDecoder({
      output: (frame) => this.#out(decoder, frame),
      error: (error) => {
        if (decoder === this.#decoder) this.#fail(error);
      },
    });
    decoder.configure({ codec, optimizeForLatency: true });
    this.#decoder = decoder;
    this.#codec = codec;
  }

  #out(decoder: VideoDecoder, frame: VideoFrame): void {
    if (this.#isClosed || decoder !== this.#decoder) {
      frame.close();
      return;
    }
    const taken = this.#takenMs.get(frame.timestamp);
    this.#takenMs.delete(frame.timestamp);
    const before = this.#counters;
    this.#counters = {
      framesDecoded: before.framesDecoded + 1,
      keyFramesDecoded: before.keyFramesDecoded + (taken?.keyFrame ? 1 : 0),
      decodeMs: before.decodeMs + (taken ? this.#now() - taken.atMs : 0),
      width: frame.displayWidth,
      height: frame.displayHeight,
    };
    this.#events.frame(frame);
  }

  #remember(timestamp: number, keyFrame: boolean): void {
    this.#takenMs.set(timestamp, { atMs: this.#now(), keyFrame });
    for (const oldest of this.#takenMs.keys()) {
      if (this.#takenMs.size <= REMEMBERED) break;
      this.#takenMs.delete(oldest);
    }
  }

  /** Begins afresh with the next key frame. */
  #fail(error: unknown): void {
    this.#drop();
    this.#events.fault(error);
    this.#events.stuck();
  }

  #drop(): void {
    const decoder = this.#decoder;
    this.#decoder = undefined;
    this.#codec = undefined;
    this.#awaitsKeyFrame = true;
    this.#takenMs.clear();
    if (decoder && decoder.state !== 'closed') decoder.close();
  }
}

/** Microseconds of a frame's time in the seconds that browsers tell of what they show. */
export function microsOfMediaTime(seconds: number): number {
  return Math.round(seconds * MICROS * MICROS);
}
