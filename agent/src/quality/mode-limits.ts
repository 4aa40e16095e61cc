import type { QualityMode } from '@guruconnect/shared';

/** What a technician's wish means in numbers. */
export interface ModeLimits {
  /** Share of the path that pictures may use. */
  readonly pathShare: number;
  readonly highestBitrate: number;
  readonly highestFps: number;
  /** How willingly pictures a second are kept when the path is narrow: 1 is even-handed. */
  readonly pace: number;
  readonly minQp: number;
  /** The coarsest picture on a good, a fair and a poor path. */
  readonly maxQp: readonly [good: number, fair: number, poor: number];
  readonly refinements: number;
  readonly highestScale: number;
  readonly lowestScale: number;
  /** Whether film may be coded as film, which softens text. */
  readonly allowsFilm: boolean;
}

const AUTO: ModeLimits = {
  pathShare: 1,
  highestBitrate: 20_000_000,
  highestFps: 60,
  pace: 1,
  minQp: 12,
  maxQp: [42, 46, 51],
  refinements: 16,
  highestScale: 1,
  lowestScale: 0.5,
  allowsFilm: true,
};

export const MODE_LIMITS: Readonly<Record<QualityMode, ModeLimits>> = {
  auto: AUTO,
  'sharp-text': {
    ...AUTO,
    pace: 0.6,
    maxQp: [34, 36, 40],
    refinements: 16,
    lowestScale: 1,
    allowsFilm: false,
  },
  'smooth-motion': { ...AUTO, pace: 1.5, maxQp: [44, 48, 51], lowestScale: 0.4 },
  'low-bandwidth': {
    ...AUTO,
    pathShare: 0.5,
    highestBitrate: 600_000,
    highestFps: 15,
    minQp: 24,
    maxQp: [46, 48, 51],
    refinements: 8,
    highestScale: 0.75,
    lowestScale: 0.4,
  },
};
