import { buildRtpPacket, RTP_HEADER_BYTES, rtpSequence } from './rtp-packet.ts';

export interface RtxStream {
  readonly payloadType: number;
  readonly ssrc: number;
}

/**
 * A packet once more on the retransmission stream (RFC 4588, 4): its payload after its own sequence number. It has a
 * number of its own and so a nonce of its own, and may be stamped anew.
 */
export function buildRtxPacket(original: Buffer, stream: RtxStream, sequence: number): Buffer {
  const originalSequence = Buffer.allocUnsafe(2);
  originalSequence.writeUInt16BE(rtpSequence(original));
  return buildRtpPacket(
    {
      payloadType: stream.payloadType,
      ssrc: stream.ssrc,
      sequence,
      timestamp: original.readUInt32BE(4),
      marker: ((original[1] ?? 0) & 0x80) !== 0,
    },
    [originalSequence, original.subarray(RTP_HEADER_BYTES)],
  );
}

const MAX_PADDING = 255;

/** A packet of nothing but padding (RFC 3550, 5.1), at most 255 bytes of it: it fills a probe. */
export function buildPaddingPacket(
  stream: RtxStream,
  sequence: number,
  timestamp: number,
  bytes: number,
): Buffer {
  const length = Math.max(1, Math.min(MAX_PADDING, bytes));
  const padding = Buffer.alloc(length);
  padding[length - 1] = length;
  const { payloadType, ssrc } = stream;
  const packet = buildRtpPacket({ payloadType, ssrc, sequence, timestamp, marker: false }, [padding]);
  packet[0] = (packet[0] ?? 0) | 0x20;
  return packet;
}
