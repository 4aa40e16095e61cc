import {
  MAX_TILES_A_MESSAGE,
  type PackedTiles,
  packPaletteTiles,
  packRgbTiles,
  type RgbForm,
  type SurfaceSize,
} from '@guruconnect/shared';
import type { NativeTile } from '../../native/addon.d.ts';

/** Raw deflate, off the caller's thread. */
export type Deflate = (bytes: Uint8Array) => Promise<Uint8Array>;

/** Tiles of one message, ready but for the moment they hold for. */
export interface TileParcel {
  readonly tiles: readonly number[];
  readonly colours: number;
  readonly deflated: Uint8Array;
}

/** Below the limit of a message with everything around the pixels. */
const MAX_DEFLATED_BYTES = 60_000;
/** A tile without a palette that stays larger than this is a photograph: the video does well enough. */
const MAX_RGB_TILE_BYTES = 5_000;

/** Packs tiles into as few parcels as their colours and the size of a message allow. */
export async function packTiles(
  surface: SurfaceSize,
  tiles: readonly NativeTile[],
  deflate: Deflate,
): Promise<{ parcels: TileParcel[]; skipped: number[] }> {
  const inOrder = [...tiles].sort((one, other) => one.index - other.index);
  const parcels: TileParcel[] = [];
  let rest = inOrder.filter((tile) => tile.colours.length > 0);
  while (rest.length > 0) {
    const next = rest.slice(0, MAX_TILES_A_MESSAGE);
    const packed = packPaletteTiles(next);
    parcels.push(...(await shrink(packed, (some) => packPaletteTiles(only(next, some)), deflate)));
    rest = rest.slice(packed.tiles.length);
  }
  const { kept, skipped } = await chooseRgb(surface, inOrder, deflate);
  for (const form of ['plain', 'differences'] as const) {
    const tilesOfForm = kept[form];
    for (let at = 0; at < tilesOfForm.length; at += MAX_TILES_A_MESSAGE) {
      const next = tilesOfForm.slice(at, at + MAX_TILES_A_MESSAGE);
      const pack = (some: readonly number[]) => packRgbTiles(surface, only(next, some).map(toRgb), form);
      const packed = pack(next.map(({ index }) => index));
      parcels.push(...(await shrink(packed, pack, deflate)));
    }
  }
  return { parcels, skipped };
}

/** Halves what does not fit into one message. */
async function shrink(
  packed: PackedTiles,
  repack: (tiles: readonly number[]) => PackedTiles,
  deflate: Deflate,
): Promise<TileParcel[]> {
  const deflated = await deflate(packed.bytes);
  const { tiles, colours } = packed;
  if (deflated.length <= MAX_DEFLATED_BYTES || tiles.length === 1) return [{ tiles, colours, deflated }];
  const half = Math.ceil(tiles.length / 2);
  const parts = [tiles.slice(0, half), tiles.slice(half)];
  const parcels = await Promise.all(parts.map((part) => shrink(repack(part), repack, deflate)));
  return parcels.flat();
}

async function chooseRgb(surface: SurfaceSize, tiles: readonly NativeTile[], deflate: Deflate) {
  const kept: Record<RgbForm, NativeTile[]> = { plain: [], differences: [] };
  const skipped: number[] = [];
  for (const tile of tiles) {
    if (tile.colours.length > 0) continue;
    const length = async (form: RgbForm) =>
      (await deflate(packRgbTiles(surface, [toRgb(tile)], form).bytes)).length;
    const [plain, differences] = await Promise.all([length('plain'), length('differences')]);
    if (Math.min(plain, differences) > MAX_RGB_TILE_BYTES) skipped.push(tile.index);
    else kept[plain <= differences ? 'plain' : 'differences'].push(tile);
  }
  return { kept, skipped };
}

function only(tiles: readonly NativeTile[], wanted: readonly number[]): NativeTile[] {
  return tiles.filter(({ index }) => wanted.includes(index));
}

function toRgb({ index, pixels }: NativeTile) {
  return { index, rgb: pixels };
}
