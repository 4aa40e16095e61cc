import { inflateRawSync } from 'node:zlib';
import { MAX_TILE_MESSAGE_BYTES, unpackTiles } from '@guruconnect/shared';
import { describe, expect, it } from 'vitest';
import type { NativeTile } from '../../native/addon.d.ts';
import { deflate } from './deflate.ts';
import { packTiles, type TileParcel } from './pack-tiles.ts';

const SURFACE = { width: 64 * 40, height: 64 * 4 };

/** Noise that is the same each time. */
function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state >>> 16;
  };
}

function paletteTile(index: number, colours: number, next: () => number): NativeTile {
  const rgb = Array.from({ length: 3 * colours }, () => next() & 255);
  const pixels = Array.from({ length: 4096 }, () => next() % colours);
  return { index, hash: index, colours: Buffer.from(rgb), pixels: Buffer.from(pixels) };
}

function rgbTile(index: number, of: (i: number) => number): NativeTile {
  return {
    index,
    hash: index,
    colours: Buffer.alloc(0),
    pixels: Buffer.from(Array.from({ length: 3 * 4096 }, (_, i) => of(i))),
  };
}

function rgbOf(tile: NativeTile): number[] {
  if (tile.colours.length === 0) return [...tile.pixels];
  return [...tile.pixels].flatMap((at) => [...tile.colours.subarray(3 * at, 3 * at + 3)]);
}

function expectWhole(parcels: readonly TileParcel[], tiles: readonly NativeTile[]): void {
  const seen = new Map<number, number[]>();
  for (const { tiles: indexes, colours, deflated } of parcels) {
    expect(deflated.length).toBeLessThan(MAX_TILE_MESSAGE_BYTES - 1_000);
    expect(indexes).toEqual([...indexes].sort((a, b) => a - b));
    const bytes = new Uint8Array(inflateRawSync(deflated));
    for (const { index, rgba } of unpackTiles(SURFACE, { tiles: indexes, colours, bytes })) {
      expect(seen.has(index)).toBe(false);
      seen.set(
        index,
        [...rgba].filter((_, i) => i % 4 !== 3),
      );
    }
  }
  expect(seen.size).toBe(tiles.length);
  for (const tile of tiles) expect(seen.get(tile.index)).toEqual(rgbOf(tile));
}

describe('packing tiles', () => {
  it('puts tiles of few colours into one parcel, in order', async () => {
    const next = noise(1);
    const tiles = [7, 3, 5].map((index) => paletteTile(index, 4, next));
    const { parcels, skipped } = await packTiles(SURFACE, tiles, deflate);
    expect(parcels.map((one) => one.tiles)).toEqual([[3, 5, 7]]);
    expect(skipped).toEqual([]);
    expectWhole(parcels, tiles);
  });

  it('starts another parcel when the palette is full, when there are too many tiles, or too many bytes', async () => {
    const next = noise(2);
    const tiles = [
      ...Array.from({ length: 130 }, (_, i) => paletteTile(i, 2, noise(9))),
      ...Array.from({ length: 30 }, (_, i) => paletteTile(130 + i, 200, next)),
    ];
    const { parcels } = await packTiles(SURFACE, tiles, deflate);
    expect(parcels.length).toBeGreaterThan(3);
    expectWhole(parcels, tiles);
  });

  it('splits what does not deflate below the size of a message', async () => {
    const next = noise(3);
    const shared = paletteTile(0, 250, next);
    const tiles = Array.from({ length: 40 }, (_, index) => ({
      ...paletteTile(index, 250, next),
      colours: shared.colours,
    }));
    const { parcels } = await packTiles(SURFACE, tiles, deflate);
    expect(parcels.length).toBeGreaterThan(2);
    expectWhole(parcels, tiles);
  });

  it('sends a slope of many colours, and leaves a photograph to the video', async () => {
    const next = noise(4);
    const slope = rgbTile(2, (i) => ((i % 192) + Math.floor(i / 192)) & 255);
    const photo = rgbTile(3, () => next() & 255);
    const { parcels, skipped } = await packTiles(SURFACE, [photo, slope], deflate);
    expect(skipped).toEqual([3]);
    expectWhole(parcels, [slope]);
    expect(parcels[0]?.deflated.length).toBeLessThan(500);
  });
});
