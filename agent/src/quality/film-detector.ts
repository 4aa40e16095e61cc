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

/** Film changes much of the screen many times a second, and costs bits that scrolling text, which is copied, does not. */
const LARGE_PART = 0.08;
const LEAST_FPS = 12;
const LEAST_BITS_PER_PIXEL = 0.03;
const SURE_MS = 2_000;
const OVER_MS = 2_500;
const WINDOW_MS = 1_000;

/** Tells film from windows and text by what changes for how long, slowly enough not to change its mind for a scroll. */
export class FilmDetector {
  readonly #recent: { readonly atMs: number; readonly isFilm: boolean }[] = [];
  #isFilm = false;
  #sinceMs: number | undefined;

  get isFilm(): boolean {
    return this.#isFilm;
  }

  take(picture: CodedPicture, nowMs: number): void {
    if (picture.refinement) return;
    const bitsPerPixel = (picture.bytes * 8) / Math.max(1, picture.damagedPixels);
    const isFilm =
      picture.damagedPixels > LARGE_PART * picture.pixels &&
      (picture.keyFrame || bitsPerPixel * stepAgainst(picture.qp) > LEAST_BITS_PER_PIXEL);
    this.#recent.push({ atMs: nowMs, isFilm });
    this.judge(nowMs);
  }

  judge(nowMs: number): void {
    while (this.#recent[0] && nowMs - this.#recent[0].atMs > WINDOW_MS) this.#recent.shift();
    const films = this.#recent.filter((one) => one.isFilm).length;
    const looksLikeFilm = films >= LEAST_FPS && films > 0.7 * this.#recent.length;
    if (looksLikeFilm === this.#isFilm) {
      this.#sinceMs = undefined;
      return;
    }
    this.#sinceMs ??= nowMs;
    if (nowMs - this.#sinceMs < (this.#isFilm ? OVER_MS : SURE_MS)) return;
    this.#isFilm = looksLikeFilm;
    this.#sinceMs = undefined;
  }
}

/** The same picture costs half the bits with each six steps of the quantiser; all are compared at 36. */
function stepAgainst(qp: number): number {
  return qp < 0 ? 1 : 2 ** ((qp - 36) / 6);
}
