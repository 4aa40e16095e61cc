import type { SurfaceSize, TileMessage, TileMoment } from '@guruconnect/shared';

/** Tiles that differ from before, as far as is known. */
export type Changed = readonly number[] | 'all';

/**
 * What one viewer holds of one display on one track, and what it must be told so that it never shows an old tile
 * over a new picture. The caller sends each message that it gets, before the picture that it asked for.
 */
export class TileLedger {
  readonly track: number;
  readonly displayId: string;
  #surface: SurfaceSize | undefined;
  /** Hash of the pixels that the viewer keeps of a tile, shown or not. */
  readonly #held = new Map<number, number>();
  readonly #shown = new Set<number>();
  /** Changed since the last picture that left. */
  readonly #pending = new Set<number>();
  #allPending = true;
  #moment: TileMoment | undefined;
  #owesClear: boolean;

  /** `owesClear`: the track showed another display before. */
  constructor(track: number, displayId: string, owesClear = false) {
    this.track = track;
    this.displayId = displayId;
    this.#owesClear = owesClear;
  }

  get holdsAnything(): boolean {
    return this.#held.size > 0 || this.#owesClear;
  }

  /** A grab of the display differs in these tiles; the picture of it has not left yet. */
  changed(tiles: Changed, surface: SurfaceSize | undefined): void {
    if (surface?.width !== this.#surface?.width || surface?.height !== this.#surface?.height) {
      this.#surface = surface;
      this.forget();
    }
    if (tiles === 'all') this.#allPending = true;
    else if (!this.#allPending) for (const tile of tiles) this.#pending.add(tile);
  }

  /**
   * What the viewer must hear before a picture leaves, if anything. `isNewest`: with everything that changed so far;
   * one that was held back shows less, and what changed since stays unknown to the viewer.
   */
  pictureLeaves(rtp: number, isNewest: boolean): TileMessage | undefined {
    const hasNews = this.#allPending || this.#pending.size > 0;
    this.#moment = { contentRtp: hasNews ? rtp : (this.#moment?.contentRtp ?? rtp), toldRtp: rtp };
    const lost = [...this.#shown].filter((tile) => this.#allPending || this.#pending.has(tile));
    const hadShown = this.#shown.size > 0;
    for (const tile of lost) this.#shown.delete(tile);
    if (isNewest) {
      this.#allPending = false;
      this.#pending.clear();
    }
    if (this.#owesClear) return { type: 'clear', track: this.track };
    if (!hadShown) return undefined;
    const tiles = this.#shown.size === 0 ? 'all' : lost.sort((one, other) => one - other);
    return { type: 'changed', track: this.track, rtp, tiles };
  }

  /** The message of `pictureLeaves` or `clearOwed` was taken by the channel, or was not. */
  toldSent(sent: boolean): void {
    if (sent) this.#owesClear = false;
    // What the viewer shows is not known any more; until it hears of newer pictures it shows nothing.
    else this.forget();
  }

  /** What must be told before anything else. */
  clearOwed(): TileMessage | undefined {
    return this.#owesClear ? { type: 'clear', track: this.track } : undefined;
  }

  /** Whether the viewer would gain by this tile now: its picture has been sent, and it does not show the tile. */
  lacks(tile: number): boolean {
    if (!this.#moment || this.#allPending || this.#owesClear) return false;
    return !this.#shown.has(tile) && !this.#pending.has(tile);
  }

  /** Whether the viewer keeps exactly these pixels of the tile. */
  holds(tile: number, hash: number): boolean {
    return this.#held.get(tile) === hash;
  }

  /** Which pictures tiles that are sent now hold for. */
  get moment(): TileMoment | undefined {
    return this.#moment;
  }

  /** The viewer shows the tile from here on. */
  tileSent(tile: number, hash: number): void {
    this.#held.set(tile, hash);
    this.#shown.add(tile);
  }

  /** The viewer is to drop everything. */
  forget(): void {
    this.#owesClear ||= this.#held.size > 0;
    this.#held.clear();
    this.#shown.clear();
  }
}
