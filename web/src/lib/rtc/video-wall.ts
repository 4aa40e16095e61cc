import type { Size } from '../input/picture-layout.ts';
import { type DeckFrame, VideoDeck } from './video-deck.ts';

export interface VideoWallEvents {
  frame(track: number, frame: DeckFrame): void;
  /** The first picture of a stream is on the screen. */
  firstFrame(track: number): void;
  resized(track: number, size: Size): void;
}

/** The pictures of all video tracks of a viewer, a deck for each; made when a track first brings something. */
export class VideoWall {
  readonly #events: VideoWallEvents;
  readonly #label: string;
  readonly #decks = new Map<number, VideoDeck>();

  constructor(label: string, events: VideoWallEvents) {
    this.#label = label;
    this.#events = events;
  }

  /** The element whose picture is on the screen for the first track. */
  get video(): HTMLVideoElement | undefined {
    return this.#decks.get(0)?.video;
  }

  /** Puts the pictures of a track into an element, until the returned function is called. */
  attach(container: HTMLElement, track: number): () => void {
    return this.#deckOf(track).attach(container);
  }
  show(stream: MediaStream, track: number): void {
    this.#deckOf(track).show(stream);
  }
  /** The streams end: their last pictures stay. */
  freeze(): void {
    for (const deck of this.#decks.values()) deck.freeze();
  }
  /** Shows nothing any more, until the next streams. */
  clear(): void {
    for (const deck of this.#decks.values()) deck.clear();
  }
  close(): void {
    for (const deck of this.#decks.values()) deck.close();
  }

  #deckOf(track: number): VideoDeck {
    const known = this.#decks.get(track);
    if (known) return known;
    const deck = new VideoDeck(track === 0 ? this.#label : `${this.#label}, part ${track + 1}`, {
      frame: (frame) => this.#events.frame(track, frame),
      firstFrame: () => this.#events.firstFrame(track),
      resized: (size) => this.#events.resized(track, size),
    });
    this.#decks.set(track, deck);
    return deck;
  }
}
