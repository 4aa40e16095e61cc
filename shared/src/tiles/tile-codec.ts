import { ByteReader } from '../control/byte-reader.ts';
import { ByteWriter } from '../control/byte-writer.ts';
import { MAX_VIDEO_TRACKS } from '../control/control-messages.ts';
import { GuruError } from '../errors.ts';
import { MAX_SURFACE_SIDE, type SurfaceSize, tileCount } from './tile-grid.ts';

/** Largest message on `tiles`, in bytes. */
export const MAX_TILE_MESSAGE_BYTES = 65_536;
/** Tiles whose pixels one message may bring. */
export const MAX_TILES_A_MESSAGE = 128;
/** Colours of one message; tiles with more are sent as RGB. */
export const MAX_TILE_COLOURS = 255;

/** Which pictures of a track what is told of tiles holds for; RTP timestamps. */
export interface TileMoment {
  /** The first picture with these pixels: the tiles are not shown over an older one. */
  readonly contentRtp: number;
  /** The newest picture sent: everything up to it has been told. */
  readonly toldRtp: number;
}

/**
 * Lossless pieces of a picture that stands still; on the `tiles` channel (reliable, ordered). Tiles are numbered
 * row by row and listed in rising order. A tile is shown from its pixels (or `same`) until it is named by `changed`.
 */
export type TileMessage =
  /** Pixels of tiles, as `unpackTiles` reads them after inflating (raw deflate). */
  | ({
      readonly type: 'pixels';
      readonly track: number;
      readonly surface: SurfaceSize;
      readonly tiles: readonly number[];
      /** Entries of the palette, 1 to 255; 0: no palette, RGB pixels. */
      readonly colours: number;
      readonly deflated: Uint8Array;
    } & TileMoment)
  /** These tiles look again as when their pixels were last sent. */
  | ({
      readonly type: 'same';
      readonly track: number;
      readonly surface: SurfaceSize;
      readonly tiles: readonly number[];
    } & TileMoment)
  /** Sent before every picture while tiles are shown: those that are wrong from this picture on, perhaps none. */
  | {
      readonly type: 'changed';
      readonly track: number;
      readonly rtp: number;
      readonly tiles: readonly number[] | 'all';
    }
  /** The track shows something else now: nothing of what was sent is of use any more. */
  | { readonly type: 'clear'; readonly track: number };

export const TILE_OPCODE = { pixels: 0x31, same: 0x32, changed: 0x33, clear: 0x34 } as const;

/** Throws `invalid-message` when it would be longer than {@link MAX_TILE_MESSAGE_BYTES}. */
export function encodeTiles(message: TileMessage): Uint8Array<ArrayBuffer> {
  switch (message.type) {
    case 'pixels': {
      const { track, surface, tiles, colours, deflated } = message;
      const length = 17 + 2 * tiles.length + deflated.length;
      if (length > MAX_TILE_MESSAGE_BYTES) throw GuruError.invalid('The tiles are too large.');
      const writer = new ByteWriter(length).u8(TILE_OPCODE.pixels).u8(track);
      writer.u32(message.contentRtp).u32(message.toldRtp).u16(surface.width).u16(surface.height).u8(colours);
      return writeList(writer, tiles).raw(deflated).bytes;
    }
    case 'same': {
      const { track, surface, tiles } = message;
      const writer = new ByteWriter(16 + 2 * tiles.length).u8(TILE_OPCODE.same).u8(track);
      writer.u32(message.contentRtp).u32(message.toldRtp).u16(surface.width).u16(surface.height);
      return writeList(writer, tiles).bytes;
    }
    case 'changed': {
      const tiles = message.tiles === 'all' ? [] : message.tiles;
      const writer = new ByteWriter(9 + 2 * tiles.length).u8(TILE_OPCODE.changed).u8(message.track);
      writer.u32(message.rtp).u8(message.tiles === 'all' ? 1 : 0);
      return writeList(writer, tiles).bytes;
    }
    case 'clear':
      return new ByteWriter(2).u8(TILE_OPCODE.clear).u8(message.track).bytes;
  }
}

/** The inverse of {@link encodeTiles}; throws `invalid-message` on anything else. */
export function decodeTiles(bytes: Uint8Array): TileMessage {
  if (bytes.length > MAX_TILE_MESSAGE_BYTES) throw GuruError.invalid('The message is too long.');
  const reader = new ByteReader(bytes);
  const opcode = reader.u8();
  const track = reader.u8();
  if (track >= MAX_VIDEO_TRACKS) throw GuruError.invalid('There is no such track.');
  const message = readBody(opcode, track, reader);
  reader.end();
  return message;
}

function readBody(opcode: number, track: number, reader: ByteReader): TileMessage {
  switch (opcode) {
    case TILE_OPCODE.pixels: {
      const moment = readMoment(reader);
      const surface = readSurface(reader);
      const colours = reader.u8();
      const tiles = readList(reader, tileCount(surface), MAX_TILES_A_MESSAGE);
      if (tiles.length === 0) throw GuruError.invalid('There are no tiles.');
      return { type: 'pixels', track, surface, tiles, colours, deflated: reader.rest(), ...moment };
    }
    case TILE_OPCODE.same: {
      const moment = readMoment(reader);
      const surface = readSurface(reader);
      return { type: 'same', track, surface, tiles: readList(reader, tileCount(surface)), ...moment };
    }
    case TILE_OPCODE.changed: {
      const rtp = reader.u32();
      const all = reader.u8();
      const tiles = readList(reader, 65_536);
      if (all > 1 || (all === 1 && tiles.length > 0)) throw GuruError.invalid('All and some have changed.');
      return { type: 'changed', track, rtp, tiles: all === 1 ? 'all' : tiles };
    }
    case TILE_OPCODE.clear:
      return { type: 'clear', track };
    default:
      throw GuruError.invalid('Unknown tile message.');
  }
}

function readMoment(reader: ByteReader): TileMoment {
  return { contentRtp: reader.u32(), toldRtp: reader.u32() };
}

function readSurface(reader: ByteReader): SurfaceSize {
  const width = reader.u16();
  const height = reader.u16();
  if (width < 1 || height < 1 || width > MAX_SURFACE_SIDE || height > MAX_SURFACE_SIDE) {
    throw GuruError.invalid('The picture has an impossible size.');
  }
  return { width, height };
}

function writeList(writer: ByteWriter, tiles: readonly number[]): ByteWriter {
  writer.u16(tiles.length);
  for (const tile of tiles) writer.u16(tile);
  return writer;
}

/** Rising, so that none is named twice. */
function readList(reader: ByteReader, below: number, longest = below): number[] {
  const length = reader.u16();
  if (length > longest) throw GuruError.invalid('Too many tiles.');
  const tiles: number[] = [];
  let last = -1;
  for (let at = 0; at < length; at += 1) {
    const tile = reader.u16();
    if (tile <= last || tile >= below) throw GuruError.invalid('The tiles are not in order.');
    last = tile;
    tiles.push(tile);
  }
  return tiles;
}
