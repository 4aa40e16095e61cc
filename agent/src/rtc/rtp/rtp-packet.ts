import type { PayloadParts } from './h264-payloads.ts';

/** Header extension ids as they stand in our offer (RFC 8285); one-byte form, so 1-14. */
export const EXTENSION = {
  absSendTime: 3,
  transportSequence: 4,
  playoutDelay: 5,
} as const;

export const EXTENSION_URI = {
  absSendTime: 'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time',
  transportSequence: 'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
  playoutDelay: 'http://www.webrtc.org/experiments/rtp-hdrext/playout-delay',
} as const;

/** Fixed header (12), extension header (4), our three extensions padded to words (12). */
export const RTP_HEADER_BYTES = 28;

/** Largest RTP packet: with SRTP's tag (16), UDP and IPv6 (48) it fits the 1,280 bytes that every path carries. */
export const MAX_RTP_PACKET_BYTES = 1200;

const ABS_SEND_TIME_AT = 17;
const TRANSPORT_SEQUENCE_AT = 21;

export interface RtpFields {
  readonly payloadType: number;
  readonly marker: boolean;
  readonly sequence: number;
  readonly timestamp: number;
  readonly ssrc: number;
}

/**
 * A whole packet with abs-send-time and transport sequence still zero; {@link stampRtpPacket} fills them in when the
 * packet leaves. Playout delay is always 0/0: show each frame as soon as it is there.
 */
export function buildRtpPacket(fields: RtpFields, payload: PayloadParts): Buffer {
  let length = RTP_HEADER_BYTES;
  for (const part of payload) length += part.length;
  const packet = Buffer.allocUnsafe(length);
  packet[0] = 0x90; // version 2, extension
  packet[1] = (fields.marker ? 0x80 : 0) | fields.payloadType;
  packet.writeUInt16BE(fields.sequence, 2);
  packet.writeUInt32BE(fields.timestamp, 4);
  packet.writeUInt32BE(fields.ssrc, 8);
  packet.writeUInt16BE(0xbede, 12);
  packet.writeUInt16BE(3, 14); // words of extensions
  packet.fill(0, 16, RTP_HEADER_BYTES);
  packet[16] = (EXTENSION.absSendTime << 4) | 2; // lengths minus one
  packet[20] = (EXTENSION.transportSequence << 4) | 1;
  packet[23] = (EXTENSION.playoutDelay << 4) | 2;
  let offset = RTP_HEADER_BYTES;
  for (const part of payload) {
    packet.set(part, offset);
    offset += part.length;
  }
  return packet;
}

/**
 * Writes what is only known when the packet leaves. Never call it twice for one packet: SRTP's AES-GCM makes its
 * nonce from SSRC and sequence number, and a second text under the same nonce gives its authentication key away.
 */
export function stampRtpPacket(
  packet: Buffer,
  stamp: { sendTimeMs: number; transportSequence: number },
): void {
  packet.writeUIntBE(absSendTime(stamp.sendTimeMs), ABS_SEND_TIME_AT, 3);
  packet.writeUInt16BE(stamp.transportSequence, TRANSPORT_SEQUENCE_AT);
}

/** Seconds as 6.18 fixed point, wrapping each 64 s. */
function absSendTime(ms: number): number {
  return Math.floor((ms % 64_000) * 262.144) & 0xffffff;
}

export function rtpSequence(packet: Buffer): number {
  return packet.readUInt16BE(2);
}

export function rtpTransportSequence(packet: Buffer): number {
  return packet.readUInt16BE(TRANSPORT_SEQUENCE_AT);
}
