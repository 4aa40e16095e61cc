/** The receiver's half of RFC 6184, written apart from the sender's: RTP packets back to NAL units. */
export interface ReceivedPacket {
  readonly sequence: number;
  readonly timestamp: number;
  readonly marker: boolean;
  readonly payloadType: number;
  readonly ssrc: number;
  readonly extensions: ReadonlyMap<number, Buffer>;
  readonly payload: Buffer;
}

export function parseRtp(packet: Buffer): ReceivedPacket {
  if ((packet.readUInt8(0) & 0xc0) !== 0x80) throw new Error('not RTP version 2');
  const csrcs = packet.readUInt8(0) & 0x0f;
  let offset = 12 + 4 * csrcs;
  const extensions = new Map<number, Buffer>();
  if (packet.readUInt8(0) & 0x10) {
    if (packet.readUInt16BE(offset) !== 0xbede) throw new Error('not one-byte header extensions');
    const end = offset + 4 + 4 * packet.readUInt16BE(offset + 2);
    for (let at = offset + 4; at < end; ) {
      const head = packet.readUInt8(at);
      if (head === 0) {
        at += 1;
        continue;
      }
      const length = (head & 0x0f) + 1;
      extensions.set(head >> 4, packet.subarray(at + 1, at + 1 + length));
      at += 1 + length;
    }
    offset = end;
  }
  return {
    sequence: packet.readUInt16BE(2),
    timestamp: packet.readUInt32BE(4),
    marker: (packet.readUInt8(1) & 0x80) !== 0,
    payloadType: packet.readUInt8(1) & 0x7f,
    ssrc: packet.readUInt32BE(8),
    extensions,
    payload: packet.subarray(offset),
  };
}

/** The NAL units of one access unit's packets, which must be in order and whole. */
export function depacketise(payloads: readonly Buffer[]): Buffer[] {
  const nals: Buffer[] = [];
  let fragments: Buffer[] = [];
  for (const payload of payloads) {
    const type = payload.readUInt8(0) & 0x1f;
    if (type >= 1 && type <= 23) nals.push(payload);
    else if (type === 24) nals.push(...splitStapA(payload));
    else if (type === 28) {
      const flags = payload.readUInt8(1);
      if (flags & 0x80) fragments = [Buffer.of((payload.readUInt8(0) & 0xe0) | (flags & 0x1f))];
      else if (fragments.length === 0) throw new Error('a fragment without a start');
      fragments.push(payload.subarray(2));
      if (flags & 0x40) nals.push(Buffer.concat(fragments.splice(0)));
    } else throw new Error(`payload type ${type} is not of packetization mode 1`);
  }
  if (fragments.length > 0) throw new Error('a fragment without an end');
  return nals;
}

function splitStapA(payload: Buffer): Buffer[] {
  const nals: Buffer[] = [];
  for (let at = 1; at < payload.length; ) {
    const length = payload.readUInt16BE(at);
    nals.push(payload.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
  return nals;
}
