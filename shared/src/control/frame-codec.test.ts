import { describe, expect, it } from 'vitest';
import { GuruError } from '../errors.ts';
import { decodeFrameInfo, encodeFrameInfo, type FrameInfo } from './frame-codec.ts';

const INFO: FrameInfo = {
  rtpTimestamp: 0xfedcba98,
  frameId: 258,
  track: 2,
  inputId: 3,
  capturedAtMs: 1.5,
  grabMs: 0.64,
  convertMs: 1.85,
  encodeMs: 9.5,
  sendMs: 0.1,
  bytes: 14_300,
  qp: 26,
  keyFrame: true,
  refinement: false,
};

const BYTES = [
  0x21, // opcode
  ...[0xfe, 0xdc, 0xba, 0x98], // RTP timestamp
  ...[0, 0, 1, 2], // frame
  ...[0, 0, 0, 3], // newest input shown
  ...[0x3f, 0xf8, 0, 0, 0, 0, 0, 0], // 1.5 as an IEEE 754 double
  ...[0, 64], // grab, 1/100 ms
  ...[0, 185], // convert
  ...[0x03, 0xb6], // encode
  ...[0, 10], // send
  ...[0, 0, 0x37, 0xdc], // bytes
  26, // quantiser
  1, // key frame
  2, // track
];

describe('the frame codec', () => {
  it('writes and reads exact bytes', () => {
    expect([...encodeFrameInfo(INFO)]).toEqual(BYTES);
    expect(decodeFrameInfo(Uint8Array.from(BYTES))).toEqual(INFO);
  });

  it('keeps an unknown quantiser and caps durations at 655.35 ms', () => {
    const slow = decodeFrameInfo(encodeFrameInfo({ ...INFO, qp: -1, encodeMs: 9999, sendMs: -1 }));
    expect(slow).toMatchObject({ qp: -1, encodeMs: 655.35, sendMs: 0 });
  });

  it('refuses every other length', () => {
    for (let length = 0; length < BYTES.length; length += 1) {
      expect(() => decodeFrameInfo(Uint8Array.from(BYTES.slice(0, length)))).toThrow(GuruError);
    }
    expect(() => decodeFrameInfo(Uint8Array.from([...BYTES, 0]))).toThrow(GuruError);
  });
});
