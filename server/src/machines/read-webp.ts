/** Chunks of a still picture; texts, unknown ones and those of animations are refused. */
const PICTURE = ['VP8 ', 'VP8L'];
const BESIDE = ['VP8X', 'ALPH', 'ICCP'];
const RIFF_HEADER = 12;
const CHUNK_HEADER = 8;
const ANIMATED = 0b10;

interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * Size of a WebP file (RFC 9649) with one still picture and nothing else in it, without decoding it; undefined for
 * anything else, bytes after its end included.
 */
export function readWebp(bytes: Uint8Array): Size | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < RIFF_HEADER || textAt(bytes, 0) !== 'RIFF' || textAt(bytes, 8) !== 'WEBP')
    return undefined;
  if (view.getUint32(4, true) + CHUNK_HEADER !== bytes.length) return undefined;
  let canvas: Size | undefined;
  let picture: Size | undefined;
  let at = RIFF_HEADER;
  while (at < bytes.length) {
    if (at + CHUNK_HEADER > bytes.length) return undefined;
    const name = textAt(bytes, at);
    const length = view.getUint32(at + 4, true);
    const start = at + CHUNK_HEADER;
    // Chunks have an even length on disk.
    at = start + length + (length % 2);
    if (at > bytes.length) return undefined;
    const content = bytes.subarray(start, start + length);
    if (PICTURE.includes(name)) {
      if (picture) return undefined;
      picture = name === 'VP8 ' ? lossySize(content) : losslessSize(content);
      if (!picture) return undefined;
    } else if (!BESIDE.includes(name)) return undefined;
    if (name === 'VP8X') {
      if (canvas || start !== RIFF_HEADER + CHUNK_HEADER) return undefined;
      canvas = canvasSize(content);
      if (!canvas) return undefined;
    }
  }
  const isWhole =
    canvas === undefined || (canvas.width === picture?.width && canvas.height === picture.height);
  return isWhole ? picture : undefined;
}

/** A key frame of VP8 (RFC 6386, 9.1): its tag, the start code, two sizes of 14 bits with two bits of scale. */
function lossySize(content: Uint8Array): Size | undefined {
  if (content.length < 10) return undefined;
  const [tag = 1, , , one, two, three] = content;
  if ((tag & 1) !== 0 || one !== 0x9d || two !== 0x01 || three !== 0x2a) return undefined;
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  return { width: view.getUint16(6, true) & 0x3fff, height: view.getUint16(8, true) & 0x3fff };
}

/** One byte of signature, then both sizes less one in 14 bits each. */
function losslessSize(content: Uint8Array): Size | undefined {
  if (content.length < 5 || content[0] !== 0x2f) return undefined;
  const bits = new DataView(content.buffer, content.byteOffset, content.byteLength).getUint32(1, true);
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
}

/** Flags, then both sizes less one in 24 bits each. */
function canvasSize(content: Uint8Array): Size | undefined {
  const [flags = ANIMATED] = content;
  if (content.length !== 10 || (flags & ANIMATED) !== 0) return undefined;
  const threeAt = (at: number) =>
    (content[at] ?? 0) | ((content[at + 1] ?? 0) << 8) | ((content[at + 2] ?? 0) << 16);
  return { width: threeAt(4) + 1, height: threeAt(7) + 1 };
}

function textAt(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}
