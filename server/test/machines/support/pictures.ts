import { readFileSync } from 'node:fs';

/** Pictures of 32 x 20 pixels as Chromium writes them from a canvas. */
export type PictureName = 'lossy.webp' | 'alpha.webp' | 'lossless.webp' | 'plain.jpg' | 'plain.png';

export function picture(name: PictureName): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(new URL(`pictures/${name}`, import.meta.url)));
}

/** A WebP file of these chunks, with all lengths as they should be. */
export function webpOf(
  ...chunks: readonly (readonly [name: string, content: Uint8Array])[]
): Uint8Array<ArrayBuffer> {
  const parts = chunks.flatMap(([name, content]) => [
    Buffer.from(name, 'latin1'),
    length(content.length),
    content,
    Buffer.alloc(content.length % 2),
  ]);
  const body = Buffer.concat([Buffer.from('WEBP', 'latin1'), ...parts]);
  return new Uint8Array(Buffer.concat([Buffer.from('RIFF', 'latin1'), length(body.length), body]));
}

/** The beginning of a VP8 key frame of that size. */
export function lossyChunk(width: number, height: number): [string, Uint8Array] {
  const content = Buffer.from([0x10, 0, 0, 0x9d, 0x01, 0x2a, 0, 0, 0, 0, 1, 2, 3, 4]);
  content.writeUInt16LE(width, 6);
  content.writeUInt16LE(height, 8);
  return ['VP8 ', content];
}

/** The header of an extended file: flags, and the size of the whole. */
export function extendedChunk(flags: number, width: number, height: number): [string, Uint8Array] {
  const content = Buffer.alloc(10);
  content[0] = flags;
  content.writeUIntLE(width - 1, 4, 3);
  content.writeUIntLE(height - 1, 7, 3);
  return ['VP8X', content];
}

/** A JPEG file of that size with nothing to see in it. */
export function jpegOf(width: number, height: number): Uint8Array<ArrayBuffer> {
  const frame = Buffer.from([0xff, 0xc0, 0, 11, 8, 0, 0, 0, 0, 1, 1, 0x11, 0]);
  frame.writeUInt16BE(height, 5);
  frame.writeUInt16BE(width, 7);
  const scan = Buffer.from([0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0, 1, 2, 3]);
  return new Uint8Array(Buffer.concat([Buffer.from([0xff, 0xd8]), frame, scan, Buffer.from([0xff, 0xd9])]));
}

function length(bytes: number): Buffer {
  const field = Buffer.alloc(4);
  field.writeUInt32LE(bytes);
  return field;
}
