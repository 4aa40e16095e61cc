import * as z from 'zod/mini';
import { DisplayName, Id } from '../ids.ts';

const Milliseconds = z.number().check(z.gte(0), z.lte(3_600_000));

/** The way the picture took; `stun` is direct, but through a router. */
export const QualityPath = z.enum(['direct', 'stun', 'turn', 'relay']);
export type QualityPath = z.infer<typeof QualityPath>;

/** How well one peer's picture came so far, as its viewer measured it. Each report replaces the one before. */
export const QualityReport = z.object({
  peerId: Id,
  path: QualityPath,
  /** How long the connection has been up. */
  seconds: z.int().check(z.gte(0), z.lte(31_536_000)),
  /** Means over that time. */
  fps: z.number().check(z.gte(0), z.lte(1_000)),
  bitsPerSecond: z.number().check(z.gte(0), z.lte(1e11)),
  roundTripMs: z.nullable(Milliseconds),
  /** Share of packets that never came. */
  loss: z.number().check(z.gte(0), z.lte(1)),
  /** From an input to the picture that shows it; `inputs` were measured. */
  inputs: z.int().check(z.gte(0), z.lte(1e9)),
  inputP50Ms: z.nullable(Milliseconds),
  inputP95Ms: z.nullable(Milliseconds),
  /** How often the picture stood still for more than half a second although there was something new. */
  freezes: z.int().check(z.gte(0), z.lte(1e9)),
});
export type QualityReport = z.infer<typeof QualityReport>;

/** What is stored of one peer. */
export const PeerQuality = z.extend(QualityReport, {
  viewer: z.nullable(DisplayName),
  /** Unix ms. */
  startedAt: z.number(),
  reportedAt: z.number(),
});
export type PeerQuality = z.infer<typeof PeerQuality>;
