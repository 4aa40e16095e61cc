import type { FrameInfo } from '@guruconnect/shared';
import { describe, expect, it } from 'vitest';
import { AgentClock } from './agent-clock.ts';
import { FREEZE_MS, FreezeCount } from './freeze-count.ts';
import { LatencyHistogram } from './latency-histogram.ts';
import { LatencyLedger } from './latency-ledger.ts';
import { StageLog, splitStages } from './stage-split.ts';

const INFO: FrameInfo = {
  rtpTimestamp: 9000,
  frameId: 1,
  track: 0,
  inputId: 0,
  capturedAtMs: 5_000,
  grabMs: 2,
  convertMs: 3,
  encodeMs: 8,
  sendMs: 12,
  bytes: 1_000,
  qp: 30,
  keyFrame: false,
  refinement: false,
};

describe('splitStages', () => {
  it('gives every millisecond from the grab to the screen to one stage', () => {
    const times = splitStages(INFO, 100, 160, { receivedAtMs: 140, decodeMs: 4 });
    expect(times).toEqual({ capture: 5, encode: 8, network: 29, decode: 4, display: 16 });
    // The grab itself was over at 100.
    expect(Object.values(times ?? {}).reduce((sum, one) => sum + one, 0)).toBe(60 + INFO.grabMs);
  });

  it('counts the way to the screen as network where the browser does not tell more', () => {
    expect(splitStages(INFO, 100, 160, {})).toMatchObject({ network: 49, decode: 0, display: 0 });
  });

  it('does not believe a picture that was shown before it was made', () => {
    expect(splitStages(INFO, 100, 99, {})).toBeUndefined();
  });

  it('is told as the middle of the newest pictures', () => {
    const log = new StageLog();
    expect(log.medians()).toBeUndefined();
    for (const encode of [1, 90, 5]) log.add({ capture: 1, encode, network: 2, decode: 3, display: 4 });
    expect(log.medians()).toMatchObject({ capture: 1, encode: 5, display: 4 });
  });
});

describe('the agent’s clock', () => {
  it('believes the quickest answer', () => {
    const clock = new AgentClock();
    expect(clock.toLocal(5_000)).toBeUndefined();
    clock.answered(5_000, 100, 1_000);
    expect(clock.toLocal(5_000)).toBe(950);
    clock.answered(6_010, 4, 2_000);
    expect(clock.toLocal(6_010)).toBe(1_998);
    clock.answered(7_500, 900, 3_000);
    expect(clock.toLocal(6_010)).toBe(1_998);
    clock.answered(Number.NaN, 0, 0);
    expect(clock.toLocal(6_010)).toBe(1_998);
  });
});

describe('freezes', () => {
  const shown = (frameId: number, presentedAtMs: number, ageMs?: number) => ({
    frameId,
    presentedAtMs,
    ageMs,
  });

  it('are pauses that end with an old picture, or after lost ones', () => {
    const freezes = new FreezeCount();
    freezes.shown(shown(1, 0, 30));
    freezes.shown(shown(2, 700, 650));
    freezes.shown(shown(4, 1_400, 40));
    expect(freezes.count).toBe(2);
  });

  it('are not the pauses of a still screen, short ones, or those that nobody saw', () => {
    const freezes = new FreezeCount();
    freezes.shown(shown(1, 0, 30));
    freezes.shown(shown(2, 60_000, 30));
    freezes.shown(shown(9, 60_000 + FREEZE_MS, 900));
    freezes.forget();
    freezes.shown(shown(50, 90_000, 30));
    expect(freezes.count).toBe(0);
  });
});

describe('all latencies of a connection', () => {
  it('are told by their middle and their slow end, however many there were', () => {
    const all = new LatencyHistogram();
    expect(all.summary()).toEqual({ samples: 0, p50Ms: undefined, p95Ms: undefined });
    for (let ms = 1; ms <= 100; ms += 1) all.add(ms);
    expect(all.summary()).toEqual({ samples: 100, p50Ms: 50, p95Ms: 95 });
    for (let times = 0; times < 900; times += 1) all.add(5_000);
    expect(all.summary()).toMatchObject({ samples: 1_000, p50Ms: 1_000 });
  });
});

describe('the ledger', () => {
  it('splits pictures of the track that they are on, and leaves out those that only sharpen', () => {
    const ledger = new LatencyLedger();
    ledger.clockTold(5_000, 0, 100);
    ledger.frameTold({ ...INFO, track: 1 });
    ledger.framePresented(9000, 160, { track: 0, receivedAtMs: 140, decodeMs: 4 });
    expect(ledger.stages).toBeUndefined();
    ledger.framePresented(9000, 160, { track: 1, receivedAtMs: 140, decodeMs: 4 });
    expect(ledger.stages?.network).toBe(29);
    ledger.frameTold({ ...INFO, rtpTimestamp: 9_900, encodeMs: 500, refinement: true });
    ledger.framePresented(9_900, 900);
    expect(ledger.stages?.encode).toBe(8);
  });
});
