import { describe, expect, it } from 'vitest';
import { GuruError } from '../errors.ts';
import { tileCount, tileRect } from './tile-grid.ts';
import { packedLength, packPaletteTiles, packRgbTiles, unpackTiles } from './tile-pixels.ts';

/** Two tiles: 64 x 2 and 2 x 2. */
const surface = { width: 66, height: 2 };

const filled = (length: number, of: (i: number) => number) => Uint8Array.from({ length }, (_, i) => of(i));

describe('the tile grid', () => {
  it('cuts the last column and row where the picture ends', () => {
    const size = { width: 130, height: 65 };
    expect(tileCount(size)).toBe(6);
    expect(tileRect(size, 0)).toEqual({ x: 0, y: 0, width: 64, height: 64 });
    expect(tileRect(size, 5)).toEqual({ x: 128, y: 64, width: 2, height: 1 });
  });
});

describe('tiles with a palette', () => {
  const first = {
    index: 0,
    colours: Uint8Array.of(255, 0, 0, 0, 0, 255),
    pixels: filled(128, (i) => i & 1),
  };
  const second = { index: 1, colours: Uint8Array.of(0, 0, 255, 1, 2, 3), pixels: Uint8Array.of(0, 1, 1, 0) };

  it('share one palette, and come back as they were', () => {
    const packed = packPaletteTiles([first, second]);
    expect(packed).toMatchObject({ tiles: [0, 1], colours: 3 });
    expect([...packed.bytes.subarray(0, 9)]).toEqual([255, 0, 0, 0, 0, 255, 1, 2, 3]);
    expect([...packed.bytes.subarray(9 + 128)]).toEqual([1, 2, 2, 1]);
    expect(packed.bytes.length).toBe(packedLength(surface, packed.tiles, packed.colours));
    const [left, right] = unpackTiles(surface, packed);
    expect(left).toMatchObject({ index: 0, x: 0, y: 0, width: 64, height: 2 });
    expect([...(left?.rgba.subarray(0, 8) ?? [])]).toEqual([255, 0, 0, 255, 0, 0, 255, 255]);
    expect(right).toMatchObject({ index: 1, x: 64, y: 0, width: 2, height: 2 });
    expect([...(right?.rgba ?? [])]).toEqual([0, 0, 255, 255, 1, 2, 3, 255, 1, 2, 3, 255, 0, 0, 255, 255]);
  });

  it('stop before the tile whose colours do not fit any more', () => {
    const many = (index: number) => ({
      index,
      colours: filled(3 * 128, (i) => (i % 3 === 0 ? Math.floor(i / 3) : index)),
      pixels: filled(index === 0 ? 128 : 4, (i) => i & 127),
    });
    expect(packPaletteTiles([many(0), many(1)])).toMatchObject({ tiles: [0], colours: 128 });
  });

  it('are refused with a colour that is not there, or with bytes too many or too few', () => {
    const packed = packPaletteTiles([second]);
    const wrong = Uint8Array.from(packed.bytes);
    wrong[wrong.length - 1] = 2;
    expect(() => unpackTiles(surface, { ...packed, bytes: wrong })).toThrow(GuruError);
    for (const bytes of [packed.bytes.subarray(1), new Uint8Array(packed.bytes.length + 1)]) {
      expect(() => unpackTiles(surface, { ...packed, bytes })).toThrow(GuruError);
    }
  });
});

describe('tiles without a palette', () => {
  it.each(['plain', 'differences'] as const)('come back as they were, %s', (form) => {
    const tiles = [
      { index: 0, rgb: filled(128 * 3, (i) => (i * 37) ^ (i >> 3)) },
      { index: 1, rgb: Uint8Array.of(1, 2, 3, 255, 254, 253, 0, 0, 0, 9, 8, 7) },
    ];
    const packed = packRgbTiles(surface, tiles, form);
    expect(packed.bytes.length).toBe(packedLength(surface, [0, 1], 0));
    const painted = unpackTiles(surface, packed);
    for (const [at, { rgb }] of tiles.entries()) {
      const seen = painted[at]?.rgba.filter((_, i) => i % 4 !== 3);
      expect([...(seen ?? [])]).toEqual([...rgb]);
    }
  });

  it('are refused in a form that there is not', () => {
    const packed = packRgbTiles(surface, [{ index: 1, rgb: new Uint8Array(12) }], 'plain');
    packed.bytes[0] = 2;
    expect(() => unpackTiles(surface, packed)).toThrow(GuruError);
  });

  it('of a smooth slope are nearly all the same byte', () => {
    const rgb = filled(128 * 3, (i) => Math.floor((i % 192) / 3));
    const { bytes } = packRgbTiles(surface, [{ index: 0, rgb }], 'differences');
    expect(bytes.filter((byte) => byte === 1).length).toBeGreaterThan(180);
  });
});
