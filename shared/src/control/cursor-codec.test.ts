import { describe, expect, it } from 'vitest';
import { GuruError } from '../errors.ts';
import { type CursorMessage, decodeCursor, encodeCursor } from './cursor-codec.ts';

const EXACT: [string, CursorMessage, number[]][] = [
  [
    'a shape',
    {
      type: 'shape',
      shapeId: 9,
      width: 2,
      height: 1,
      hotspotX: 1,
      hotspotY: 0,
      rgba: Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8]),
    },
    [0x11, 0, 0, 0, 9, 0, 2, 0, 1, 0, 1, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8],
  ],
  ['a known shape', { type: 'use', shapeId: 9 }, [0x12, 0, 0, 0, 9]],
  ['a hidden pointer', { type: 'hidden' }, [0x13]],
  ['a position', { type: 'position', display: 1, x: 300, y: 4 }, [0x14, 1, 1, 44, 0, 4]],
];

describe('the cursor codec', () => {
  it.each(EXACT)('writes and reads %s as these bytes', (_name, message, bytes) => {
    expect([...encodeCursor(message)]).toEqual(bytes);
    expect(decodeCursor(Uint8Array.from(bytes))).toEqual(message);
  });

  it.each(EXACT)('refuses %s at every other length', (_name, _message, bytes) => {
    for (let length = 0; length < bytes.length; length += 1) {
      expect(() => decodeCursor(Uint8Array.from(bytes.slice(0, length)))).toThrow(GuruError);
    }
    expect(() => decodeCursor(Uint8Array.from([...bytes, 0]))).toThrow(GuruError);
  });

  it.each([
    ['no pixels', [0x11, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0]],
    ['a side over the limit', [0x11, 0, 0, 0, 9, 0, 129, 0, 1, 0, 0, 0, 0, ...new Array(516).fill(0)]],
  ])('refuses a shape with %s', (_name, bytes) => {
    expect(() => decodeCursor(Uint8Array.from(bytes))).toThrow(GuruError);
  });
});
