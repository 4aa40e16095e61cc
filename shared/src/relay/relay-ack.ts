import { ByteReader } from '../control/byte-reader.ts';
import { ByteWriter } from '../control/byte-writer.ts';

/** What a viewer reports of what arrived, 14 bytes. The path keeps order and loses nothing, so a total tells all. */
export interface RelayAck {
  /** Bytes of all packets so far, headers and all, wraps at 2^32. */
  readonly receivedBytes: number;
  /** The viewer's clock in ms when the last of them came; only differences mean something. */
  readonly atMs: number;
  /** Pictures that wait for the decoder, 255 at most. */
  readonly waitingFrames: number;
  /** Tracks whose decoder cannot go on without a key frame, a bit each, the lowest for track 0. */
  readonly stuckTracks: number;
}

export function encodeRelayAck(ack: RelayAck): Uint8Array<ArrayBuffer> {
  return new ByteWriter(14)
    .u32(ack.receivedBytes)
    .f64(ack.atMs)
    .u8(Math.min(255, ack.waitingFrames))
    .u8(ack.stuckTracks).bytes;
}

/** The inverse of {@link encodeRelayAck}; throws `invalid-message` on anything else. */
export function decodeRelayAck(bytes: Uint8Array): RelayAck {
  const reader = new ByteReader(bytes);
  const receivedBytes = reader.u32();
  const atMs = reader.f64();
  const waitingFrames = reader.u8();
  const stuckTracks = reader.u8();
  reader.end();
  return { receivedBytes, atMs, waitingFrames, stuckTracks };
}
