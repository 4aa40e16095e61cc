import { describe, expect, it } from 'vitest';
import { PathController } from '../src/rtc/rate/path-controller.ts';
import type { LinkSettings } from './support/path/simulated-link.ts';
import { type Demand, GREEDY, Simulation } from './support/path/simulation.ts';
import { seededRandom } from './support/seeded-random.ts';

const MBIT = 1e6;
const start = (link: LinkSettings, more: Partial<ConstructorParameters<typeof Simulation>[0]> = {}) =>
  new Simulation({ link, controller: new PathController(), ...more });

const PROFILES: [string, LinkSettings][] = [
  ['50 Mbit/s, 5 ms', { rate: 50 * MBIT, delayMs: 2.5, queueMs: 200 }],
  ['5 Mbit/s, 40 ms, 0.5 % loss', { rate: 5 * MBIT, delayMs: 20, queueMs: 200, loss: 0.005 }],
  ['1 Mbit/s, 80 ms, 1 % loss', { rate: MBIT, delayMs: 40, queueMs: 300, loss: 0.01 }],
  ['300 kbit/s, 200 ms', { rate: 0.3 * MBIT, delayMs: 100, queueMs: 500 }],
  ['5 Mbit/s, 5 % random loss', { rate: 5 * MBIT, delayMs: 20, queueMs: 200, loss: 0.05 }],
  [
    '5 Mbit/s, 5 % loss in bursts',
    { rate: 5 * MBIT, delayMs: 20, queueMs: 200, burst: { enter: 0.01, leave: 0.2 } },
  ],
  ['5 Mbit/s, 10 ms jitter', { rate: 5 * MBIT, delayMs: 20, queueMs: 200, jitterMs: 10 }],
];

