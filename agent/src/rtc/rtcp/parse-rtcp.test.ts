import { describe, expect, it } from 'vitest';
import { randomBytes, seededRandom } from '../../../test/support/seeded-random.ts';
import { parseRtcp } from './parse-rtcp.ts';
import { compactNtp, encodeSenderReport } from './sender-report.ts';

const HEADER_206_PLI = [0x81, 206, 0, 2];
const SENDER = [0, 0, 0, 1];
const MEDIA = [0, 0, 0, 42];

/** A transport feedback packet around the given chunks and deltas, padded to words. */
function feedback(options: { base: number; count: number; reference: number; rest: number[] }): Buffer {
  const body = Buffer.alloc(20 + Math.ceil(options.rest.length / 4) * 4);
  body[0] = 0x8f; // version 2, format 15
  body[1] = 205;
  body.writeUInt16BE(body.length / 4 - 1, 2);
  body.writeUInt32BE(1, 4);
  body.writeUInt32BE(42, 8);
  body.writeUInt16BE(options.base, 12);
  body.writeUInt16BE(options.count, 14);
  body.writeIntBE(options.reference, 16, 3);
  body[19] = 7;
  body.set(options.rest, 20);
  return body;
}

function arrivals(packet: Buffer): [number, number | null][] | undefined {
  const [message] = parseRtcp(packet);
  if (message?.type !== 'transport-feedback') return undefined;
  return message.packets.map(({ sequence, arrivedMs }) => [sequence, arrivedMs]);
}

describe('RTCP', () => {
  it('reads a compound of report, PLI, NACK, FIR and REMB', () => {
    const compound = Buffer.from([
      // Receiver report with one block: a quarter lost, -2 in all.
      0x81,
      201,
      0,
      7,
      ...SENDER,
      ...MEDIA,
      0x40,
      0xff,
      0xff,
      0xfe,
      0,
      1,
      2,
      3,
      0,
      0,
      0,
      9,
      0x11,
      0x22,
      0x33,
      0x44,
      0,
      1,
      0,
      0,
      ...HEADER_206_PLI,
      ...SENDER,
      ...MEDIA,
      // NACK of 65535 and, by its mask, 0 and 15.
      0x81,
      205,
      0,
      3,
      ...SENDER,
      ...MEDIA,
      0xff,
      0xff,
      0x80,
      0x01,
      // FIR.
      0x84,
      206,
      0,
      4,
      ...SENDER,
      0,
      0,
      0,
      0,
      ...MEDIA,
      5,
      0,
      0,
      0,
      // REMB: mantissa 0x2dc6c, exponent 4 = 2,999,936 bit/s.
      0x8f,
      206,
      0,
      5,
      ...SENDER,
      0,
      0,
      0,
      0,
      0x52,
      0x45,
      0x4d,
      0x42,
      1,
      0x12,
      0xdc,
      0x6c,
      ...MEDIA,
    ]);
    expect(parseRtcp(compound)).toEqual([
      {
        type: 'receiver-report',
        ssrc: 42,
        fractionLost: 0.25,
        cumulativeLost: -2,
        highestSequence: 0x00010203,
        jitter: 9,
        lastSenderReport: 0x11223344,
        delaySinceLastSenderReport: 65_536,
      },
      { type: 'pli', ssrc: 42 },
      { type: 'nack', ssrc: 42, sequences: [65_535, 0, 15] },
      { type: 'fir', ssrc: 42 },
      { type: 'remb', bitrate: 0x2dc6c * 16 },
    ]);
  });

  it('goes on after packets it does not know', () => {
    const xr = [0x80, 207, 0, 1, ...SENDER];
    expect(parseRtcp(Buffer.from([...xr, ...HEADER_206_PLI, ...SENDER, ...MEDIA]))).toEqual([
      { type: 'pli', ssrc: 42 },
    ]);
  });

  it('never throws on garbage, cut or altered packets', () => {
    const random = seededRandom(3550);
    const valid = Buffer.concat([
      encodeSenderReport({ ssrc: 1, unixMs: 1e12, rtpTimestamp: 5, packets: 1, octets: 2 }, 'cname'),
      feedback({ base: 1, count: 9, reference: -3, rest: [0xe4, 0x39, 0x20, 2, 4, 8, 0xff, 0xf0, 4] }),
      Buffer.from([...HEADER_206_PLI, ...SENDER, ...MEDIA]),
    ]);
    let messages = 0;
    for (let round = 0; round < 20_000; round += 1) {
      const packet = round % 2 === 0 ? randomBytes(Math.floor(random() * 120), random) : Buffer.from(valid);
      if (round % 2 === 0 && packet.length > 1) {
        packet[0] = 0x80 | Math.floor(random() * 64);
        packet[1] = 200 + Math.floor(random() * 8);
        if (packet.length > 3) packet[2] = 0;
      } else {
        for (let i = 0; i < 3; i += 1)
          packet[Math.floor(random() * packet.length)] = Math.floor(random() * 256);
      }
      const cut = packet.subarray(0, Math.floor(random() * (packet.length + 1)));
      // A throw fails the test with the packet's round and the seed to find it again.
      messages += parseRtcp(cut).length + parseRtcp(packet).length;
    }
    expect(messages).toBeGreaterThan(1000);
  });
});

