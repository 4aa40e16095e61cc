/** What is known of a picture when it has been coded. */
export interface CodedPicture {
  readonly bytes: number;
  readonly pixels: number;
  /** Changed pixels. */
  readonly damagedPixels: number;
  readonly refinement: boolean;
  readonly keyFrame: boolean;
  /** -1 when the encoder does not tell. */
  readonly qp: number;
  readonly encodeMs: number;
}

const LARGE_PART = 0.08;
/** Pictures a second of film; a terminal or a page that is scrolled pauses now and then. */
const LEAST_FPS = 12;
/**
 * Bits do not tell film from scrolling text, time does: what is copied from elsewhere on the screen is found quickly,
 * what is new everywhere takes the screen encoder twice as long as the one for film. Below this it keeps up anyway.
 */
const SLOW_MS = 15;
const SURE_MS = 3_000;
const OVER_MS = 2_000;
const STILL_MS = 400;
const WINDOW_MS = 1_000;

/** Tells film from windows and text by what changes for how long, slowly enough not to change its mind for a scroll. */
export class FilmDetector {
  readonly #recent: { readonly atMs: number; readonly isLarge: boolean; readonly encodeMs: number }[] = [];
  #isFilm = false;
  #sinceMs: number | undefined;

  get isFilm(): boolean {
    return this.#isFilm;
  }

  take(picture: CodedPicture, nowMs: number): void {
    if (picture.refinement || picture.keyFrame) return;
    const isLarge = picture.damagedPixels > LARGE_PART * picture.pixels;
    this.#recent.push({ atMs: nowMs, isLarge, encodeMs: picture.encodeMs });
    this.judge(nowMs);
  }

  judge(nowMs: number): void {
    while (this.#recent[0] && nowMs - this.#recent[0].atMs > WINDOW_MS) this.#recent.shift();
    if (this.#looksLikeFilm === this.#isFilm) {
      this.#sinceMs = undefined;
      return;
    }
    this.#sinceMs ??= nowMs;
    if (nowMs - this.#sinceMs < this.#patienceMs(nowMs)) return;
    this.#isFilm = !this.#isFilm;
    this.#sinceMs = undefined;
  }

  get #looksLikeFilm(): boolean {
    const large = this.#recent.filter((one) => one.isLarge);
    if (large.length < LEAST_FPS || large.length < 0.7 * this.#recent.length) return false;
    if (this.#isFilm) return true;
    return large.reduce((sum, one) => sum + one.encodeMs, 0) / large.length > SLOW_MS;
  }

  /** Film that stands still is a picture like others, and to be made sharp at once. */
  #patienceMs(nowMs: number): number {
    if (!this.#isFilm) return SURE_MS;
    return nowMs - (this.#recent.at(-1)?.atMs ?? 0) > STILL_MS ? 0 : OVER_MS;
  }
}
