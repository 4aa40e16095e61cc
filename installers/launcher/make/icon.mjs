// @ts-check
import { deflateSync } from 'node:zlib';

/*
 * The mark of web/public/favicon.svg as a Windows icon, drawn here so that no picture has to be kept beside the one
 * that it must look like. Coordinates are those of the favicon, 64 by 64.
 */

const SIZES = [16, 20, 24, 32, 48];
const LARGE = 256;
const SAMPLES = 4;
const GROUND = [0x0e, 0x72, 0x86];
const WHITE = [0xff, 0xff, 0xff];
const DOT = [0x7f, 0xe3, 0xee];

/** The bytes of the .ico file. */
export function drawIcon() {
  const images = [
    ...SIZES.map((size) => ({ size, bytes: bitmap(size) })),
    { size: LARGE, bytes: png(LARGE) },
  ];
  const head = Buffer.alloc(6 + 16 * images.length);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(images.length, 4);
  let offset = head.length;
  for (const [i, { size, bytes }] of images.entries()) {
    const at = 6 + 16 * i;
    head.writeUInt8(size % 256, at);
    head.writeUInt8(size % 256, at + 1);
    head.writeUInt16LE(1, at + 4);
    head.writeUInt16LE(32, at + 6);
    head.writeUInt32LE(bytes.length, at + 8);
    head.writeUInt32LE(offset, at + 12);
    offset += bytes.length;
  }
  return Buffer.concat([head, ...images.map(({ bytes }) => bytes)]);
}

/** @param {number} x @param {number} y */
function colourAt(x, y) {
  const dx = Math.max(15 - x, x - 49, 0);
  const dy = Math.max(15 - y, y - 49, 0);
  if (Math.hypot(dx, dy) > 15) return undefined;
  if (Math.hypot(x - 33.5, y - 34) <= 5.2) return DOT;
  return isOnLetter(x, y) ? WHITE : GROUND;
}

/** The G: most of a circle, and a bar from its end inwards, 6.5 wide with round ends. */
function isOnLetter(/** @type {number} */ x, /** @type {number} */ y) {
  const half = 6.5 / 2;
  const [cx, cy, radius] = [32.06, 32.1, 17.5];
  if (segmentDistance(x, y, 49.5, 34, 36, 34) <= half || Math.hypot(x - 46.6, y - 22.4) <= half) return true;
  const angle = (Math.atan2(y - cy, x - cx) * 180) / Math.PI;
  const isOpen = angle > -33.7 && angle < 6.2;
  return !isOpen && Math.abs(Math.hypot(x - cx, y - cy) - radius) <= half;
}

/** @param {number} x @param {number} y @param {number} ax @param {number} ay @param {number} bx @param {number} by */
function segmentDistance(x, y, ax, ay, bx, by) {
  const t = Math.max(
    0,
    Math.min(1, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2)),
  );
  return Math.hypot(x - ax - t * (bx - ax), y - ay - t * (by - ay));
}

/** Rows from the top, four bytes a pixel: red, green, blue, opacity. @param {number} size */
function pixels(size) {
  const out = Buffer.alloc(size * size * 4);
  for (let at = 0; at < size * size; at++) {
    const sum = [0, 0, 0, 0];
    for (let s = 0; s < SAMPLES * SAMPLES; s++) {
      const x = (((at % size) + ((s % SAMPLES) + 0.5) / SAMPLES) * 64) / size;
      const y = ((Math.floor(at / size) + (Math.floor(s / SAMPLES) + 0.5) / SAMPLES) * 64) / size;
      const colour = colourAt(x, y);
      if (!colour) continue;
      for (const channel of [0, 1, 2]) sum[channel] = (sum[channel] ?? 0) + (colour[channel] ?? 0);
      sum[3] = (sum[3] ?? 0) + 1;
    }
    const count = sum[3] ?? 0;
    for (const channel of [0, 1, 2]) out[at * 4 + channel] = count && Math.round((sum[channel] ?? 0) / count);
    out[at * 4 + 3] = Math.round((count * 255) / SAMPLES ** 2);
  }
  return out;
}

/** A device-independent bitmap with the mask that icons have: rows from the bottom, blue first. @param {number} size */
function bitmap(size) {
  const head = Buffer.alloc(40);
  head.writeUInt32LE(40, 0);
  head.writeInt32LE(size, 4);
  head.writeInt32LE(size * 2, 8);
  head.writeUInt16LE(1, 12);
  head.writeUInt16LE(32, 14);
  const source = pixels(size);
  const rows = Buffer.alloc(size * size * 4);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const from = ((size - 1 - y) * size + x) * 4;
      const to = (y * size + x) * 4;
      for (const channel of [0, 1, 2]) rows[to + channel] = source[from + 2 - channel] ?? 0;
      rows[to + 3] = source[from + 3] ?? 0;
    }
  }
  return Buffer.concat([head, rows, Buffer.alloc(Math.ceil(size / 32) * 4 * size)]);
}

/** @param {number} size */
function png(size) {
  const source = pixels(size);
  const rows = Array.from({ length: size }, (_, y) =>
    Buffer.concat([Buffer.of(0), source.subarray(y * size * 4, (y + 1) * size * 4)]),
  );
  const head = Buffer.alloc(13);
  head.writeUInt32BE(size, 0);
  head.writeUInt32BE(size, 4);
  head.set([8, 6, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(Buffer.concat(rows), { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** @param {string} type @param {Buffer} data */
function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}

/** @param {Buffer} bytes */
function crc32(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
