import type { TileMoment } from '@guruconnect/shared';

/** What became of the tiles: those to be painted now, and those to be wiped away. */
export interface OverlayChange {
  readonly paint: readonly number[];
  readonly wipe: readonly number[] | 'all';
}

interface Wanted {
  /** Number of the message that asked for it. */
  readonly order: number;
  readonly contentRtp: number;
  isPainted: boolean;
}

/**
 * Which tiles may lie over the picture. Two rules keep an old tile from lying over a new picture: a tile named as
 * changed goes at once, and while the picture on the screen is newer than what was told, all are hidden. A tile
 * that is newer than the picture waits for it. Knows nothing of pixels.
 */
export class OverlayState {
  readonly #wanted = new Map<number, Wanted>();
  /** The last message that named a tile as changed. */
  readonly #changedBy = new Map<number, number>();
  #allChangedBy = -1;
  #orders = 0;
  #toldRtp: number | undefined;
  #shownRtp: number | undefined;
  /** Of the newest picture that is known to be on its way. */
  #comingRtp: number | undefined;

  /** Whether nothing may be shown now, whatever is painted. */
  get isHidden(): boolean {
    if (this.#toldRtp === undefined || this.#shownRtp === undefined) return true;
    if (isNewer(this.#shownRtp, this.#toldRtp)) return true;
    return this.#comingRtp !== undefined && isNewer(this.#comingRtp, this.#toldRtp);
  }

  get paintedCount(): number {
    return [...this.#wanted.values()].filter((one) => one.isPainted).length;
  }

  /** A message with tiles came: returns its number, for `ready` once its pixels can be painted. */
  tilesTold({ toldRtp }: TileMoment): number {
    this.#told(toldRtp);
    this.#orders += 1;
    return this.#orders;
  }

  /** The tiles of a message can be painted; those named as changed meanwhile are left out. */
  ready(order: number, tiles: readonly number[], contentRtp: number): OverlayChange {
    for (const tile of tiles) {
      const changedBy = Math.max(this.#allChangedBy, this.#changedBy.get(tile) ?? -1);
      if (changedBy < order) this.#wanted.set(tile, { order, contentRtp, isPainted: false });
    }
    return this.#paintWhatMayBe();
  }

  changed(rtp: number, tiles: readonly number[] | 'all'): OverlayChange {
    this.#told(rtp);
    this.#orders += 1;
    if (tiles === 'all') {
      this.#allChangedBy = this.#orders;
      this.#changedBy.clear();
      this.#wanted.clear();
      return { paint: [], wipe: 'all' };
    }
    const wipe = tiles.filter((tile) => this.#wanted.get(tile)?.isPainted);
    for (const tile of tiles) {
      this.#changedBy.set(tile, this.#orders);
      this.#wanted.delete(tile);
    }
    return { paint: [], wipe };
  }

  /** A picture is on the screen. */
  shown(rtp: number): OverlayChange {
    this.#shownRtp = rtp;
    return this.#paintWhatMayBe();
  }

  /** The newest picture that is known of is on the screen, although nobody said so. */
  caughtUp(): OverlayChange {
    const rtp = this.#comingRtp;
    if (rtp === undefined || this.#shownRtp === undefined || !isNewer(rtp, this.#shownRtp)) {
      return { paint: [], wipe: [] };
    }
    return this.shown(rtp);
  }

  /** A picture is on its way. */
  coming(rtp: number): void {
    if (this.#comingRtp === undefined || isNewer(rtp, this.#comingRtp)) this.#comingRtp = rtp;
  }

  /** Everything that was sent is of no use any more. */
  clear(): OverlayChange {
    this.#orders += 1;
    this.#allChangedBy = this.#orders;
    this.#changedBy.clear();
    this.#wanted.clear();
    return { paint: [], wipe: 'all' };
  }

  #told(rtp: number): void {
    if (this.#toldRtp === undefined || isNewer(rtp, this.#toldRtp)) this.#toldRtp = rtp;
  }

  #paintWhatMayBe(): OverlayChange {
    const paint: number[] = [];
    const shownRtp = this.#shownRtp;
    if (shownRtp === undefined) return { paint, wipe: [] };
    for (const [tile, wanted] of this.#wanted) {
      if (wanted.isPainted || isNewer(wanted.contentRtp, shownRtp)) continue;
      wanted.isPainted = true;
      paint.push(tile);
    }
    return { paint, wipe: [] };
  }
}

/** RTP timestamps wrap around. */
function isNewer(rtp: number, than: number): boolean {
  return ((rtp - than) | 0) > 0;
}
