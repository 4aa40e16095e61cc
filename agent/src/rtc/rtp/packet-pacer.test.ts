import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../../test/support/fake-clock.ts';
import { type PacedPacket, PacketPacer } from './packet-pacer.ts';

const MS_OF_A_PACKET = (bitrate: number) => (1200 * 8000) / bitrate;

function createPacer(pacing: { pacingBitrate: number; burstBytes?: number; windowBytes?: number }) {
  const clock = new FakeClock();
  const startMs = clock.monotonicMs();
  const sent: { atMs: number; first: number | undefined; source: string; probe: number | undefined }[] = [];
  const path = {
    pacingBitrate: pacing.pacingBitrate,
    burstBytes: pacing.burstBytes ?? 12_000,
    windowBytes: pacing.windowBytes ?? 1e9,
    inFlight: 0,
  };
  let drained = 0;
  const pacer = new PacketPacer<string>({
    clock,
    pacing: path,
    inFlightBytes: () => path.inFlight,
    send: ({ packet, source }, probe) => {
      sent.push({ atMs: clock.monotonicMs() - startMs, first: packet[0], source, probe });
      path.inFlight += packet.length;
    },
    fill: (bytes) => ({ source: 'padding', packet: Buffer.alloc(Math.min(1200, bytes)) }),
    onDrained: () => {
      drained += 1;
    },
  });
  return { clock, sent, pacer, path, drained: () => drained };
}

const packets = (count: number, source = 'screen'): PacedPacket<string>[] =>
  Array.from({ length: count }, (_, i) => ({ source, packet: Buffer.alloc(1200, i) }));

describe('the pacer', () => {
  it('lets what the path calls a burst leave at once', () => {
    const { sent, pacer } = createPacer({ pacingBitrate: 10_000_000, burstBytes: 36_000 });
    pacer.push(packets(30));
    expect(sent).toHaveLength(30);
  });

  it('spreads a key frame at its rate, in order, and tells when all has left', () => {
    const { clock, sent, pacer, drained } = createPacer({ pacingBitrate: 96_000_000 }); // 10 packets a ms
    pacer.push(packets(210));
    expect(sent).toHaveLength(10);
    clock.advance(10);
    expect(sent.length).toBeGreaterThanOrEqual(108);
    expect(sent.length).toBeLessThanOrEqual(112);
    expect(drained()).toBe(0);
    clock.advance(12);
    expect(sent.map(({ first }) => first)).toEqual(packets(210).map(({ packet }) => packet[0]));
    expect(drained()).toBe(1);
  });

  it('keeps to the rate of a narrow path', () => {
    const bitrate = 300_000;
    const { clock, sent, pacer } = createPacer({ pacingBitrate: bitrate, burstBytes: 1200 });
    pacer.push(packets(20));
    clock.advance(10 * MS_OF_A_PACKET(bitrate));
    expect(sent.length).toBeGreaterThanOrEqual(10);
    expect(sent.length).toBeLessThanOrEqual(12);
  });

  it('sends again before it sends on', () => {
    const { clock, sent, pacer } = createPacer({ pacingBitrate: 9_600_000, burstBytes: 1200 });
    pacer.push(packets(5));
    pacer.push(packets(1, 'again'), true);
    clock.advance(20);
    expect(sent.map(({ source }) => source)).toEqual([
      'screen',
      'again',
      'screen',
      'screen',
      'screen',
      'screen',
    ]);
  });

  it('stops when too much is unanswered, but for a packet now and then, and goes on with the answer', () => {
    const { clock, sent, pacer, path } = createPacer({ pacingBitrate: 96_000_000, windowBytes: 6000 });
    pacer.push(packets(50));
    expect(sent).toHaveLength(5);
    clock.advance(1000);
    expect(sent.length).toBeGreaterThanOrEqual(12);
    expect(sent.length).toBeLessThanOrEqual(16);
    path.inFlight = 0;
    pacer.drain();
    expect(sent.length).toBeGreaterThanOrEqual(17);
  });

  it('probes at the rate of the probe with what waits, then with padding', () => {
    const { clock, sent, pacer } = createPacer({ pacingBitrate: 960_000, burstBytes: 1200 });
    pacer.push(packets(5));
    pacer.startProbe({ id: 7, bitrate: 9_600_000, bytes: 12_000, packets: 5 });
    clock.advance(12);
    const probe = sent.filter((one) => one.probe === 7);
    expect(probe.filter((one) => one.source === 'screen').length).toBeGreaterThanOrEqual(4);
    expect(probe.at(-1)?.source).toBe('padding');
    const lasted = (probe.at(-1)?.atMs ?? 0) - (probe[0]?.atMs ?? 0);
    expect(lasted).toBeGreaterThanOrEqual(4);
    expect(lasted).toBeLessThanOrEqual(11);
    expect(pacer.isProbing).toBe(false);
  });

  it('tells how long its queue will take and forgets it when cleared, one source or all', () => {
    const { clock, sent, pacer } = createPacer({ pacingBitrate: 9_600_000, burstBytes: 1200 }); // a packet a ms
    pacer.push(packets(51));
    pacer.push(packets(50, 'other'));
    expect(pacer.delayMs).toBeCloseTo(100);
    pacer.clear('screen');
    expect(pacer.delayMs).toBeCloseTo(50);
    pacer.clear();
    clock.advance(1000);
    expect(sent).toHaveLength(1);
    expect(pacer.delayMs).toBe(0);
  });
});
