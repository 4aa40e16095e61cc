import { type QualityReport, QualityReport as Schema } from '@guruconnect/shared';
import { beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'zod/mini';
import { StreamMonitor, type StreamQuality } from '../../lib/rtc/stream-monitor.ts';
import { readCounters } from '../../lib/rtc/stream-stats.ts';
import type { Timing } from '../../lib/rtc/timing.ts';
import { QualityLog } from './quality-log.ts';
import { QualityReporter, REPORT_EVERY_MS } from './quality-reporter.ts';

const PEER = '44444444-4444-4444-8444-000000000001';
const OTHER = '44444444-4444-4444-8444-000000000002';

type Counters = StreamQuality['counters'];

function reading(atMs: number, more: Partial<Counters> = {}): StreamQuality {
  const latency = { samples: 12, p50Ms: 40, p95Ms: 70 };
  return {
    counters: { ...readCounters([]), atMs, path: 'direct', ...more },
    rates: undefined,
    heartbeatMs: 8,
    inputToPhoton: latency,
    inputToPhotonTotal: latency,
    freezes: 1,
    stages: undefined,
    encode: undefined,
  };
}

describe('what is reported of a connection', () => {
  it('is the mean over its whole time, in numbers that the server takes', () => {
    const log = new QualityLog(PEER);
    log.add(reading(1_000, { roundTripMs: 4 }));
    log.add(
      reading(11_000, {
        framesDecoded: 250,
        bytesReceived: 1_000_000,
        packetsReceived: 990,
        packetsLost: 10,
        roundTripMs: 6,
        viaStun: true,
      }),
    );
    expect(parse(Schema, log.report())).toEqual({
      peerId: PEER,
      path: 'stun',
      seconds: 10,
      fps: 25,
      bitsPerSecond: 800_000,
      roundTripMs: 5,
      loss: 0.01,
      inputs: 12,
      inputP50Ms: 40,
      inputP95Ms: 70,
      freezes: 1,
    });
  });

  it('is nothing while the path is not known or hardly a moment has passed', () => {
    const log = new QualityLog(PEER);
    expect(log.report()).toBeUndefined();
    log.add(reading(1_000));
    log.add(reading(1_500));
    expect(log.report()).toBeUndefined();
    log.add(reading(5_000, { path: undefined }));
    expect(log.report()).toBeUndefined();
  });
});

describe('the reporter', () => {
  let sent: QualityReport[];
  let nowMs: number;
  let timers: { atMs: number; callback: () => void }[];
  let quality: StreamQuality;
  let monitor: StreamMonitor;
  let reporter: QualityReporter;

  const timing: Timing = {
    now: () => nowMs,
    after: (ms, callback) => {
      const timer = { atMs: nowMs + ms, callback };
      timers.push(timer);
      return () => {
        timers = timers.filter((one) => one !== timer);
      };
    },
    random: () => 0.5,
  };
  /** Lets the time pass, with a reading each second. */
  async function pass(seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second += 1) {
      nowMs += 1_000;
      quality = reading(nowMs);
      await monitor.read();
      const due = timers.filter((one) => one.atMs <= nowMs);
      timers = timers.filter((one) => one.atMs > nowMs);
      for (const { callback } of due) callback();
    }
  }

  beforeEach(() => {
    sent = [];
    nowMs = 0;
    timers = [];
    quality = reading(0);
    monitor = new StreamMonitor(timing);
    const peer = { rttMs: 8, counters: async () => quality.counters };
    const summary = () => quality.inputToPhoton;
    const ledger = { summary, total: summary, freezes: 0, stages: undefined, newestInfo: undefined };
    monitor.follow({ peer, ledger });
    reporter = new QualityReporter({ monitor, timing, send: (report) => sent.push(report) });
  });

  it('sends each half minute while the peer is up', async () => {
    reporter.follow(PEER);
    await pass(REPORT_EVERY_MS / 1_000 - 1);
    expect(sent).toEqual([]);
    await pass(61);
    expect(sent.map(({ peerId, seconds }) => [peerId, seconds])).toEqual([
      [PEER, 29],
      [PEER, 59],
      [PEER, 89],
    ]);
  });

  it('sends the last word of a peer when another takes its place, and when the page goes', async () => {
    reporter.follow(PEER);
    await pass(7);
    reporter.follow(OTHER);
    await pass(5);
    reporter.close();
    await pass(40);
    expect(sent.map(({ peerId, seconds }) => [peerId, seconds])).toEqual([
      [PEER, 6],
      [OTHER, 4],
    ]);
  });
});
