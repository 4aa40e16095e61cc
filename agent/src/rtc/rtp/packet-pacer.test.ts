import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../../test/support/fake-clock.ts';
import { PacketPacer } from './packet-pacer.ts';

function createPacer(bitrate: number) {
  const clock = new FakeClock();
  const sent: { atMs: number; packet: Buffer }[] = [];
  const startMs = clock.monotonicMs();
  const pacer = new PacketPacer({
    clock,
    bitrate,
    send: (packet) => sent.push({ atMs: clock.monotonicMs() - startMs, packet }),
  });
  return { clock, sent, pacer };
}

const packets = (count: number) => Array.from({ length: count }, (_, i) => Buffer.alloc(1200, i));

describe('the pacer', () => {
  it('lets an ordinary frame leave at once', () => {
    const { sent, pacer } = createPacer(10_000_000);
    pacer.push(packets(30));
    expect(sent).toHaveLength(30);
  });

  it('spreads a key frame at its rate, in order', () => {
    const { clock, sent, pacer } = createPacer(96_000_000); // 10 packets a millisecond
    pacer.push(packets(240));
    expect(sent).toHaveLength(40);
    clock.advance(10);
    expect(sent).toHaveLength(140);
    clock.advance(10);
    expect(sent).toHaveLength(240);
    expect(sent.map(({ packet }) => packet[0])).toEqual(packets(240).map((packet) => packet[0]));
  });

  it('tells how long its queue will take and forgets it when cleared', () => {
    const { clock, sent, pacer } = createPacer(9_600_000); // a packet a millisecond
    pacer.push(packets(140));
    expect(pacer.delayMs).toBeCloseTo(100);
    pacer.clear();
    clock.advance(1000);
    expect(sent).toHaveLength(40);
    expect(pacer.delayMs).toBe(0);
  });
});
