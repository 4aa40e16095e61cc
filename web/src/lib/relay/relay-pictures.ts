import type { RelayPicture } from '@guruconnect/shared';
import { PictureDecoder } from './picture-decoder.ts';
import { createPictureSink, type PictureSink } from './picture-sink.ts';

export interface RelayPicturesEvents {
  /** The stream of a track; told when its first picture comes. */
  picture(stream: MediaStream, track: number): void;
  /** The track's decoder cannot go on without a key frame. */
  stuck(track: number): void;
  fault(error: unknown): void;
}

interface Track {
  readonly decoder: PictureDecoder;
  readonly sink: PictureSink;
}

/** Whether this browser can decode pictures that do not come over WebRTC. */
export function canDecodePictures(): boolean {
  return typeof VideoDecoder === 'function' && typeof EncodedVideoChunk === 'function';
}

/** Pictures of a relayed peer, from opened messages to streams. */
export class RelayPictures {
  readonly #events: RelayPicturesEvents;
  readonly #now: () => number;
  readonly #tracks = new Map<number, Track>();

  constructor(now: () => number, events: RelayPicturesEvents) {
    this.#now = now;
    this.#events = events;
  }

  /** Of the first track, which the quality display tells of. */
  get counters() {
    const first = this.#tracks.get(0);
    return first && { ...first.decoder.counters, framesDropped: first.sink.framesDropped };
  }
  /** Pictures that wait for a decoder. */
  get waiting(): number {
    return [...this.#tracks.values()].reduce((sum, { decoder }) => sum + decoder.waiting, 0);
  }

  take(picture: RelayPicture): void {
    this.#trackOf(picture.track).decoder.take(picture);
  }

  /** The RTP timestamp of the picture of a stream that is shown at this media time. */
  rtpTimestampAt(stream: MediaStream, mediaTimeS: number): number | undefined {
    for (const { sink, decoder } of this.#tracks.values()) {
      if (sink.stream !== stream) continue;
      const micros = sink.microsAt(mediaTimeS);
      return micros === undefined ? undefined : decoder.time.rtpTimestampOf(micros);
    }
    return undefined;
  }

  close(): void {
    for (const { decoder, sink } of this.#tracks.values()) {
      decoder.close();
      sink.close();
    }
    this.#tracks.clear();
  }

  #trackOf(track: number): Track {
    const known = this.#tracks.get(track);
    if (known) return known;
    const sink = createPictureSink();
    const decoder = new PictureDecoder(this.#now, {
      frame: (frame) => sink.show(frame),
      stuck: () => this.#events.stuck(track),
      fault: (error) => this.#events.fault(error),
    });
    const made = { decoder, sink };
    this.#tracks.set(track, made);
    this.#events.picture(sink.stream, track);
    return made;
  }
}
