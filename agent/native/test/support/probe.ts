import { createRequire } from 'node:module';
import type { CaptureSettings } from '../../addon.d.ts';
import { buildNative } from '../../build.mjs';

/** A decoded or converted picture: full luma, chroma halved in both directions, no padding. */
export interface Planes {
  readonly width: number;
  readonly height: number;
  readonly y: Buffer;
  readonly u: Buffer;
  readonly v: Buffer;
}

export interface Decoder {
  /** Throws when the access unit is damaged; null when it shows nothing. */
  decode(data: Buffer): Planes | null;
}

export interface EncodedPicture {
  readonly data: Buffer;
  readonly keyFrame: boolean;
  readonly qp: number;
  readonly sharp: boolean;
}

export interface ProbeEncoder {
  /** null encodes the picture of before again. */
  encode(
    bgra: Buffer | null,
    timestampMs: number,
    kind: 'delta' | 'key' | 'refinement',
    /** Everything unless told. */
    changed?: readonly { x: number; y: number; width: number; height: number }[],
  ): EncodedPicture;
  configure(settings: CaptureSettings): void;
}

/** The parts below the capture, made reachable for tests; see probe_addon.cc. */
export interface Probe {
  openDecoder(): Decoder;
  openEncoder(width: number, height: number, settings: CaptureSettings): ProbeEncoder;
  convert(bgra: Buffer, width: number, height: number): Buffer;
}

export async function loadProbe(): Promise<Probe> {
  const { probe } = await buildNative({ targets: ['probe'] });
  return createRequire(import.meta.url)(probe) as Probe;
}