describe('congestion control', () => {
  it.each(PROFILES)('uses a path of %s and leaves its queue short', (_name, link) => {
    const network = start(link).run(20_000);
    // No encoder of ours makes more than 20 Mbit/s.
    expect(network.deliveredBitrate(5_000)).toBeGreaterThan(0.75 * Math.min(link.rate, 26 * MBIT));
    const packetMs = 10_000_000 / link.rate;
    expect(network.waitMs(0.5, 5_000)).toBeLessThan(25 + packetMs / 2);
    expect(network.waitMs(0.95, 5_000)).toBeLessThan(60 + 2 * packetMs);
  });

  it.each(PROFILES)(
    'finds what a path of %s carries within 3 s, without filling its queue for long',
    (_name, link) => {
      const network = start(link).run(3_000);
      expect(network.controller.targetBitrate).toBeGreaterThan(0.45 * link.rate);
      expect(network.controller.targetBitrate).toBeLessThan(1.15 * link.rate);
      expect(network.link.backlogMs).toBeLessThan(100);
    },
  );

  it('finds a fast path within a second', () => {
    const network = start({ rate: 50 * MBIT, delayMs: 20, queueMs: 200 }).run(1_000);
    expect(network.controller.targetBitrate).toBeGreaterThan(30 * MBIT);
  });

  it('drains a path that became 20 times narrower within a second, and uses it', () => {
    const network = start({ rate: 20 * MBIT, delayMs: 20, queueMs: 500 }).run(15_000);
    network.link.change({ rate: MBIT });
    network.run(1_000);
    expect(network.link.backlogMs).toBeLessThan(60);
    network.run(9_000);
    expect(network.deliveredBitrate(18_000)).toBeGreaterThan(0.75 * MBIT);
    expect(network.waitMs(0.95, 18_000)).toBeLessThan(100);
  });

  it('uses 70 % of a path that became 20 times wider within 10 s', () => {
    const network = start({ rate: MBIT, delayMs: 20, queueMs: 300 }).run(15_000);
    network.link.change({ rate: 20 * MBIT });
    network.run(10_000);
    expect(network.deliveredBitrate(24_000)).toBeGreaterThan(14 * MBIT);
  });

  it('leaves the way to others that take half of the path', () => {
    const network = start({ rate: 4 * MBIT, delayMs: 20, queueMs: 300 }).run(10_000);
    const stop = network.clock.every(4, () => network.link.send(1000, () => {}));
    network.run(10_000);
    expect(network.deliveredBitrate(13_000)).toBeGreaterThan(1.3 * MBIT);
    expect(network.waitMs(0.95, 13_000)).toBeLessThan(120);
    stop();
    network.run(10_000);
    expect(network.deliveredBitrate(27_000)).toBeGreaterThan(3 * MBIT);
  });

  it('remembers a path while nothing is sent, and sends nothing itself then', () => {
    const still: Demand = (timeMs, target, random) => (timeMs < 10_000 ? GREEDY(timeMs, target, random) : 0);
    const network = start({ rate: 5 * MBIT, delayMs: 20, queueMs: 200 }, { demand: still }).run(12_000);
    const before = network.delivered.length;
    const target = network.controller.targetBitrate;
    network.run(60_000);
    expect(network.delivered.length).toBe(before);
    expect(network.controller.targetBitrate).toBe(target);
  });

  it('lets one large picture out of a still screen without much of a queue', () => {
    const once: Demand = (timeMs) => (timeMs > 5_000 && timeMs < 5_030 ? 60_000 : timeMs < 1_000 ? 2_000 : 0);
    const network = start({ rate: 2 * MBIT, delayMs: 30, queueMs: 1000 }, { demand: once }).run(10_000);
    expect(network.waitMs(1, 5_000)).toBeLessThan(160);
    const last = network.delivered.at(-1)?.atMs ?? 0;
    expect(last - network.startMs - 5_000).toBeLessThan(500);
  });

  it('comes back at once after a cut of two seconds', () => {
    const network = start({ rate: 5 * MBIT, delayMs: 20, queueMs: 200 }).run(10_000);
    network.link.isCut = true;
    network.back.isCut = true;
    network.run(2_000);
    network.link.isCut = false;
    network.back.isCut = false;
    network.run(1_000);
    expect(network.controller.targetBitrate).toBeGreaterThan(2.5 * MBIT);
    expect(network.deliveredBitrate(12_500)).toBeGreaterThan(2 * MBIT);
  });

  it('does not take a receiver that is busy for a narrow path', () => {
    for (const seed of [1, 2, 3]) {
      const text: Demand = () => 8_000;
      const link = { rate: 50 * MBIT, delayMs: 2, queueMs: 200 };
      const network = start(link, { demand: text, seed, stallMs: 200 }).run(3_000);
      let lowest = Number.POSITIVE_INFINITY;
      for (let i = 0; i < 60; i += 1) {
        network.run(250);
        lowest = Math.min(lowest, network.controller.targetBitrate);
      }
      expect(lowest, `seed ${seed}`).toBeGreaterThan(6 * MBIT);
    }
  });

  it('tells what a queue of no length loses from what the line loses', () => {
    const short = start({ rate: 5 * MBIT, delayMs: 20, queueMs: 12 }).run(40_000);
    const sent = short.link.dropped + short.link.waits.length;
    expect(short.link.dropped / sent).toBeLessThan(0.05);
    expect(short.deliveredBitrate(5_000)).toBeGreaterThan(3.2 * MBIT);
  });
});

describe('on a hundred paths that nobody chose', () => {
  const random = seededRandom(20_261_122);
  const paths = Array.from({ length: 100 }, (_, index): [number, LinkSettings] => [
    index,
    {
      rate: 0.3 * MBIT * 30 ** random(),
      delayMs: 1 + 120 * random() ** 2,
      queueMs: 60 + 600 * random(),
      loss: random() < 0.5 ? 0 : 0.05 * random(),
      jitterMs: random() < 0.5 ? 0 : 10 * random(),
      ...(random() < 0.2 ? { burst: { enter: 0.005, leave: 0.2 } } : {}),
    },
  ]);

  it('congestion control neither starves nor floods', { timeout: 120_000 }, () => {
    const faults: string[] = [];
    for (const [seed, link] of paths) {
      const network = start(link, { seed }).run(20_000);
      const used = network.deliveredBitrate(6_000) / link.rate;
      const waitMs = network.waitMs(0.95, 6_000);
      if (used < 0.6 || waitMs > 130) {
        faults.push(
          `${seed}: used ${used.toFixed(2)}, waits ${waitMs.toFixed(0)} ms, ${JSON.stringify(link)}`,
        );
      }
    }
    expect(faults).toEqual([]);
  });
});
