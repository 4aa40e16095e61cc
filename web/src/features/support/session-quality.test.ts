import { expect, it } from 'vitest';
import { qualityFacts } from './session-quality.tsx';

const PEER = {
  peerId: '44444444-4444-4444-8444-000000000001',
  viewer: 'Tom Weber',
  startedAt: 0,
  reportedAt: 1,
  path: 'turn',
  seconds: 754,
  fps: 24.6,
  bitsPerSecond: 1_254_000,
  roundTripMs: 41.4,
  loss: 0.012,
  inputs: 300,
  inputP50Ms: 82.2,
  inputP95Ms: 140.7,
  freezes: 1,
} as const;

it('tells the latency, the path and what went wrong in a line', () => {
  expect(qualityFacts(PEER).join(' | ')).toBe(
    'Tom Weber | 12:34 | input to picture 82 ms, 95 %: 141 ms | through a TURN server | 25 pictures a second | 1.25 Mbit/s | round trip 41 ms | 1.2 % lost | 1 freeze',
  );
});

it('leaves out what was not measured and what did not happen', () => {
  const quiet = { ...PEER, viewer: null, roundTripMs: null, loss: 0, inputP50Ms: null, freezes: 0 };
  expect(qualityFacts(quiet)).toEqual([
    '12:34',
    'through a TURN server',
    '25 pictures a second',
    '1.25 Mbit/s',
  ]);
});
