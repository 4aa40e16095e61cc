import { parseTransportFeedback } from './parse-transport-feedback.ts';
import type { RtcpMessage } from './rtcp-message.ts';

const SENDER_REPORT = 200;
const RECEIVER_REPORT = 201;
const TRANSPORT_FEEDBACK = 205;
const PAYLOAD_FEEDBACK = 206;
const REPORT_BLOCK_BYTES = 24;

/**
 * Everything we understand in a compound RTCP packet (RFC 3550, RFC 4585, RFC 5104, REMB and transport-wide-cc
 * drafts). Never throws: it comes from the network, so malformed parts are skipped and unknown ones ignored.
 */
export function parseRtcp(compound: Buffer): RtcpMessage[] {
  const messages: RtcpMessage[] = [];
  let offset = 0;
  while (offset + 4 <= compound.length) {
    const length = (compound.readUInt16BE(offset + 2) + 1) * 4;
    const version = (compound[offset] ?? 0) >> 6;
    if (version !== 2 || offset + length > compound.length) break;
    parseOne(compound.subarray(offset, offset + length), messages);
    offset += length;
  }
  return messages;
}

function parseOne(packet: Buffer, messages: RtcpMessage[]): void {
  const format = (packet[0] ?? 0) & 0x1f;
  switch (packet[1]) {
    case SENDER_REPORT:
      parseReportBlocks(packet, 28, format, messages);
      break;
    case RECEIVER_REPORT:
      parseReportBlocks(packet, 8, format, messages);
      break;
    case TRANSPORT_FEEDBACK:
      if (packet.length < 12) break;
      if (format === 1) messages.push(parseNack(packet));
      else if (format === 15) pushDefined(messages, parseTransportFeedback(packet));
      break;
    case PAYLOAD_FEEDBACK:
      if (packet.length < 12) break;
      if (format === 1) messages.push({ type: 'pli', ssrc: packet.readUInt32BE(8) });
      else if (format === 4) parseFir(packet, messages);
      else if (format === 15) pushDefined(messages, parseRemb(packet));
      break;
    default:
      break;
  }
}

function pushDefined(messages: RtcpMessage[], message: RtcpMessage | undefined): void {
  if (message) messages.push(message);
}

function parseReportBlocks(packet: Buffer, start: number, count: number, messages: RtcpMessage[]): void {
  for (let i = 0; i < count; i += 1) {
    const at = start + i * REPORT_BLOCK_BYTES;
    if (at + REPORT_BLOCK_BYTES > packet.length) return;
    messages.push({
      type: 'receiver-report',
      ssrc: packet.readUInt32BE(at),
      fractionLost: packet.readUInt8(at + 4) / 256,
      cumulativeLost: packet.readIntBE(at + 5, 3),
      highestSequence: packet.readUInt32BE(at + 8),
      jitter: packet.readUInt32BE(at + 12),
      lastSenderReport: packet.readUInt32BE(at + 16),
      delaySinceLastSenderReport: packet.readUInt32BE(at + 20),
    });
  }
}

/** Generic NACK (RFC 4585, 6.2.1): a packet id and a mask of the sixteen that follow it. */
function parseNack(packet: Buffer): RtcpMessage {
  const sequences: number[] = [];
  for (let at = 12; at + 4 <= packet.length; at += 4) {
    const first = packet.readUInt16BE(at);
    const following = packet.readUInt16BE(at + 2);
    sequences.push(first);
    for (let bit = 0; bit < 16; bit += 1) {
      if (following & (1 << bit)) sequences.push((first + bit + 1) & 0xffff);
    }
  }
  return { type: 'nack', ssrc: packet.readUInt32BE(8), sequences };
}

/** Full Intra Request (RFC 5104, 4.3.1): the media source stands in each entry. */
function parseFir(packet: Buffer, messages: RtcpMessage[]): void {
  for (let at = 12; at + 8 <= packet.length; at += 8) {
    messages.push({ type: 'fir', ssrc: packet.readUInt32BE(at) });
  }
}

/** draft-alvestrand-rmcat-remb-03: 6 bits of exponent, 18 of mantissa. */
function parseRemb(packet: Buffer): RtcpMessage | undefined {
  if (packet.length < 20 || packet.toString('latin1', 12, 16) !== 'REMB') return undefined;
  const bits = packet.readUIntBE(17, 3);
  return { type: 'remb', bitrate: (bits & 0x3ffff) * 2 ** (bits >> 18) };
}
