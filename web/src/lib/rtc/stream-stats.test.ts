import { expect, it } from 'vitest';
import { ratesBetween, readCounters } from './stream-stats.ts';

const report = (more: Record<string, unknown> = {}) => [
  {
    id: 'IN',
    type: 'inbound-rtp',
    kind: 'video',
    timestamp: 5000,
    codecId: 'C',
    bytesReceived: 100_000,
    headerBytesReceived: 5_000,
    framesDecoded: 90,
    packetsReceived: 95,
    packetsLost: 5,
    jitterBufferDelay: 0.27,
    jitterBufferEmittedCount: 90,
    totalDecodeTime: 0.18,
    frameWidth: 1280,
    frameHeight: 720,
    ...more,
  },
  { id: 'C', type: 'codec', mimeType: 'video/H264' },
  {
    id: 'T',
    type: 'transport',
    selectedCandidatePairId: 'P',
    srtpCipher: 'AEAD_AES_256_GCM',
    dtlsCipher: 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
  },
  {
    id: 'P',
    type: 'candidate-pair',
    localCandidateId: 'L',
    remoteCandidateId: 'R',
    currentRoundTripTime: 0.004,
  },
  { id: 'L', type: 'local-candidate', candidateType: 'prflx', protocol: 'udp' },
  { id: 'R', type: 'remote-candidate', candidateType: 'host', protocol: 'udp' },
];

it('reads codec, path and ciphers of the pair that is in use', () => {
  expect(readCounters(report())).toMatchObject({
    codec: 'H264',
    path: 'direct',
    protocol: 'udp',
    roundTripMs: 4,
    srtpCipher: 'AEAD_AES_256_GCM',
    width: 1280,
  });
});

it('calls it a relay when either end goes through one', () => {
  const relayed = report().map((entry) => (entry.id === 'R' ? { ...entry, candidateType: 'relay' } : entry));
  expect(readCounters(relayed).path).toBe('turn');
});

it('knows nothing from an empty report and does not fail', () => {
  expect(readCounters([])).toMatchObject({ framesDecoded: 0, path: undefined, srtpCipher: undefined });
});

it('makes rates of two readings', () => {
  const before = readCounters(report());
  const after = readCounters(
    report({
      timestamp: 7000,
      bytesReceived: 350_000,
      framesDecoded: 150,
      packetsReceived: 190,
      packetsLost: 10,
      jitterBufferDelay: 0.45,
      jitterBufferEmittedCount: 150,
      totalDecodeTime: 0.3,
    }),
  );
  const rates = ratesBetween(before, after);
  expect(rates.fps).toBe(30);
  expect(rates.bitsPerSecond).toBe(1_000_000);
  expect(rates.loss).toBe(0.05);
  expect(rates.jitterBufferMs).toBeCloseTo(3);
  expect(rates.decodeMs).toBeCloseTo(2);
});

it('has no mean per frame while no frame came', () => {
  const before = readCounters(report());
  const after = readCounters(report({ timestamp: 6000 }));
  expect(ratesBetween(before, after)).toEqual({
    fps: 0,
    bitsPerSecond: 0,
    loss: 0,
    jitterBufferMs: undefined,
    decodeMs: undefined,
  });
});

it('adds up the tracks of several displays', () => {
  const [first = {}, ...others] = report();
  const second = { ...first, id: 'IN2', bytesReceived: 20_000, framesDecoded: 10, frameWidth: 1024 };
  // The one with less of everything comes first.
  expect(readCounters([second, first, ...others])).toMatchObject({
    framesDecoded: 100,
    bytesReceived: 130_000,
    width: 1280,
  });
});

it('tells a direct path through a router from one that is not', () => {
  expect(readCounters(report()).viaStun).toBe(false);
  const routed = report().map((entry) => (entry.id === 'R' ? { ...entry, candidateType: 'srflx' } : entry));
  expect(readCounters(routed)).toMatchObject({ path: 'direct', viaStun: true });
});
