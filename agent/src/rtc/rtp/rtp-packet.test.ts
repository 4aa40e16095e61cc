import { expect, it } from 'vitest';
import { parseRtp } from '../../../test/support/depacketise.ts';
import { buildRtpPacket, stampRtpPacket } from './rtp-packet.ts';

it('an RTP packet has these bytes', () => {
  const packet = buildRtpPacket(
    { payloadType: 102, marker: true, sequence: 0x1234, timestamp: 0x89abcdef, ssrc: 0xdeadbeef },
    [Buffer.of(0x7c, 0x85), Buffer.of(1, 2)],
  );
  stampRtpPacket(packet, { sendTimeMs: 65_500, transportSequence: 0xbeef });
  expect([...packet]).toEqual([
    0x90,
    0xe6, // version 2 with extension; marker, payload type 102
    0x12,
    0x34, // sequence
    0x89,
    0xab,
    0xcd,
    0xef, // timestamp
    0xde,
    0xad,
    0xbe,
    0xef, // SSRC
    0xbe,
    0xde,
    0,
    3, // one-byte extensions, three words
    0x32,
    0x06,
    0x00,
    0x00, // id 3, 3 bytes: 1.5 s as 6.18 fixed point
    0x41,
    0xbe,
    0xef, // id 4, 2 bytes: transport sequence
    0x52,
    0,
    0,
    0, // id 5, 3 bytes: playout delay 0/0
    0, // padding
    0x7c,
    0x85,
    1,
    2,
  ]);
  const parsed = parseRtp(packet);
  expect(parsed.payload).toEqual(Buffer.of(0x7c, 0x85, 1, 2));
  expect(parsed.extensions.get(4)).toEqual(Buffer.of(0xbe, 0xef));
});
