import type { FrameInfo } from '@guruconnect/shared';
import { beforeEach, expect, it } from 'vitest';
import { LatencyLedger } from './latency-ledger.ts';

let ledger: LatencyLedger;
const frame = (rtpTimestamp: number, inputId: number): FrameInfo => ({
  rtpTimestamp,
  frameId: rtpTimestamp,
  track: 0,
  inputId,
  capturedAtMs: 0,
  grabMs: 1,
  convertMs: 1,
  encodeMs: 5,
  sendMs: 7,
  bytes: 1000,
  qp: 24,
  keyFrame: false,
  refinement: false,
});

beforeEach(() => {
  ledger = new LatencyLedger();
});

it('measures from the input to the first frame that shows it', () => {
  ledger.inputSent(1, 100);
  ledger.frameTold(frame(9000, 1));
  ledger.framePresented(9000, 140);
  expect(ledger.summary()).toEqual({ samples: 1, p50Ms: 40, p95Ms: 40 });
  expect(ledger.lastFrame?.info?.qp).toBe(24);
});

it('does not mind that the picture comes before what is told about it', () => {
  ledger.inputSent(1, 100);
  ledger.framePresented(9000, 140);
  expect(ledger.lastFrame?.info).toBeUndefined();
  ledger.frameTold(frame(9000, 1));
  expect(ledger.summary().p50Ms).toBe(40);
  expect(ledger.lastFrame?.info?.inputId).toBe(1);
});

it('counts each input once, at its first frame', () => {
  ledger.inputSent(1, 100);
  for (const n of [0, 1, 2]) {
    ledger.frameTold(frame(9000 + n, 1));
    ledger.framePresented(9000 + n, 140 + n * 16);
  }
  expect(ledger.summary().samples).toBe(1);
});

it('takes the newest of the inputs that one frame shows', () => {
  for (const id of [1, 2, 3]) ledger.inputSent(id, 100 + id);
  ledger.frameTold(frame(9000, 3));
  ledger.framePresented(9000, 150);
  expect(ledger.summary()).toMatchObject({ samples: 1, p50Ms: 47 });
});

it('leaves out an input that visibly changed nothing for a second', () => {
  ledger.inputSent(1, 100);
  ledger.frameTold(frame(9000, 1));
  ledger.framePresented(9000, 1101);
  expect(ledger.summary().samples).toBe(0);
});

it('tells the median and the 95th percentile of the last samples', () => {
  for (let id = 1; id <= 300; id += 1) {
    ledger.inputSent(id, 0);
    ledger.frameTold(frame(id, id));
    ledger.framePresented(id, id);
  }
  expect(ledger.summary()).toEqual({ samples: 200, p50Ms: 200, p95Ms: 290 });
});
