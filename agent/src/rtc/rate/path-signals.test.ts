import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../test/support/seeded-random.ts';
import { Arrivals } from './arrivals.ts';
import { DelayTrend } from './delay-trend.ts';
import { LossLimit } from './loss-limit.ts';
import { LossTrial } from './loss-trial.ts';
import { PacketGroups } from './packet-groups.ts';
import { ProbePlanner } from './probe-planner.ts';
import { ProbeResults } from './probe-results.ts';

/** Feeds a trace of one-way delays, a burst each 20 ms; returns when the trend first says that the path is over-used. */
function firstOveruse(delays: readonly number[]): number | undefined {
  const groups = new PacketGroups();
  const trend = new DelayTrend();
  for (const [i, delayMs] of delays.entries()) {
    const delta = groups.add(i * 20, i * 20 + delayMs);
    if (delta && trend.update(delta) === 'over') return i;
  }
  return undefined;
}

describe('the trend of the delay', () => {
  const quiet = (count: number, base = 30) => Array.from({ length: count }, () => base);
  const rising = (count: number, byMs: number) => Array.from({ length: count }, (_, i) => 30 + i * byMs);

  it('does not mind a steady path, wherever its clock stands', () => {
    expect(firstOveruse(quiet(500))).toBeUndefined();
    expect(firstOveruse(quiet(500, -5_000))).toBeUndefined();
  });

  it('notices a growing queue within a few bursts, and a faster growing one sooner', () => {
    const slowly = firstOveruse([...quiet(60), ...rising(60, 2)]);
    const quickly = firstOveruse([...quiet(60), ...rising(60, 8)]);
    expect(slowly).toBeLessThan(60 + 20);
    expect(quickly).toBeLessThan(60 + 10);
    expect(quickly).toBeLessThanOrEqual(slowly ?? 0);
  });

  it('does not take jitter for a queue', () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const random = seededRandom(seed);
      const jitter = Array.from({ length: 500 }, () => 30 + 6 * random());
      expect(firstOveruse(jitter), `seed ${seed}`).toBeUndefined();
    }
  });

  it('does not mind one late burst', () => {
    expect(firstOveruse([...quiet(60), 70, ...quiet(60)])).toBeUndefined();
  });

  it('takes packets that leave together for one burst, and those that are delivered together', () => {
    const groups = new PacketGroups();
    const deltas = [
      groups.add(0, 100),
      groups.add(2, 103),
      groups.add(4, 106),
      groups.add(30, 130),
      groups.add(60, 160),
    ];
    expect(deltas.slice(0, 4)).toEqual([undefined, undefined, undefined, undefined]);
    expect(deltas[4]).toEqual({ sentMs: 26, arrivedMs: 24, atMs: 130 });
    // Held up for 30 ms by the radio, then delivered at once.
    const radio = new PacketGroups();
    const held = [radio.add(0, 60), radio.add(10, 60.5), radio.add(20, 61), radio.add(60, 90)];
    expect(held).toEqual([undefined, undefined, undefined, undefined]);
  });
});

describe('the pace of what queued', () => {
  it('is the pace of the bottleneck, however short the burst', () => {
    const arrivals = new Arrivals();
    for (let i = 0; i < 20; i += 1) {
      arrivals.add({ sentAtMs: i * 500, arrivedMs: i * 500 + 20, bytes: 1250 }, i * 500);
    }
    // 20 packets at once over a line of 10 Mbit/s: one a ms.
    for (let i = 0; i < 20; i += 1) {
      arrivals.add({ sentAtMs: 10_000, arrivedMs: 10_020 + i, bytes: 1250 }, 10_050);
    }
    expect(arrivals.busyBitrate(4)).toBeCloseTo(10_000_000, -5);
    expect(arrivals.bitrate).toBeLessThan(1_000_000);
  });

  it('is not known when nothing queued', () => {
    const arrivals = new Arrivals();
    for (let i = 0; i < 100; i += 1) {
      arrivals.add({ sentAtMs: i * 10, arrivedMs: i * 10 + 20, bytes: 1250 }, i * 10);
    }
    expect(arrivals.busyBitrate(4)).toBeUndefined();
    expect(arrivals.bitrate).toBeCloseTo(1_000_000, -5);
  });
});

