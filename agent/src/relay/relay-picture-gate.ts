/**
 * Whoever makes pictures waits while the path is busy, see `queueMs`. One that was being made meanwhile is still sent: to
 * leave it out costs a key frame, which is the larger. With more than this before it, it is left out.
 */
const FULL_QUEUE_MS = 500;

/** Which pictures a path that has fallen behind gets: none until it has caught up, then a key frame. */
export class RelayPictureGate {
  #awaitsKeyFrame = true;
  #wishesKeyFrame = false;
  #dropped = 0;

  get droppedFrames(): number {
    return this.#dropped;
  }

  /** Whether to send this picture, with `queueMs` before it on the way. */
  takes(keyFrame: boolean, queueMs: number): boolean {
    if (queueMs > FULL_QUEUE_MS) {
      this.#lost();
      return false;
    }
    if (this.#awaitsKeyFrame && !keyFrame) {
      this.#dropped += 1;
      this.#wishesKeyFrame = true;
      return false;
    }
    this.#awaitsKeyFrame = false;
    this.#wishesKeyFrame = false;
    return true;
  }

  /** A picture that was to be sent is not: what follows it could not be decoded. */
  #lost(): void {
    this.#dropped += 1;
    this.#awaitsKeyFrame = true;
    this.#wishesKeyFrame = true;
  }

  /** The path has caught up: whether to ask for a key frame now. */
  caughtUp(): boolean {
    const wishes = this.#wishesKeyFrame;
    this.#wishesKeyFrame = false;
    return wishes;
  }
}
