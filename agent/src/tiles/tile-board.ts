import { type SurfaceSize, tileCount } from '@guruconnect/shared';
import type { Changed } from './tile-ledger.ts';

/** A tile is left alone until it has stood still for so long. */
export const REST_MS = 300;
/** What changes again and again (a cursor that blinks, a clock) must stand still for longer and longer. */
const LONGEST_REST_MS = 8_000;
/** A tile that changes within so many of its rests after it was sent was sent too early. */
const EARLY_RESTS = 4;

interface Tile {
  changedAtMs: number;
  sentAtMs: number;
  restMs: number;
  /** Looked at since it changed, and not worth sending. */
  isSettled: boolean;
}

/** What is known of each tile of one display. */
export class TileBoard {
  readonly surface: SurfaceSize;
  readonly #tiles: Tile[];

  constructor(surface: SurfaceSize, nowMs: number) {
    this.surface = surface;
    this.#tiles = Array.from({ length: tileCount(surface) }, () => ({
      changedAtMs: nowMs,
      sentAtMs: Number.NEGATIVE_INFINITY,
      restMs: REST_MS,
      isSettled: false,
    }));
  }

  changed(tiles: Changed, nowMs: number): void {
    if (tiles === 'all') for (const tile of this.#tiles) change(tile, nowMs);
    else {
      for (const index of tiles) {
        const tile = this.#tiles[index];
        if (tile) change(tile, nowMs);
      }
    }
  }

  sent(index: number, nowMs: number): void {
    const tile = this.#tiles[index];
    if (tile) tile.sentAtMs = nowMs;
  }

  /** Not worth asking for again before it changes. */
  settle(indexes: readonly number[]): void {
    for (const index of indexes) {
      const tile = this.#tiles[index];
      if (tile) tile.isSettled = true;
    }
  }

  /** The video got coarser: what it did justice to before may be worth sending now. */
  unsettle(): void {
    for (const tile of this.#tiles) tile.isSettled = false;
  }

  /** The tiles that may be asked for now, and when the next of the others may be. */
  rested(isWanted: (tile: number) => boolean, nowMs: number): { tiles: number[]; nextAtMs: number } {
    const tiles: number[] = [];
    let nextAtMs = Number.POSITIVE_INFINITY;
    for (const [index, tile] of this.#tiles.entries()) {
      if (tile.isSettled || !isWanted(index)) continue;
      const atMs = tile.changedAtMs + tile.restMs;
      if (atMs <= nowMs) tiles.push(index);
      else nextAtMs = Math.min(nextAtMs, atMs);
    }
    return { tiles, nextAtMs };
  }
}

function change(tile: Tile, nowMs: number): void {
  const isEarly = nowMs - tile.sentAtMs < EARLY_RESTS * tile.restMs;
  if (isEarly) {
    tile.restMs = Math.min(LONGEST_REST_MS, 2 * tile.restMs);
    tile.sentAtMs = Number.NEGATIVE_INFINITY;
  } else if (nowMs - tile.changedAtMs > EARLY_RESTS * tile.restMs) tile.restMs = REST_MS;
  tile.changedAtMs = nowMs;
  tile.isSettled = false;
}