describe('transport feedback', () => {
  it('reads a run of received packets with small deltas', () => {
    // Run length: symbol 1, three times; deltas 4, 8, 0 quarter milliseconds.
    const packet = feedback({ base: 0xfffe, count: 3, reference: 2, rest: [0x20, 3, 4, 8, 0] });
    expect(arrivals(packet)).toEqual([
      [0xfffe, 129],
      [0xffff, 131],
      [0, 131],
    ]);
  });

  it('reads a run of lost packets', () => {
    expect(arrivals(feedback({ base: 5, count: 2, reference: 0, rest: [0x00, 2] }))).toEqual([
      [5, null],
      [6, null],
    ]);
  });

  it('reads a vector of one-bit symbols', () => {
    // 10, then 14 bits: 1 0 1, the rest beyond the count.
    const packet = feedback({ base: 1, count: 3, reference: 1, rest: [0b1010_1000, 0, 4, 4] });
    expect(arrivals(packet)).toEqual([
      [1, 65],
      [2, null],
      [3, 66],
    ]);
  });

  it('reads a vector of two-bit symbols with a large negative delta', () => {
    // 11, then 01 10 00 01: small, large (-1 ms), lost, small.
    const packet = feedback({
      base: 9,
      count: 4,
      reference: 0,
      rest: [0b1101_1000, 0b0100_0000, 40, 0xff, 0xfc, 4],
    });
    expect(arrivals(packet)).toEqual([
      [9, 10],
      [10, 9],
      [11, null],
      [12, 10],
    ]);
  });

  it('joins chunks of every kind', () => {
    const rest = [0x20, 2, 0b1010_0000, 0, 0x00, 1, 4, 4, 4];
    const packet = feedback({ base: 0, count: 17, reference: 0, rest });
    expect(arrivals(packet)?.map(([, at]) => at)).toEqual([1, 2, 3, ...new Array(14).fill(null)]);
  });

  it('is ignored when it promises more than it holds or uses the reserved symbol', () => {
    expect(
      arrivals(feedback({ base: 0, count: 9, reference: 0, rest: [0x20, 9, 4, 4, 4, 4] })),
    ).toBeUndefined();
    expect(arrivals(feedback({ base: 0, count: 9000, reference: 0, rest: [0x00, 9] }))).toBeUndefined();
    expect(arrivals(feedback({ base: 0, count: 1, reference: 0, rest: [0x60, 1, 4, 4] }))).toBeUndefined();
  });
});

describe('a sender report', () => {
  it('has these bytes', () => {
    const report = encodeSenderReport(
      { ssrc: 0x01020304, unixMs: 1_000_000_000_500, rtpTimestamp: 9, packets: 2, octets: 300 },
      'ab',
    );
    expect([...report]).toEqual([
      0x80,
      200,
      0,
      6,
      1,
      2,
      3,
      4,
      0xbf,
      0x45,
      0x48,
      0x80,
      0x80,
      0,
      0,
      0, // NTP: 3,208,988,800.5 s
      0,
      0,
      0,
      9,
      0,
      0,
      0,
      2,
      0,
      0,
      1,
      0x2c,
      0x81,
      202,
      0,
      3,
      1,
      2,
      3,
      4,
      1,
      2,
      0x61,
      0x62,
      0,
      0,
      0,
      0, // SDES CNAME 'ab', ended and padded
    ]);
    expect(compactNtp(1_000_000_000_500)).toBe(0x48808000);
  });
});
