import { ByteReader } from '../control/byte-reader.ts';
import { ByteWriter } from '../control/byte-writer.ts';

/** One encoded picture on a video lane: 5 bytes, then its data (sealed by whoever stands above the pipe). */
export interface RelayPicture {
  readonly keyFrame: boolean;
  /** 90 kHz, wraps; what travels beside the frame names it by this. */
  readonly rtpTimestamp: number;
  readonly data: Uint8Array;
}

export function encodeRelayPicture({ keyFrame, rtpTimestamp, data }: RelayPicture): Uint8Array<ArrayBuffer> {
  return new ByteWriter(5 + data.length)
    .u8(keyFrame ? 1 : 0)
    .u32(rtpTimestamp)
    .raw(data).bytes;
}

/** The inverse of {@link encodeRelayPicture}; the data is a view. Throws `invalid-message` when it is cut short. */
export function decodeRelayPicture(bytes: Uint8Array): RelayPicture {
  const reader = new ByteReader(bytes);
  const keyFrame = (reader.u8() & 1) !== 0;
  const rtpTimestamp = reader.u32();
  return { keyFrame, rtpTimestamp, data: reader.rest() };
}
