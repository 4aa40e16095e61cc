import { describe, expect, it } from 'vitest';
import { depacketise } from '../../../test/support/depacketise.ts';
import { randomBytes, seededRandom } from '../../../test/support/seeded-random.ts';
import { splitAnnexB } from './annex-b.ts';
import { h264Payloads } from './h264-payloads.ts';

const SHORT = [0, 0, 1];
const LONG = [0, 0, 0, 1];

function packetise(stream: readonly number[], maxBytes: number): number[][] {
  return h264Payloads(Buffer.from(stream), maxBytes).map((parts) => [...Buffer.concat(parts)]);
}

describe('splitting Annex B', () => {
  it('takes mixed start codes and trailing zeros off', () => {
    const stream = Buffer.from([...LONG, 0x67, 1, ...SHORT, 0x68, 2, 0, ...LONG, 0x65, 3, 0, 0]);
    expect(splitAnnexB(stream).map((nal) => [...nal])).toEqual([
      [0x67, 1],
      [0x68, 2],
      [0x65, 3],
    ]);
  });

  it('finds nothing in a stream without start codes', () => {
    expect(splitAnnexB(Buffer.from([1, 2, 3]))).toEqual([]);
    expect(splitAnnexB(Buffer.alloc(0))).toEqual([]);
    expect(splitAnnexB(Buffer.from(LONG))).toEqual([]);
  });
});

describe('H.264 payloads', () => {
  it('send a single NAL unit as it is (5.6)', () => {
    expect(packetise([...LONG, 0x41, 9, 8, 7], 100)).toEqual([[0x41, 9, 8, 7]]);
  });

  it('put SPS, PPS and a small slice into one STAP-A with the highest importance (5.7.1)', () => {
    expect(packetise([...LONG, 0x27, 1, 2, ...LONG, 0x28, 3, ...SHORT, 0x65, 4, 5], 100)).toEqual([
      [
        0x78, // NRI 3 of the slice, type 24
        0,
        3,
        0x27,
        1,
        2, // SPS with its length
        0,
        2,
        0x28,
        3, // PPS
        0,
        3,
        0x65,
        4,
        5, // slice
      ],
    ]);
  });

  it('fragment a large NAL unit as FU-A: start, middle, end (5.8)', () => {
    expect(packetise([...LONG, 0x65, 1, 2, 3, 4, 5], 4)).toEqual([
      [0x7c, 0x85, 1, 2], // indicator: NRI 3, type 28; start, type 5
      [0x7c, 0x05, 3, 4],
      [0x7c, 0x45, 5], // end
    ]);
  });

  it('keep a NAL unit whole that just fits and cut one that is a byte longer', () => {
    expect(packetise([...LONG, 0x41, 1, 2, 3], 4)).toHaveLength(1);
    expect(packetise([...LONG, 0x41, 1, 2, 3, 4], 4)).toEqual([
      [0x5c, 0x81, 1, 2],
      [0x5c, 0x41, 3, 4],
    ]);
  });

  it('begin a new STAP-A when the first one is full', () => {
    const payloads = packetise([...SHORT, 0x41, 1, ...SHORT, 0x41, 2, ...SHORT, 0x41, 3], 9);
    expect(payloads).toEqual([
      [0x58, 0, 2, 0x41, 1, 0, 2, 0x41, 2],
      [0x41, 3],
    ]);
  });

  it('leave access unit delimiters out', () => {
    expect(packetise([...LONG, 0x09, 0x10, ...LONG, 0x41, 1], 100)).toEqual([[0x41, 1]]);
  });

  it('come back as the same NAL units, whatever their sizes', () => {
    const random = seededRandom(6184);
    for (let round = 0; round < 200; round += 1) {
      const nals = Array.from({ length: 1 + Math.floor(random() * 5) }, () => {
        const body = randomBytes(1 + Math.floor(random() ** 3 * 6000), random).map((byte) => byte | 1);
        return Buffer.concat([Buffer.of([0x67, 0x68, 0x65, 0x41][Math.floor(random() * 4)] ?? 0x41), body]);
      });
      const stream = Buffer.concat(nals.flatMap((nal) => [Buffer.from(random() < 0.5 ? SHORT : LONG), nal]));
      const payloads = h264Payloads(stream, 1172).map((parts) => Buffer.concat(parts));
      expect(Math.max(...payloads.map((payload) => payload.length))).toBeLessThanOrEqual(1172);
      const received = depacketise(payloads);
      expect(received.length).toBe(nals.length);
      expect(received.every((nal, index) => nals[index]?.equals(nal))).toBe(true);
    }
  });
});
