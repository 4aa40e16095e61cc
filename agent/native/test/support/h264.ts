/** The types of an access unit's NAL units, in order (ITU-T H.264, table 7-1). */
export function nalTypes(data: Buffer): number[] {
  return splitNals(data).map((nal) => (nal[0] ?? 0) & 0x1f);
}

/** Splits Annex B at its start codes. */
export function splitNals(data: Buffer): Buffer[] {
  const starts: number[] = [];
  for (let at = data.indexOf('000001', 0, 'hex'); at >= 0; at = data.indexOf('000001', at + 3, 'hex')) {
    starts.push(at + 3);
  }
  return starts.map((start, index) => {
    const end = (starts[index + 1] ?? data.length + 3) - 3;
    const nal = data.subarray(start, end);
    return nal.at(-1) === 0 && index + 1 < starts.length ? nal.subarray(0, -1) : nal;
  });
}

export interface SequenceParameters {
  readonly profile: number;
  readonly constraints: number;
  readonly level: number;
  readonly referenceFrames: number;
  readonly width: number;
  readonly height: number;
  readonly fullRange: boolean | undefined;
  readonly colour: readonly number[] | undefined;
  readonly reorderFrames: number | undefined;
  readonly decoderFrames: number | undefined;
}

/** Reads a baseline profile's SPS with its VUI (7.3.2.1.1 and E.1.1). */
export function parseSps(nal: Buffer): SequenceParameters {
  const bits = bitReader(nal.subarray(1));
  const profile = bits.u(8);
  const constraints = bits.u(8);
  const level = bits.u(8);
  bits.ue();
  bits.ue();
  if (bits.ue() === 0) bits.ue();
  const referenceFrames = bits.ue();
  bits.u(1);
  const columns = bits.ue() + 1;
  const rows = bits.ue() + 1;
  bits.u(2);
  const [left, right, top, bottom] =
    bits.u(1) === 1 ? [bits.ue(), bits.ue(), bits.ue(), bits.ue()] : [0, 0, 0, 0];
  const vui = bits.u(1) === 1 ? parseVui(bits) : {};
  return {
    profile,
    constraints,
    level,
    referenceFrames,
    width: columns * 16 - 2 * (left + right),
    height: rows * 16 - 2 * (top + bottom),
    fullRange: undefined,
    colour: undefined,
    reorderFrames: undefined,
    decoderFrames: undefined,
    ...vui,
  };
}

function parseVui(bits: BitReader): Partial<SequenceParameters> {
  if (bits.u(1) === 1 && bits.u(8) === 255) bits.u(32);
  if (bits.u(1) === 1) bits.u(1);
  let fullRange: boolean | undefined;
  let colour: number[] | undefined;
  if (bits.u(1) === 1) {
    bits.u(3);
    fullRange = bits.u(1) === 1;
    if (bits.u(1) === 1) colour = [bits.u(8), bits.u(8), bits.u(8)];
  }
  if (bits.u(1) === 1) bits.ue() + bits.ue();
  if (bits.u(1) === 1) bits.u(32) + bits.u(32) + bits.u(1);
  const hrd = bits.u(2);
  if (hrd !== 0) throw new Error('HRD parameters are not expected here');
  bits.u(1);
  const base = { fullRange, ...(colour ? { colour } : {}) };
  if (bits.u(1) === 0) return withoutUndefined(base);
  bits.u(1);
  for (let skipped = 0; skipped < 4; skipped += 1) bits.ue();
  return withoutUndefined({ ...base, reorderFrames: bits.ue(), decoderFrames: bits.ue() });
}

function withoutUndefined(fields: object): Partial<SequenceParameters> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

interface BitReader {
  u(count: number): number;
  ue(): number;
}

function bitReader(payload: Buffer): BitReader {
  const bytes = withoutEmulationPrevention(payload);
  let position = 0;
  const u = (count: number): number => {
    let value = 0;
    for (let n = 0; n < count; n += 1, position += 1) {
      value = value * 2 + (((bytes[position >> 3] ?? 0) >> (7 - (position & 7))) & 1);
    }
    return value;
  };
  const ue = (): number => {
    let zeros = 0;
    while (zeros < 32 && u(1) === 0) zeros += 1;
    return 2 ** zeros - 1 + u(zeros);
  };
  return { u, ue };
}

function withoutEmulationPrevention(payload: Buffer): number[] {
  const bytes: number[] = [];
  let zeros = 0;
  for (const byte of payload) {
    if (zeros >= 2 && byte === 3) {
      zeros = 0;
      continue;
    }
    zeros = byte === 0 ? zeros + 1 : 0;
    bytes.push(byte);
  }
  return bytes;
}
