const START_CODE = Buffer.from([0, 0, 1]);

/** NAL unit types (H.264, table 7-1) that matter for packets. */
export const NAL = {
  slice: 1,
  idr: 5,
  sei: 6,
  sps: 7,
  pps: 8,
  accessUnitDelimiter: 9,
  stapA: 24,
  fuA: 28,
} as const;

export function nalType(nal: Uint8Array): number {
  return (nal[0] ?? 0) & 0x1f;
}

/**
 * The NAL units of an Annex B byte stream (H.264 annex B.1) as views into it, start codes and zero padding taken
 * off. Three- and four-byte start codes may mix; anything before the first one is skipped.
 */
export function splitAnnexB(stream: Buffer): Buffer[] {
  const nals: Buffer[] = [];
  let start = afterStartCode(stream, 0);
  while (start >= 0) {
    const next = stream.indexOf(START_CODE, start);
    let end = next < 0 ? stream.length : next;
    // A NAL unit never ends in a zero byte: zeros here belong to the next start code or are padding.
    while (end > start && stream[end - 1] === 0) end -= 1;
    if (end > start) nals.push(stream.subarray(start, end));
    start = next < 0 ? -1 : next + START_CODE.length;
  }
  return nals;
}

function afterStartCode(stream: Buffer, from: number): number {
  const found = stream.indexOf(START_CODE, from);
  return found < 0 ? -1 : found + START_CODE.length;
}
