const MARKER = 0xff;
const START = 0xd8;
const END = 0xd9;
const SCAN = 0xda;
/** Baseline, extended and progressive pictures: what browsers write and show. */
const FRAMES = [0xc0, 0xc1, 0xc2];
/** Precision, height, width and the number of components. */
const FRAME_LENGTH = 8;

/**
 * Size of a JPEG file (ITU T.81), read from the header of its frame without decoding it; undefined for anything else,
 * bytes after its end included.
 */
export function readJpeg(bytes: Uint8Array): { width: number; height: number } | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { length } = bytes;
  if (length < 4 || bytes[0] !== MARKER || bytes[1] !== START) return undefined;
  if (bytes[length - 2] !== MARKER || bytes[length - 1] !== END) return undefined;
  let size: { width: number; height: number } | undefined;
  let at = 2;
  while (at + 4 <= length) {
    if (bytes[at] !== MARKER) return undefined;
    const kind = bytes[at + 1] ?? 0;
    const segment = view.getUint16(at + 2);
    if (segment < 2 || at + 2 + segment > length) return undefined;
    if (kind === SCAN) return size;
    if (FRAMES.includes(kind)) {
      if (size || segment < FRAME_LENGTH) return undefined;
      size = { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    }
    at += 2 + segment;
  }
  return undefined;
}
