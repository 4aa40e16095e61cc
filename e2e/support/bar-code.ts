/** A picture as a canvas or the X server gives it: RGBA, row by row. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8Array | Uint8ClampedArray;
}

/** As in x11/bar-code.h. */
const BITS = 12;
const CELLS = BITS + 3;
const CELL_WIDTH = 8;
export const BAR_BANDS = 9;

/**
 * The frame number that `frame-source` painted into each band of the picture, from top to bottom; undefined
 * where a band holds no readable code. Two different numbers in one picture mean a torn frame.
 */
export function readBarCodes(picture: Picture): (number | undefined)[] {
  return Array.from({ length: BAR_BANDS }, (_, band) =>
    readBarCode(picture, Math.round((picture.height * (band + 0.5)) / BAR_BANDS)),
  );
}

/** Whether the readable bands of the picture come from more than one frame. */
export function isTorn(codes: readonly (number | undefined)[]): boolean {
  return new Set(codes.filter((code) => code !== undefined)).size > 1;
}

function readBarCode(picture: Picture, y: number): number | undefined {
  const bits = Array.from({ length: CELLS }, (_, cell) =>
    luminance(picture, cell * CELL_WIDTH + CELL_WIDTH / 2, y) > 127 ? 1 : 0,
  );
  const [white, black, ...rest] = bits;
  const parity = rest.pop();
  if (white !== 1 || black !== 0) return undefined;
  if (rest.reduce<number>((sum, bit) => sum ^ bit, 0) !== parity) return undefined;
  return rest.reduce<number>((value, bit) => value * 2 + bit, 0);
}

function luminance({ rgba, width }: Picture, x: number, y: number): number {
  const at = (y * width + x) * 4;
  return 0.299 * (rgba[at] ?? 0) + 0.587 * (rgba[at + 1] ?? 0) + 0.114 * (rgba[at + 2] ?? 0);
}
