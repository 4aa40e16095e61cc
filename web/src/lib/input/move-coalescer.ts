export interface MoveCoalescerDeps<P> {
  send(place: P): void;
  /** Bytes that the channel has not handed to the network yet. */
  bufferedBytes(): number;
  /** Calls back at the next animation frame. */
  nextFrame(callback: () => void): void;
}

/**
 * Thins pointer moves: the first after a pause goes out at once (that is where latency is felt), then the
 * newest of each animation frame, and none while the channel is still busy with the last.
 */
export class MoveCoalescer<P> {
  readonly #deps: MoveCoalescerDeps<P>;
  #pending: P | undefined;
  #frameAsked = false;

  constructor(deps: MoveCoalescerDeps<P>) {
    this.#deps = deps;
  }

  update(place: P): void {
    if (this.#frameAsked || this.#deps.bufferedBytes() > 0) {
      this.#pending = place;
      this.#askFrame();
      return;
    }
    this.#deps.send(place);
    this.#askFrame();
  }

  /** Drops the waiting move: a button or wheel message has told a newer place. */
  cancel(): void {
    this.#pending = undefined;
  }

  #askFrame(): void {
    if (this.#frameAsked) return;
    this.#frameAsked = true;
    this.#deps.nextFrame(() => {
      this.#frameAsked = false;
      this.#flush();
    });
  }

  #flush(): void {
    const place = this.#pending;
    if (place === undefined) return;
    if (this.#deps.bufferedBytes() === 0) {
      this.#pending = undefined;
      this.#deps.send(place);
    }
    this.#askFrame();
  }
}
