/** Seconds from 1900 (NTP) to 1970 (Unix). */
const NTP_OFFSET_S = 2_208_988_800;

export interface SenderReport {
  readonly ssrc: number;
  /** Wall clock. */
  readonly unixMs: number;
  /** The RTP clock at that moment. */
  readonly rtpTimestamp: number;
  readonly packets: number;
  readonly octets: number;
}

/** An RTCP sender report without report blocks (RFC 3550, 6.4.1), followed by the source description it needs. */
export function encodeSenderReport(report: SenderReport, cname: string): Buffer {
  const packet = Buffer.alloc(28);
  packet[0] = 0x80;
  packet[1] = 200;
  packet.writeUInt16BE(6, 2);
  packet.writeUInt32BE(report.ssrc, 4);
  const seconds = report.unixMs / 1000 + NTP_OFFSET_S;
  packet.writeUInt32BE(Math.floor(seconds) >>> 0, 8);
  packet.writeUInt32BE(Math.floor((seconds % 1) * 2 ** 32) >>> 0, 12);
  packet.writeUInt32BE(report.rtpTimestamp >>> 0, 16);
  packet.writeUInt32BE(report.packets >>> 0, 20);
  packet.writeUInt32BE(report.octets >>> 0, 24);
  return Buffer.concat([packet, encodeCname(report.ssrc, cname)]);
}

/** SDES with one CNAME item (RFC 3550, 6.5), ended and padded with zeros. */
function encodeCname(ssrc: number, cname: string): Buffer {
  const name = Buffer.from(cname, 'utf8').subarray(0, 255);
  const packet = Buffer.alloc(4 + Math.ceil((4 + 2 + name.length + 1) / 4) * 4);
  packet[0] = 0x81;
  packet[1] = 202;
  packet.writeUInt16BE(packet.length / 4 - 1, 2);
  packet.writeUInt32BE(ssrc, 4);
  packet[8] = 1;
  packet[9] = name.length;
  packet.set(name, 10);
  return packet;
}

/** The middle 32 bits of the NTP time: what receivers echo as LSR (RFC 3550, 6.4.1). */
export function compactNtp(unixMs: number): number {
  const seconds = unixMs / 1000 + NTP_OFFSET_S;
  return (Math.floor(seconds % 65_536) * 65_536 + Math.floor((seconds % 1) * 65_536)) >>> 0;
}
