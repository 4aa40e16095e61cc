/** Side of a tile in pixels; those at the right and lower edge are as much smaller as the picture ends earlier. */
export const TILE_SIDE = 64;

/** Longest side of a picture that tiles are told for. */
export const MAX_SURFACE_SIDE = 16_384;

/** Size in pixels. */
export interface SurfaceSize {
  readonly width: number;
  readonly height: number;
}

export interface TileRect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export function tileColumns({ width }: SurfaceSize): number {
  return Math.ceil(width / TILE_SIDE);
}

export function tileCount(surface: SurfaceSize): number {
  return tileColumns(surface) * Math.ceil(surface.height / TILE_SIDE);
}

/** Where a tile lies; tiles are counted row by row from 0 at the top left. */
export function tileRect(surface: SurfaceSize, index: number): TileRect {
  const columns = tileColumns(surface);
  const x = (index % columns) * TILE_SIDE;
  const y = Math.floor(index / columns) * TILE_SIDE;
  return {
    x,
    y,
    width: Math.min(TILE_SIDE, surface.width - x),
    height: Math.min(TILE_SIDE, surface.height - y),
  };
}
