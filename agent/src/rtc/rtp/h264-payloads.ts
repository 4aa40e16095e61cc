import { NAL, nalType, splitAnnexB } from './annex-b.ts';

/** One RTP payload as the pieces it is put together from. */
export type PayloadParts = readonly Uint8Array[];

/**
 * Cuts one access unit into RTP payloads of at most `maxBytes` (RFC 6184, packetization mode 1): neighbouring small
 * NAL units share a STAP-A (5.7.1), middling ones travel alone (5.6), large ones as FU-A fragments (5.8).
 * Access unit delimiters are left out: the marker bit says the same.
 */
export function h264Payloads(accessUnit: Buffer, maxBytes: number): PayloadParts[] {
  const payloads: PayloadParts[] = [];
  let group: Buffer[] = [];
  let groupBytes = STAP_HEADER;
  const flush = () => {
    if (group.length === 1) payloads.push(group);
    else if (group.length > 1) payloads.push(stapA(group));
    group = [];
    groupBytes = STAP_HEADER;
  };
  for (const nal of splitAnnexB(accessUnit)) {
    if (nalType(nal) === NAL.accessUnitDelimiter) continue;
    if (nal.length > maxBytes) {
      flush();
      payloads.push(...fuA(nal, maxBytes));
      continue;
    }
    if (groupBytes + STAP_LENGTH + nal.length > maxBytes) flush();
    group.push(nal);
    groupBytes += STAP_LENGTH + nal.length;
  }
  flush();
  return payloads;
}

const STAP_HEADER = 1;
const STAP_LENGTH = 2;
const FU_HEADER = 2;

function stapA(nals: readonly Buffer[]): PayloadParts {
  const parts: Uint8Array[] = [Uint8Array.of(aggregateHeader(nals))];
  for (const nal of nals) parts.push(Uint8Array.of(nal.length >> 8, nal.length & 0xff), nal);
  return parts;
}

/** F is set if any has it, NRI is the highest of all (RFC 6184, 5.7). */
function aggregateHeader(nals: readonly Buffer[]): number {
  let forbidden = 0;
  let importance = 0;
  for (const nal of nals) {
    const header = nal[0] ?? 0;
    forbidden |= header & 0x80;
    importance = Math.max(importance, header & 0x60);
  }
  return forbidden | importance | NAL.stapA;
}

function fuA(nal: Buffer, maxBytes: number): PayloadParts[] {
  const header = nal[0] ?? 0;
  const indicator = (header & 0xe0) | NAL.fuA;
  const room = maxBytes - FU_HEADER;
  const payloads: PayloadParts[] = [];
  // The NAL header itself is not sent: indicator and FU header carry its bits.
  for (let offset = 1; offset < nal.length; offset += room) {
    const end = Math.min(nal.length, offset + room);
    const flags = (offset === 1 ? 0x80 : 0) | (end === nal.length ? 0x40 : 0);
    payloads.push([Uint8Array.of(indicator, flags | (header & 0x1f)), nal.subarray(offset, end)]);
  }
  return payloads;
}
