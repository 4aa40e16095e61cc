const NAL_TYPE_BITS = 0x1f;
const SPS = 7;

/**
 * The codec string of a key frame in Annex B form, from its sequence parameter set (H.264 7.3.2.1: profile, constraint
 * flags and level are the three bytes after the header). Undefined when there is none.
 */
export function codecOf(data: Uint8Array): string | undefined {
  for (let at = 0; at + 6 < data.length; at += 1) {
    if (data[at] !== 0 || data[at + 1] !== 0 || data[at + 2] !== 1) continue;
    if (((data[at + 3] ?? 0) & NAL_TYPE_BITS) !== SPS) continue;
    const bytes = [...data.subarray(at + 4, at + 7)];
    return `avc1.${bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
  }
  return undefined;
}
