const WRAP = 2 ** 32;
const TICKS_PER_MS = 90;

/**
 * Gives pictures rising times for the decoder and finds their RTP timestamps again by the time at which they are
 * shown: 90 kHz ticks, unwrapped, as microseconds and back.
 */
export class PictureTime {
  #last: number | undefined;

  /** Microseconds of a picture; later than those of the one before. */
  microsOf(rtpTimestamp: number): number {
    const last = this.#last ?? rtpTimestamp;
    // The nearest tick that looks like it; old ones do not come again.
    const ahead = (((rtpTimestamp - last) % WRAP) + WRAP) % WRAP;
    this.#last = last + (ahead < WRAP / 2 ? ahead : 0);
    return Math.floor((this.#last * 1_000) / TICKS_PER_MS);
  }

  /** The inverse, whatever was rounded on the way. */
  rtpTimestampOf(micros: number): number {
    return Math.round((micros * TICKS_PER_MS) / 1_000 + 0.04) % WRAP;
  }
}
