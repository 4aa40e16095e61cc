import { GuruError } from '../errors.ts';
import { MAX_TILE_COLOURS } from './tile-codec.ts';
import { type SurfaceSize, type TileRect, tileRect } from './tile-grid.ts';

/** One tile with at most 255 colours. */
export interface PaletteTile {
  readonly index: number;
  /** RGB, three bytes a colour. */
  readonly colours: Uint8Array;
  /** A number into `colours` for each pixel, row by row. */
  readonly pixels: Uint8Array;
}

/** One tile with any number of colours: RGB, row by row. */
export interface RgbTile {
  readonly index: number;
  readonly rgb: Uint8Array;
}

/** What a `pixels` message deflates. */
export interface PackedTiles {
  readonly tiles: readonly number[];
  /** As in the message: 0 for RGB. */
  readonly colours: number;
  readonly bytes: Uint8Array;
}

/** A tile to be painted: straight RGBA, row by row. */
export interface PaintedTile extends TileRect {
  readonly index: number;
  readonly rgba: Uint8ClampedArray<ArrayBuffer>;
}

/**
 * Packs as many of the tiles, from the first on, as share one palette of 255 colours; the rest is for another
 * message. One palette for all lets the same letter be the same bytes in every tile. The tiles' numbers must rise.
 */
export function packPaletteTiles(tiles: readonly PaletteTile[]): PackedTiles {
  const palette = new Map<number, number>();
  const packed: { tile: PaletteTile; places: Uint8Array }[] = [];
  for (const tile of tiles) {
    const places = placeColours(tile.colours, palette);
    if (!places) break;
    packed.push({ tile, places });
  }
  const start = 3 * palette.size;
  const bytes = new Uint8Array(start + packed.reduce((sum, { tile }) => sum + tile.pixels.length, 0));
  for (const [rgb, place] of palette) bytes.set([rgb >> 16, (rgb >> 8) & 255, rgb & 255], 3 * place);
  let at = start;
  for (const { tile, places } of packed) {
    for (const pixel of tile.pixels) {
      bytes[at] = places[pixel] ?? 0;
      at += 1;
    }
  }
  return { tiles: packed.map(({ tile }) => tile.index), colours: palette.size, bytes };
}

/** How the channels of RGB tiles are written; the first byte of their message. */
const RGB_FORM = { plain: 0, differences: 1 } as const;
export type RgbForm = keyof typeof RGB_FORM;

/**
 * RGB as it is (text on a slope repeats itself), or each channel as its difference from what its neighbours foretell
 * (Paeth's predictor, as in PNG; for slopes alone). Which is shorter once deflated is for the caller to try.
 */
export function packRgbTiles(surface: SurfaceSize, tiles: readonly RgbTile[], form: RgbForm): PackedTiles {
  const bytes = new Uint8Array(tiles.reduce((sum, { rgb }) => sum + rgb.length, 1));
  bytes[0] = RGB_FORM[form];
  let at = 1;
  for (const { index, rgb } of tiles) {
    const stride = 3 * tileRect(surface, index).width;
    if (form === 'plain') bytes.set(rgb, at);
    else for (let i = 0; i < rgb.length; i += 1) bytes[at + i] = (rgb[i] ?? 0) - foretell(rgb, i, stride);
    at += rgb.length;
  }
  return { tiles: tiles.map(({ index }) => index), colours: 0, bytes };
}

/** How many bytes a `pixels` message inflates to. */
export function packedLength(surface: SurfaceSize, tiles: readonly number[], colours: number): number {
  const pixels = tiles.reduce((sum, index) => {
    const { width, height } = tileRect(surface, index);
    return sum + width * height;
  }, 0);
  return colours === 0 ? 1 + 3 * pixels : 3 * colours + pixels;
}

/** The inverse of the two packers; throws `invalid-message` when the bytes do not fit the rest. */
export function unpackTiles(surface: SurfaceSize, { tiles, colours, bytes }: PackedTiles): PaintedTile[] {
  if (bytes.length !== packedLength(surface, tiles, colours)) {
    throw GuruError.invalid('The tiles have the wrong number of bytes.');
  }
  const isPlain = bytes[0] === RGB_FORM.plain;
  if (colours === 0 && !isPlain && bytes[0] !== RGB_FORM.differences) {
    throw GuruError.invalid('The tiles are written in an unknown form.');
  }
  let at = colours === 0 ? 1 : 3 * colours;
  return tiles.map((index) => {
    const rect = tileRect(surface, index);
    const length = rect.width * rect.height * (colours === 0 ? 3 : 1);
    const part = bytes.subarray(at, at + length);
    at += length;
    if (colours > 0) return { index, ...rect, rgba: fromPalette(part, bytes.subarray(0, 3 * colours)) };
    return { index, ...rect, rgba: toRgba(isPlain ? part : fromDifferences(part, rect.width)) };
  });
}

function placeColours(colours: Uint8Array, palette: Map<number, number>): Uint8Array | undefined {
  const wanted: number[] = [];
  for (let at = 0; at + 2 < colours.length; at += 3) {
    wanted.push(((colours[at] ?? 0) << 16) | ((colours[at + 1] ?? 0) << 8) | (colours[at + 2] ?? 0));
  }
  const fresh = new Set(wanted.filter((rgb) => !palette.has(rgb)));
  if (palette.size + fresh.size > MAX_TILE_COLOURS) return undefined;
  for (const rgb of fresh) palette.set(rgb, palette.size);
  return Uint8Array.from(wanted, (rgb) => palette.get(rgb) ?? 0);
}

function fromPalette(pixels: Uint8Array, palette: Uint8Array): Uint8ClampedArray<ArrayBuffer> {
  const rgba = new Uint8ClampedArray(4 * pixels.length);
  for (let i = 0; i < pixels.length; i += 1) {
    const from = 3 * (pixels[i] ?? 0);
    if (from >= palette.length) throw GuruError.invalid('A tile has a colour that is not in its palette.');
    rgba[4 * i] = palette[from] ?? 0;
    rgba[4 * i + 1] = palette[from + 1] ?? 0;
    rgba[4 * i + 2] = palette[from + 2] ?? 0;
    rgba[4 * i + 3] = 255;
  }
  return rgba;
}

function fromDifferences(differences: Uint8Array, width: number): Uint8Array {
  const rgb = new Uint8Array(differences.length);
  for (let i = 0; i < rgb.length; i += 1) rgb[i] = (differences[i] ?? 0) + foretell(rgb, i, 3 * width);
  return rgb;
}

function toRgba(rgb: Uint8Array): Uint8ClampedArray<ArrayBuffer> {
  const rgba = new Uint8ClampedArray((rgb.length / 3) * 4).fill(255);
  for (let i = 0; i < rgb.length; i += 1) rgba[Math.floor(i / 3) * 4 + (i % 3)] = rgb[i] ?? 0;
  return rgba;
}

/** Of the left, the upper and the upper left value, the one nearest to left + upper - upper left. */
function foretell(rgb: Uint8Array, i: number, stride: number): number {
  const inRow = i % stride;
  const left = inRow >= 3 ? (rgb[i - 3] ?? 0) : 0;
  const upper = i >= stride ? (rgb[i - stride] ?? 0) : 0;
  const corner = inRow >= 3 && i >= stride ? (rgb[i - stride - 3] ?? 0) : 0;
  const guess = left + upper - corner;
  const toLeft = Math.abs(guess - left);
  const toUpper = Math.abs(guess - upper);
  const toCorner = Math.abs(guess - corner);
  if (toLeft <= toUpper && toLeft <= toCorner) return left;
  return toUpper <= toCorner ? upper : corner;
}