describe('loss', () => {
  it('that the line always has is not taken for a full queue', () => {
    const limit = new LossLimit();
    for (let nowMs = 0; nowMs < 20_000; nowMs += 50) limit.add(nowMs % 1000 === 0 ? 2 : 0, 5, nowMs);
    expect(limit.rate(19_990)).toBeCloseTo(0.02, 2);
    expect(limit.excess(19_990)).toBe(0);
    for (let nowMs = 20_000; nowMs < 21_000; nowMs += 50) limit.add(2, 5, nowMs);
    expect(limit.excess(20_990)).toBeGreaterThan(0.3);
    limit.forgetRecent(20_990);
    expect(limit.excess(20_990)).toBe(0);
  });

  it('says nothing when there are few packets', () => {
    const limit = new LossLimit();
    limit.add(3, 4, 100);
    expect(limit.rate(200)).toBe(0);
  });

  it('is tried once in a while: less is sent, and it shows whose it is', () => {
    const trial = new LossTrial();
    expect(trial.step(0.01, true, 0)).toBeUndefined();
    expect(trial.step(0.06, false, 0)).toBeUndefined();
    expect(trial.step(0.06, true, 0)).toBe('begin');
    trial.count(5, 100);
    expect(trial.step(0.06, true, 500)).toBeUndefined();
    expect(trial.step(0.06, true, 1_000)).toBe('theirs');
    expect(trial.step(0.06, true, 2_000)).toBeUndefined();
    // Seldomer than before, as the line seems to be a bad one.
    expect(trial.step(0.06, true, 8_000)).toBeUndefined();
    expect(trial.step(0.06, true, 14_000)).toBe('begin');
    trial.count(0, 100);
    expect(trial.step(0.06, true, 15_000)).toBe('ours');
  });
});

describe('probes', () => {
  const probe = { id: 3, bitrate: 8_000_000, bytes: 10_000, packets: 5 };
  const packets = (apartMs: number, count = 9) =>
    Array.from({ length: count }, (_, i) => ({
      sentAtMs: i * 1.25,
      arrivedMs: 500 + i * apartMs,
      bytes: 1250,
      probe: 3,
    }));

  it('measure the narrower of how they were sent and how they came in', () => {
    const wide = new ProbeResults();
    wide.begin(probe, 0);
    expect(wide.take(packets(1.25), 100)?.bitrate).toBeCloseTo(8_000_000, -5);
    const narrow = new ProbeResults();
    narrow.begin(probe, 0);
    expect(narrow.take(packets(5), 100)?.bitrate).toBeCloseTo(2_000_000, -5);
    // Bunched up by the last hop: they cannot have come faster than they were sent.
    const bunched = new ProbeResults();
    bunched.begin(probe, 0);
    expect(bunched.take(packets(0), 100)?.bitrate).toBeCloseTo(8_000_000, -5);
  });

  it('are put together from several reports, and given up when too much of them is lost', () => {
    const results = new ProbeResults();
    results.begin(probe, 0);
    expect(results.take(packets(1.25).slice(0, 4), 50)).toBeUndefined();
    expect(results.take(packets(1.25).slice(4), 100)?.bitrate).toBeCloseTo(8_000_000, -5);
    const lossy = new ProbeResults();
    lossy.begin(probe, 0);
    const half = packets(1.25, 20).map((one, i) => (i % 2 ? { ...one, arrivedMs: null } : one));
    expect(lossy.take(half, 100)).toBeUndefined();
    expect(lossy.isPending).toBe(false);
  });

  it('go up step by step as long as they fit, then wait', () => {
    const planner = new ProbePlanner(60_000_000);
    const state = { targetBitrate: 2_000_000, isCongested: false, isLimited: true };
    const first = planner.next(state, 0);
    expect(first?.bitrate).toBe(4_000_000);
    if (first) planner.measured(first, 4_000_000);
    const second = planner.next({ ...state, targetBitrate: 3_800_000 }, 200);
    expect(second?.bitrate).toBe(10_000_000);
    if (second) planner.measured(second, 5_000_000);
    expect(planner.next({ ...state, targetBitrate: 4_700_000 }, 400)).toBeUndefined();
    expect(planner.next({ ...state, targetBitrate: 4_700_000 }, 4_000)?.bitrate).toBe(9_400_000);
  });

  it('are not sent for nothing: not when nothing is sent, and not while packets queue', () => {
    const planner = new ProbePlanner(60_000_000);
    const state = { targetBitrate: 2_000_000, isCongested: false, isLimited: false };
    planner.next(state, 0);
    expect(planner.next(state, 60_000)).toBeUndefined();
    expect(planner.next({ ...state, isLimited: true, isCongested: true }, 120_000)).toBeUndefined();
  });
});
