const REFERENCE_MS = 64;
const DELTA_MS = 0.25;

/** A transport-wide feedback packet as a browser sends it; null for packets that did not arrive. */
export function encodeTransportFeedback(
  base: number,
  arrivals: readonly (number | null)[],
  feedbackCount: number,
): Buffer {
  const firstMs = arrivals.find((one) => one !== null) ?? 0;
  const reference = Math.floor(firstMs / REFERENCE_MS);
  let clock = (reference * REFERENCE_MS) / DELTA_MS;
  const symbols: number[] = [];
  const deltas: number[] = [];
  for (const arrivedMs of arrivals) {
    if (arrivedMs === null) {
      symbols.push(0);
      continue;
    }
    const ticks = Math.round(arrivedMs / DELTA_MS);
    const delta = ticks - clock;
    clock = ticks;
    if (delta >= 0 && delta <= 255) {
      symbols.push(1);
      deltas.push(delta);
    } else {
      symbols.push(2);
      deltas.push((delta >> 8) & 0xff, delta & 0xff);
    }
  }
  const chunks: number[] = [];
  for (let at = 0; at < symbols.length; at += 7) {
    let chunk = 0xc000;
    for (let i = 0; i < 7; i += 1) chunk |= (symbols[at + i] ?? 0) << (12 - 2 * i);
    chunks.push(chunk >> 8, chunk & 0xff);
  }
  const body = Buffer.from([...chunks, ...deltas]);
  const packet = Buffer.alloc(20 + Math.ceil(body.length / 4) * 4);
  packet.set([0x8f, 205], 0);
  packet.writeUInt16BE(packet.length / 4 - 1, 2);
  packet.writeUInt16BE(base, 12);
  packet.writeUInt16BE(arrivals.length, 14);
  packet.writeUIntBE(reference & 0xffffff, 16, 3);
  packet.writeUInt8(feedbackCount & 0xff, 19);
  packet.set(body, 20);
  return packet;
}
