import { expect, it } from 'vitest';
import { codecOf } from './codec-of.ts';

it('reads profile and level of the parameter set behind any start code', () => {
  const sps = [0x67, 0x42, 0xc0, 0x2a, 1, 2];
  expect(codecOf(Uint8Array.of(0, 0, 0, 1, ...sps))).toBe('avc1.42c02a');
  expect(codecOf(Uint8Array.of(0, 0, 1, 0x09, 0xf0, 0, 0, 1, ...sps))).toBe('avc1.42c02a');
});

it('knows that a picture without one names no codec', () => {
  expect(codecOf(Uint8Array.of(0, 0, 1, 0x65, 1, 2, 3, 4, 5, 6))).toBeUndefined();
  expect(codecOf(new Uint8Array(0))).toBeUndefined();
});
