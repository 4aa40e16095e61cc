import {
  decodeCursor,
  decodeFrameInfo,
  decodeInput,
  encodeCursor,
  encodeFrameInfo,
  encodeInput,
  GuruError,
  type InputMessage,
  MAX_CONTROL_BYTES,
} from '@guruconnect/shared';
import { describe, expect, it } from 'vitest';
import { parseViewerControl, parseViewerInput } from '../src/session/parse-viewer-message.ts';
import { randomBytes, seededRandom } from './support/seeded-random.ts';

const ROUNDS = 5_000;

const VALID_INPUTS: InputMessage[] = [
  { type: 'move', inputId: 1, display: 0, x: 5, y: 6 },
  { type: 'button', inputId: 2, display: 1, x: 5, y: 6, button: 2, down: true },
  { type: 'wheel', inputId: 3, display: 0, x: 5, y: 6, dx: -120, dy: 30 },
  { type: 'key', inputId: 4, usage: 4, codePoint: 97, down: true, repeat: false, modifiers: 1 },
  { type: 'text', inputId: 5, text: 'Grüße 👋' },
  { type: 'held', inputId: 6, usages: [4, 225] },
];
const VALID = {
  input: VALID_INPUTS.map((message) => encodeInput(message)),
  cursor: [
    encodeCursor({ type: 'position', display: 0, x: 3, y: 4 }),
    encodeCursor({
      type: 'shape',
      shapeId: 9,
      width: 1,
      height: 1,
      hotspotX: 0,
      hotspotY: 0,
      rgba: new Uint8Array(4),
    }),
  ],
  frames: [
    encodeFrameInfo({
      rtpTimestamp: 1,
      frameId: 2,
      track: 0,
      inputId: 3,
      capturedAtMs: 4,
      grabMs: 1,
      convertMs: 1,
      encodeMs: 1,
      sendMs: 1,
      bytes: 100,
      qp: 20,
      keyFrame: false,
      refinement: false,
    }),
  ],
} as const;
const DECODERS = { input: decodeInput, cursor: decodeCursor, frames: decodeFrameInfo } as const;

/** Noise, or a valid message with bytes changed, cut off or put on. */
function hostile(valid: readonly Uint8Array[], random: () => number): Uint8Array {
  const kind = Math.floor(random() * 4);
  if (kind === 0) return randomBytes(Math.floor(random() * 200), random);
  const bytes = Uint8Array.from(valid[Math.floor(random() * valid.length)] ?? []);
  if (kind === 1) return bytes.subarray(0, Math.floor(random() * bytes.length));
  if (kind === 2) return Uint8Array.from([...bytes, ...randomBytes(1 + Math.floor(random() * 9), random)]);
  for (let change = 0; change <= random() * 4; change += 1) {
    bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
  }
  return bytes;
}

/** Whether it was refused as it should be; anything else that is thrown is a fault. */
function refuses(read: () => unknown): boolean {
  try {
    read();
    return false;
  } catch (error) {
    expect(error).toBeInstanceOf(GuruError);
    expect((error as GuruError).code).toBe('invalid-message');
    return true;
  }
}

describe('bytes that a hostile viewer or agent sends', () => {
  for (const label of ['input', 'cursor', 'frames'] as const) {
    it(`on '${label}' are read or refused, and never a fault`, () => {
      const random = seededRandom(20_261);
      let refused = 0;
      for (let round = 0; round < ROUNDS; round += 1) {
        const bytes = hostile(VALID[label], random);
        if (refuses(() => DECODERS[label](bytes))) refused += 1;
      }
      expect(refused).toBeGreaterThan(ROUNDS / 4);
    });
  }

  it('never make input of values that no browser sends', () => {
    const random = seededRandom(7);
    let read = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const bytes = hostile(VALID.input, random);
      let message: InputMessage;
      try {
        message = parseViewerInput('input', bytes);
      } catch {
        continue;
      }
      read += 1;
      if ('button' in message) expect(message.button).toBeLessThan(5);
      if (message.type === 'key') expect(message.codePoint).toBeLessThanOrEqual(0x10ffff);
      if (message.type === 'text') expect(message.text.length).toBeLessThanOrEqual(4096);
      if (message.type === 'held') expect(message.usages.length).toBeLessThanOrEqual(256);
    }
    expect(read).toBeGreaterThan(100);
  });

  it('of JSON are read or refused', () => {
    const random = seededRandom(99);
    const valid = '{"type":"ping","n":1,"visible":true}';
    for (let round = 0; round < ROUNDS; round += 1) {
      const text = [...valid]
        .map((letter) => (random() < 0.05 ? String.fromCharCode(Math.floor(random() * 256)) : letter))
        .join('');
      refuses(() => parseViewerControl(text));
    }
    for (const text of [
      '',
      'null',
      '[]',
      '"ping"',
      '{"type":"__proto__"}',
      `"${'x'.repeat(MAX_CONTROL_BYTES)}"`,
    ]) {
      expect(refuses(() => parseViewerControl(text))).toBe(true);
    }
    // Deep nesting must not exhaust the stack.
    expect(refuses(() => parseViewerControl('['.repeat(8_000)))).toBe(true);
  });
});
