import { describe, expect, it } from 'vitest';
import { PacketHistory } from './packet-history.ts';
import { buildRtpPacket, rtpSequence } from './rtp-packet.ts';

const RATE = { rttMs: 50, budgetBitrate: 1_000_000 };

function packet(sequence: number, bytes = 100): Buffer {
  const fields = { payloadType: 102, marker: false, sequence, timestamp: 1, ssrc: 2 };
  return buildRtpPacket(fields, [Buffer.alloc(bytes)]);
}

describe('the packet history', () => {
  it('gives back the very bytes that were sent', () => {
    const history = new PacketHistory();
    const sent = packet(7);
    history.remember(sent, 0);
    expect(history.take([7], { nowMs: 100, ...RATE })).toEqual([sent]);
  });

  it('sends a packet again at most once in a round trip', () => {
    const history = new PacketHistory();
    history.remember(packet(7), 0);
    expect(history.take([7], { nowMs: 20, ...RATE })).toHaveLength(0);
    expect(history.take([7, 7], { nowMs: 60, ...RATE })).toHaveLength(1);
    expect(history.take([7], { nowMs: 100, ...RATE })).toHaveLength(0);
    expect(history.take([7], { nowMs: 111, ...RATE })).toHaveLength(1);
  });

  it('forgets after 1,024 packets and does not mistake a wrapped number', () => {
    const history = new PacketHistory();
    for (let i = 0; i < 1025; i += 1) history.remember(packet((65_000 + i) & 0xffff), 0);
    expect(history.take([65_000], { nowMs: 100, ...RATE })).toHaveLength(0);
    expect(history.take([65_001], { nowMs: 100, ...RATE }).map(rtpSequence)).toEqual([65_001]);
    expect(history.take([488], { nowMs: 100, ...RATE }).map(rtpSequence)).toEqual([488]);
    expect(history.take([489], { nowMs: 100, ...RATE })).toHaveLength(0);
  });

  it('gives up what is forgotten or too old', () => {
    const history = new PacketHistory();
    history.remember(packet(7), 0);
    history.remember(packet(8), 1_000);
    expect(history.take([7, 8], { nowMs: 3_000, ...RATE }).map(rtpSequence)).toEqual([8]);
    expect(history.firstGivenUp([8], 3_000)).toBeUndefined();
    expect(history.firstGivenUp([8, 7], 3_000)).toBe(7);
    expect(history.firstGivenUp([8, 99], 1_500)).toBe(99);
  });

  it('keeps within its budget when everything is asked for again and again', () => {
    const history = new PacketHistory();
    const remember = (nowMs: number) => {
      for (let i = 0; i < 900; i += 1) history.remember(packet(i, 1100), nowMs);
    };
    const all = Array.from({ length: 900 }, (_, i) => i);
    let bytes = 0;
    for (let nowMs = 100; nowMs <= 10_100; nowMs += 100) {
      if (nowMs % 2_000 === 100) remember(nowMs - 50);
      for (const again of history.take(all, { nowMs, rttMs: 1, budgetBitrate: 1_000_000 }))
        bytes += again.length;
    }
    // Ten seconds at 1 Mbit/s and the bucket that was full at the beginning.
    expect(bytes).toBeLessThan(1_250_000 + 62_500 + 2_000);
    expect(bytes).toBeGreaterThan(1_100_000);
  });
});
