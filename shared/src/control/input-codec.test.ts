import { describe, expect, it } from 'vitest';
import { GuruError } from '../errors.ts';
import { decodeInput, encodeInput, type InputMessage, MAX_TEXT_BYTES } from './input-codec.ts';

/** Every message with its exact bytes: opcode, inputId (4), then the fields of that message. */
const EXACT: [string, InputMessage, number[]][] = [
  [
    'a move',
    { type: 'move', inputId: 0x01020304, display: 2, x: 0x0506, y: 0x0708 },
    [0x01, 1, 2, 3, 4, 2, 5, 6, 7, 8],
  ],
  [
    'a button press',
    { type: 'button', inputId: 7, display: 0, x: 1919, y: 1079, button: 2, down: true },
    [0x02, 0, 0, 0, 7, 0, 0x07, 0x7f, 0x04, 0x37, 2, 1],
  ],
  [
    'a wheel turn',
    { type: 'wheel', inputId: 8, display: 1, x: 1, y: 2, dx: -120, dy: 30 },
    [0x03, 0, 0, 0, 8, 1, 0, 1, 0, 2, 0xff, 0x88, 0, 30],
  ],
  [
    'a key',
    {
      type: 'key',
      inputId: 9,
      usage: 0xe6,
      codePoint: 0x1f600,
      down: true,
      repeat: true,
      modifiers: 0b101_0001,
    },
    [0x04, 0, 0, 0, 9, 0, 0xe6, 0, 1, 0xf6, 0, 3, 0x51],
  ],
  [
    'text',
    { type: 'text', inputId: 10, text: 'ß€' },
    [0x05, 0, 0, 0, 10, 0, 5, 0xc3, 0x9f, 0xe2, 0x82, 0xac],
  ],
  ['held keys', { type: 'held', inputId: 11, usages: [0x04, 0xe1] }, [0x06, 0, 0, 0, 11, 2, 0, 4, 0, 0xe1]],
  ['nudge', { type: 'nudge', inputId: 3 }, [0x08, 0, 0, 0, 3]],
  ['release-all', { type: 'release-all', inputId: 0xffffffff }, [0x07, 255, 255, 255, 255]],
];

describe('the input codec', () => {
  it.each(EXACT)('writes %s as these bytes', (_name, message, bytes) => {
    expect([...encodeInput(message)]).toEqual(bytes);
  });

  it.each(EXACT)('reads %s back', (_name, message, bytes) => {
    expect(decodeInput(Uint8Array.from(bytes))).toEqual(message);
  });

  it.each(EXACT)(
    'refuses %s cut short at every length, and with a byte too many',
    (_name, _message, bytes) => {
      for (let length = 0; length < bytes.length; length += 1) {
        expect(() => decodeInput(Uint8Array.from(bytes.slice(0, length)))).toThrow(GuruError);
      }
      expect(() => decodeInput(Uint8Array.from([...bytes, 0]))).toThrow(GuruError);
    },
  );

  it('reads from the middle of a larger buffer', () => {
    const [, message, bytes] = EXACT[0] as (typeof EXACT)[number];
    const larger = Uint8Array.from([99, ...bytes, 99]);
    expect(decodeInput(larger.subarray(1, 1 + bytes.length))).toEqual(message);
  });

  it.each([
    ['an unknown opcode', [0x7f, 0, 0, 0, 1]],
    ['an unknown button', [0x02, 0, 0, 0, 7, 0, 0, 0, 0, 0, 5, 1]],
    ['a flag that is neither 0 nor 1', [0x02, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 2]],
    ['a lone surrogate', [0x04, 0, 0, 0, 9, 0, 4, 0, 0, 0xd8, 0, 1, 0]],
    ['a code point beyond Unicode', [0x04, 0, 0, 0, 9, 0, 4, 0, 0x11, 0, 0, 1, 0]],
    ['unknown key flags', [0x04, 0, 0, 0, 9, 0, 4, 0, 0, 0, 0x61, 4, 0]],
    ['text that is not UTF-8', [0x05, 0, 0, 0, 1, 0, 1, 0xff]],
    ['too many held keys', [0x06, 0, 0, 0, 1, 65, ...new Array(130).fill(0)]],
  ])('refuses %s', (_name, bytes) => {
    expect(() => decodeInput(Uint8Array.from(bytes))).toThrow(GuruError);
  });

  it('does not write text over the limit', () => {
    expect(() => encodeInput({ type: 'text', inputId: 1, text: 'x'.repeat(MAX_TEXT_BYTES + 1) })).toThrow(
      GuruError,
    );
  });

  it('either reads or refuses random bytes, and writes what it read as the same bytes', () => {
    let seed = 12345;
    const next = () => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return seed >>> 24;
    };
    for (let round = 0; round < 20_000; round += 1) {
      const bytes = Uint8Array.from({ length: next() % 20 }, (_, at) => (at === 0 ? next() % 9 : next()));
      try {
        expect([...encodeInput(decodeInput(bytes))]).toEqual([...bytes]);
      } catch (error) {
        expect(error).toBeInstanceOf(GuruError);
      }
    }
  });
});
