import type { QualityReport } from '@guruconnect/shared';

/** What a viewer would report of that peer. */
export function qualityReport(peerId: string, change: Partial<QualityReport> = {}): QualityReport {
  return {
    peerId,
    path: 'direct',
    seconds: 30,
    fps: 24.5,
    bitsPerSecond: 1_500_000,
    roundTripMs: 3.25,
    loss: 0.001,
    inputs: 120,
    inputP50Ms: 38,
    inputP95Ms: 61,
    freezes: 0,
    ...change,
  };
}
