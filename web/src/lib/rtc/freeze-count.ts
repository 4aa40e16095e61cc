/** The picture stands still for longer than this although there is something new to see. */
export const FREEZE_MS = 500;

/** A picture that reached the screen. */
export interface ShownPicture {
  readonly frameId: number;
  readonly presentedAtMs: number;
  /** From the end of its grab to the screen; undefined while the clocks are not set. */
  readonly ageMs: number | undefined;
}

/**
 * Counts freezes. A still screen sends nothing, so a long pause alone is none: the picture that ends it must
 * have been on its way for long, or others before it must have been lost.
 */
export class FreezeCount {
  #last: ShownPicture | undefined;
  #count = 0;

  get count(): number {
    return this.#count;
  }

  shown(picture: ShownPicture): void {
    const last = this.#last;
    this.#last = picture;
    if (!last || picture.presentedAtMs - last.presentedAtMs <= FREEZE_MS) return;
    const wasLate = picture.ageMs !== undefined && picture.ageMs > FREEZE_MS;
    if (wasLate || picture.frameId > last.frameId + 1) this.#count += 1;
  }

  /** Nobody looked for a while (a hidden tab draws nothing): the pause that ends now is no freeze. */
  forget(): void {
    this.#last = undefined;
  }
}
