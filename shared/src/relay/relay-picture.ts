import { ByteReader } from '../control/byte-reader.ts';
import { ByteWriter } from '../control/byte-writer.ts';

/** One encoded picture as it is sealed: 6 bytes, then its data. Its track is in it, for the lane could be changed. */
export interface RelayPicture {
  readonly track: number;
  readonly keyFrame: boolean;
  /** 90 kHz, wraps; what travels beside the frame names it by this. */
  readonly rtpTimestamp: number;
  readonly data: Uint8Array;
}

export function encodeRelayPicture({
  track,
  keyFrame,
  rtpTimestamp,
  data,
}: RelayPicture): Uint8Array<ArrayBuffer> {
  return new ByteWriter(6 + data.length)
    .u8(track)
    .u8(keyFrame ? 1 : 0)
    .u32(rtpTimestamp)
    .raw(data).bytes;
}

/** The inverse of {@link encodeRelayPicture}; the data is a view. Throws `invalid-message` when it is cut short. */
export function decodeRelayPicture(bytes: Uint8Array): RelayPicture {
  const reader = new ByteReader(bytes);
  const track = reader.u8();
  const keyFrame = (reader.u8() & 1) !== 0;
  const rtpTimestamp = reader.u32();
  return { track, keyFrame, rtpTimestamp, data: reader.rest() };
}
