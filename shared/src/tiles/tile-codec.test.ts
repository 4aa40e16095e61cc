import { describe, expect, it } from 'vitest';
import { GuruError } from '../errors.ts';
import { decodeTiles, encodeTiles, MAX_TILE_MESSAGE_BYTES, type TileMessage } from './tile-codec.ts';

const surface = { width: 130, height: 65 };
const moment = { contentRtp: 0x01020304, toldRtp: 0xfffffffe };

const EXACT: [string, TileMessage, number[]][] = [
  [
    'pixels',
    {
      type: 'pixels',
      track: 1,
      ...moment,
      surface,
      tiles: [0, 5],
      colours: 2,
      deflated: Uint8Array.of(7, 8, 9),
    },
    // opcode, track, content, told, width, height, colours, count, tiles, deflated
    [0x31, 1, 1, 2, 3, 4, 255, 255, 255, 254, 0, 130, 0, 65, 2, 0, 2, 0, 0, 0, 5, 7, 8, 9],
  ],
  [
    'same',
    { type: 'same', track: 0, ...moment, surface, tiles: [4] },
    [0x32, 0, 1, 2, 3, 4, 255, 255, 255, 254, 0, 130, 0, 65, 0, 1, 0, 4],
  ],
  [
    'changed tiles',
    { type: 'changed', track: 0, rtp: 258, tiles: [1, 700] },
    [0x33, 0, 0, 0, 1, 2, 0, 0, 2, 0, 1, 2, 188],
  ],
  ['no change', { type: 'changed', track: 2, rtp: 5, tiles: [] }, [0x33, 2, 0, 0, 0, 5, 0, 0, 0]],
  [
    'a change of everything',
    { type: 'changed', track: 0, rtp: 5, tiles: 'all' },
    [0x33, 0, 0, 0, 0, 5, 1, 0, 0],
  ],
  ['clear', { type: 'clear', track: 3 }, [0x34, 3]],
];

describe('the tile codec', () => {
  it.each(EXACT)('writes and reads %s as these bytes', (_name, message, bytes) => {
    expect([...encodeTiles(message)]).toEqual(bytes);
    expect(decodeTiles(Uint8Array.from(bytes))).toEqual(message);
  });

  it.each(EXACT)('refuses %s at every shorter length', (_name, message, bytes) => {
    // The deflated bytes have no length of their own; inflating finds what is missing.
    const least = message.type === 'pixels' ? bytes.length - message.deflated.length : bytes.length;
    for (let length = 0; length < least; length += 1) {
      expect(() => decodeTiles(Uint8Array.from(bytes.slice(0, length)))).toThrow(GuruError);
    }
    if (message.type !== 'pixels') {
      expect(() => decodeTiles(Uint8Array.from([...bytes, 0]))).toThrow(GuruError);
    }
  });

  it.each([
    ['an unknown opcode', [0x35, 0]],
    ['a track that cannot be', [0x34, 4]],
    ['a tile outside of the picture', [0x32, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 130, 0, 65, 0, 1, 0, 6]],
    ['a tile named twice', [0x33, 0, 0, 0, 0, 5, 0, 0, 2, 0, 1, 0, 1]],
    ['tiles in falling order', [0x33, 0, 0, 0, 0, 5, 0, 0, 2, 0, 2, 0, 1]],
    ['all and some', [0x33, 0, 0, 0, 0, 5, 1, 0, 1, 0, 1]],
    ['neither all nor some', [0x33, 0, 0, 0, 0, 5, 2, 0, 0]],
    ['a picture without width', [0x32, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 65, 0, 0]],
    ['a picture that is too high', [0x32, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 130, 0x40, 1, 0, 0]],
    ['pixels of no tile', [0x31, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 130, 0, 65, 2, 0, 0]],
  ])('refuses %s', (_name, bytes) => {
    expect(() => decodeTiles(Uint8Array.from(bytes))).toThrow(GuruError);
  });

  it('refuses pixels of more tiles than a message may bring', () => {
    const tiles = Array.from({ length: 129 }, (_, index) => index);
    const message = { type: 'pixels', track: 0, ...moment, tiles, colours: 1 } as const;
    const bytes = encodeTiles({
      ...message,
      surface: { width: 16_384, height: 64 },
      deflated: new Uint8Array(1),
    });
    expect(() => decodeTiles(bytes)).toThrow(GuruError);
  });

  it('neither writes nor reads messages over the limit', () => {
    const deflated = new Uint8Array(MAX_TILE_MESSAGE_BYTES);
    const message = { type: 'pixels', track: 0, ...moment, surface, tiles: [0], colours: 1 } as const;
    expect(() => encodeTiles({ ...message, deflated })).toThrow(GuruError);
    expect(() => decodeTiles(new Uint8Array(MAX_TILE_MESSAGE_BYTES + 1))).toThrow(GuruError);
  });

  it('answers anything at all with a message or with invalid-message', () => {
    let seed = 4711;
    const random = () => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return seed >>> 16;
    };
    let read = 0;
    for (let round = 0; round < 20_000; round += 1) {
      const [, , start] = EXACT[random() % EXACT.length] ?? EXACT[0] ?? ['', '', []];
      const bytes = Uint8Array.from(start.slice(0, random() % (start.length + 1)));
      for (let flips = random() % 4; flips > 0; flips -= 1) bytes[random() % bytes.length] = random() & 255;
      try {
        const message = decodeTiles(bytes);
        expect(decodeTiles(encodeTiles(message))).toEqual(message);
        read += 1;
      } catch (error) {
        expect(error).toBeInstanceOf(GuruError);
      }
    }
    expect(read).toBeGreaterThan(100);
  });
});
