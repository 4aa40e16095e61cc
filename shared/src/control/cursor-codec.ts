import { GuruError } from '../errors.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';

/** Largest pointer picture that is sent; larger ones are scaled down by the agent. */
export const MAX_CURSOR_SIDE = 128;

/** What the remote pointer looks like and where it is; on the `cursor` channel (reliable). */
export type CursorMessage =
  /** A new picture and from now on the current one; `shapeId` names it for later reuse. */
  | {
      readonly type: 'shape';
      readonly shapeId: number;
      readonly width: number;
      readonly height: number;
      readonly hotspotX: number;
      readonly hotspotY: number;
      /** Straight RGBA, row by row, 4 x width x height bytes. */
      readonly rgba: Uint8Array;
    }
  /** A picture that was sent before is the current one again. */
  | { readonly type: 'use'; readonly shapeId: number }
  | { readonly type: 'hidden' }
  /** The remote pointer moved by itself (not echoing the technician's own moves). */
  | { readonly type: 'position'; readonly display: number; readonly x: number; readonly y: number };

export const CURSOR_OPCODE = { shape: 0x11, use: 0x12, hidden: 0x13, position: 0x14 } as const;

export function encodeCursor(message: CursorMessage): Uint8Array<ArrayBuffer> {
  switch (message.type) {
    case 'shape':
      checkShape(message.width, message.height, message.rgba.length);
      return new ByteWriter(13 + message.rgba.length)
        .u8(CURSOR_OPCODE.shape)
        .u32(message.shapeId)
        .u16(message.width)
        .u16(message.height)
        .u16(message.hotspotX)
        .u16(message.hotspotY)
        .raw(message.rgba).bytes;
    case 'use':
      return new ByteWriter(5).u8(CURSOR_OPCODE.use).u32(message.shapeId).bytes;
    case 'hidden':
      return new ByteWriter(1).u8(CURSOR_OPCODE.hidden).bytes;
    case 'position':
      return new ByteWriter(6).u8(CURSOR_OPCODE.position).u8(message.display).u16(message.x).u16(message.y)
        .bytes;
  }
}

/** The inverse of {@link encodeCursor}; throws `invalid-message` on anything else. */
export function decodeCursor(bytes: Uint8Array): CursorMessage {
  const reader = new ByteReader(bytes);
  const message = readCursor(reader);
  reader.end();
  return message;
}

function readCursor(reader: ByteReader): CursorMessage {
  switch (reader.u8()) {
    case CURSOR_OPCODE.shape: {
      const shapeId = reader.u32();
      const width = reader.u16();
      const height = reader.u16();
      const hotspotX = reader.u16();
      const hotspotY = reader.u16();
      const rgba = reader.rest();
      checkShape(width, height, rgba.length);
      return { type: 'shape', shapeId, width, height, hotspotX, hotspotY, rgba };
    }
    case CURSOR_OPCODE.use:
      return { type: 'use', shapeId: reader.u32() };
    case CURSOR_OPCODE.hidden:
      return { type: 'hidden' };
    case CURSOR_OPCODE.position:
      return { type: 'position', display: reader.u8(), x: reader.u16(), y: reader.u16() };
    default:
      throw GuruError.invalid('Unknown cursor message.');
  }
}

function checkShape(width: number, height: number, byteLength: number): void {
  if (width < 1 || height < 1 || width > MAX_CURSOR_SIDE || height > MAX_CURSOR_SIDE) {
    throw GuruError.invalid('The cursor has an impossible size.');
  }
  if (byteLength !== 4 * width * height) throw GuruError.invalid('The cursor has the wrong number of bytes.');
}
