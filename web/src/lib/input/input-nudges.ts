import type { Timing } from '../rtc/timing.ts';

/** SCTP sends a lost message again after three reports that later ones arrived (RFC 9260, 7.2.4). */
const NUDGES = 3;
const EVERY_MS = 8;

/**
 * Small messages behind the last one of a burst. Without anything behind it, its loss shows only by SCTP's
 * retransmission timer, 400 ms in Chromium; with them it is sent again within about a round trip.
 */
export class InputNudges {
  readonly #timing: Timing;
  readonly #send: () => void;
  #left = 0;
  #isRunning = false;

  constructor(timing: Timing, send: () => void) {
    this.#timing = timing;
    this.#send = send;
  }

  /** Something went out that must arrive. */
  arm(): void {
    this.#left = NUDGES;
    if (!this.#isRunning) this.#next();
  }

  #next(): void {
    this.#isRunning = this.#left > 0;
    if (!this.#isRunning) return;
    this.#left -= 1;
    this.#timing.after(EVERY_MS, () => {
      this.#send();
      this.#next();
    });
  }
}
