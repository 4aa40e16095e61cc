import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';

/** What travels beside a frame on the `frames` channel (unordered, no retransmission), 36 bytes. */
export interface FrameInfo {
  /** RTP timestamp of the frame's packets: how the viewer finds the frame it belongs to. */
  readonly rtpTimestamp: number;
  readonly frameId: number;
  /** Which of the peer's video tracks it is on. */
  readonly track: number;
  /** Highest `inputId` that had been injected before the pixels were grabbed, 0 for none. */
  readonly inputId: number;
  /** The agent's clock in ms at the end of the grab (monotonic; only differences mean something). */
  readonly capturedAtMs: number;
  readonly grabMs: number;
  readonly convertMs: number;
  readonly encodeMs: number;
  /** From the grab to the first packet handed to the network. */
  readonly sendMs: number;
  readonly bytes: number;
  readonly qp: number;
  readonly keyFrame: boolean;
  readonly refinement: boolean;
}

export const FRAME_INFO_OPCODE = 0x21;
const HUNDREDTHS_MAX = 0xffff;

/** Durations are kept in 1/100 ms and capped at 655.35 ms. */
export function encodeFrameInfo(info: FrameInfo): Uint8Array<ArrayBuffer> {
  return new ByteWriter(36)
    .u8(FRAME_INFO_OPCODE)
    .u32(info.rtpTimestamp)
    .u32(info.frameId)
    .u32(info.inputId)
    .f64(info.capturedAtMs)
    .u16(hundredths(info.grabMs))
    .u16(hundredths(info.convertMs))
    .u16(hundredths(info.encodeMs))
    .u16(hundredths(info.sendMs))
    .u32(info.bytes)
    .u8(info.qp < 0 ? 255 : info.qp)
    .u8((info.keyFrame ? 1 : 0) | (info.refinement ? 2 : 0))
    .u8(info.track).bytes;
}

/** The inverse of {@link encodeFrameInfo}; throws `invalid-message` on anything else. */
export function decodeFrameInfo(bytes: Uint8Array): FrameInfo {
  const reader = new ByteReader(bytes);
  reader.expect(FRAME_INFO_OPCODE);
  const rtpTimestamp = reader.u32();
  const frameId = reader.u32();
  const inputId = reader.u32();
  const capturedAtMs = reader.f64();
  const grabMs = reader.u16() / 100;
  const convertMs = reader.u16() / 100;
  const encodeMs = reader.u16() / 100;
  const sendMs = reader.u16() / 100;
  const size = reader.u32();
  const qp = reader.u8();
  const flags = reader.u8();
  const track = reader.u8();
  reader.end();
  return {
    rtpTimestamp,
    frameId,
    track,
    inputId,
    capturedAtMs,
    grabMs,
    convertMs,
    encodeMs,
    sendMs,
    bytes: size,
    qp: qp === 255 ? -1 : qp,
    keyFrame: (flags & 1) !== 0,
    refinement: (flags & 2) !== 0,
  };
}

function hundredths(ms: number): number {
  return Math.max(0, Math.min(HUNDREDTHS_MAX, Math.round(ms * 100)));
}
