import type { RtcpMessage } from './rtcp-message.ts';

const HEADER_BYTES = 20;
const REFERENCE_UNIT_MS = 64;
const DELTA_UNIT_MS = 0.25;

const NOT_RECEIVED = 0;
const SMALL_DELTA = 1;
const LARGE_DELTA = 2;

/**
 * Transport-wide congestion control feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01, 3.1).
 * Undefined when the packet contradicts itself: half a report would read as loss.
 */
export function parseTransportFeedback(
  packet: Buffer,
): Extract<RtcpMessage, { type: 'transport-feedback' }> | undefined {
  if (packet.length < HEADER_BYTES) return undefined;
  const base = packet.readUInt16BE(12);
  const count = packet.readUInt16BE(14);
  const statuses = readStatuses(packet, count);
  if (!statuses) return undefined;
  let at = statuses.end;
  let clock = packet.readIntBE(16, 3) * REFERENCE_UNIT_MS;
  const packets: { sequence: number; arrivedMs: number | null }[] = [];
  for (const [index, symbol] of statuses.symbols.entries()) {
    const sequence = (base + index) & 0xffff;
    if (symbol === NOT_RECEIVED) {
      packets.push({ sequence, arrivedMs: null });
      continue;
    }
    const size = symbol === SMALL_DELTA ? 1 : symbol === LARGE_DELTA ? 2 : 0;
    if (size === 0 || at + size > packet.length) return undefined;
    clock += (size === 1 ? packet.readUInt8(at) : packet.readInt16BE(at)) * DELTA_UNIT_MS;
    at += size;
    packets.push({ sequence, arrivedMs: clock });
  }
  return { type: 'transport-feedback', feedbackCount: packet.readUInt8(19), packets };
}

/** Reads chunks until `count` symbols are there; `end` is where the deltas begin. */
function readStatuses(packet: Buffer, count: number): { symbols: number[]; end: number } | undefined {
  const symbols: number[] = [];
  let at = HEADER_BYTES;
  while (symbols.length < count) {
    if (at + 2 > packet.length) return undefined;
    const chunk = packet.readUInt16BE(at);
    at += 2;
    pushChunk(chunk, symbols, count);
  }
  return { symbols, end: at };
}

function pushChunk(chunk: number, symbols: number[], count: number): void {
  if ((chunk & 0x8000) === 0) {
    // Run length: one symbol, 13 bits of how often.
    const symbol = (chunk >> 13) & 3;
    const run = Math.min(chunk & 0x1fff, count - symbols.length);
    for (let i = 0; i < run; i += 1) symbols.push(symbol);
  } else if ((chunk & 0x4000) === 0) {
    // Status vector of 14 one-bit symbols: received with a small delta, or not.
    for (let bit = 13; bit >= 0 && symbols.length < count; bit -= 1) symbols.push((chunk >> bit) & 1);
  } else {
    // Status vector of 7 two-bit symbols.
    for (let bit = 12; bit >= 0 && symbols.length < count; bit -= 2) symbols.push((chunk >> bit) & 3);
  }
}
