import type { CodedPicture } from './film-detector.ts';

const STEPS = [1, 0.75, 0.5, 0.4] as const;
const WINDOW_MS = 3_000;
const LEAST_PICTURES = 8;
const STRUGGLING_SHARE = 0.7;
/** Room to spare for so long before the next larger size. */
const UP_AFTER_MS = 8_000;
const LONGEST_UP_AFTER_MS = 60_000;
const FLAP_MS = 25_000;
const ROOM_QP = 12;

/**
 * When even the coarsest pictures take the path too long, they become smaller; when there is room to spare, larger
 * again, and each time that this was too early it takes twice as long.
 */
export class ScaleLadder {
  #step = 0;
  readonly #recent: { readonly atMs: number; readonly struggles: boolean; readonly hasRoom: boolean }[] = [];
  #roomSinceMs: number | undefined;
  #lastUpMs = Number.NEGATIVE_INFINITY;
  #upAfterMs = UP_AFTER_MS;

  get scale(): number {
    return STEPS[this.#step] ?? 1;
  }

  /** `takesMs` is how long the path needs for the picture, `frameMs` how long it may. */
  take(
    picture: CodedPicture,
    path: { takesMs: number; frameMs: number; maxQp: number },
    nowMs: number,
  ): void {
    if (picture.refinement || picture.keyFrame) return;
    const struggles = picture.qp >= path.maxQp - 1 && path.takesMs > path.frameMs;
    const hasRoom = picture.qp >= 0 && picture.qp < path.maxQp - ROOM_QP && path.takesMs < path.frameMs;
    this.#recent.push({ atMs: nowMs, struggles, hasRoom });
    this.#consider(nowMs);
  }

  /** The picture stands still: its full size costs nothing but time now. */
  restful(nowMs: number): void {
    this.#expire(nowMs);
    if (this.#recent.length === 0) this.#climb(nowMs);
  }

  #consider(nowMs: number): void {
    this.#expire(nowMs);
    const { length } = this.#recent;
    if (length >= LEAST_PICTURES) {
      const struggling = this.#recent.filter((one) => one.struggles).length;
      if (struggling > STRUGGLING_SHARE * length) {
        this.#descend(nowMs);
        return;
      }
    }
    if (this.#recent.every((one) => one.hasRoom)) this.#climb(nowMs);
    else this.#roomSinceMs = undefined;
  }

  #descend(nowMs: number): void {
    if (this.#step === STEPS.length - 1) return;
    this.#step += 1;
    this.#recent.length = 0;
    this.#roomSinceMs = undefined;
    if (nowMs - this.#lastUpMs < FLAP_MS)
      this.#upAfterMs = Math.min(LONGEST_UP_AFTER_MS, 2 * this.#upAfterMs);
  }

  #climb(nowMs: number): void {
    if (this.#step === 0) return;
    this.#roomSinceMs ??= nowMs;
    if (nowMs - this.#roomSinceMs < this.#upAfterMs) return;
    this.#step -= 1;
    this.#lastUpMs = nowMs;
    this.#roomSinceMs = undefined;
    if (this.#step === 0) this.#upAfterMs = UP_AFTER_MS;
  }

  #expire(nowMs: number): void {
    while (this.#recent[0] && nowMs - this.#recent[0].atMs > WINDOW_MS) this.#recent.shift();
  }
}
