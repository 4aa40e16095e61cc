import type { FrameInfo } from '@guruconnect/shared';
import type { NativeFrame } from '../../native/addon.d.ts';

/** From grab to encoder and from encoder to here; more than this is not waiting but old pixels. */
const MAX_WAIT_MS = 50;

/**
 * The time of capture, unless old pixels were encoded once more (a refinement, a key frame of a still screen): the
 * receiver would read their age as network delay, and two pictures of one grab would share a timestamp.
 */
export function mediaTimeMs(frame: NativeFrame, nowMs: number): number {
  const encodeStartedMs = nowMs - frame.convertMs - frame.encodeMs;
  return encodeStartedMs - frame.capturedAtMs > MAX_WAIT_MS ? encodeStartedMs : frame.capturedAtMs;
}

/** What the encoder tells of a picture, for the `frames` channel. */
export function infoOf(frame: NativeFrame): Omit<FrameInfo, 'rtpTimestamp' | 'inputId' | 'sendMs' | 'track'> {
  return {
    frameId: frame.frameId,
    capturedAtMs: frame.capturedAtMs,
    grabMs: frame.grabMs,
    convertMs: frame.convertMs,
    encodeMs: frame.encodeMs,
    bytes: frame.data.length,
    qp: frame.qp,
    keyFrame: frame.keyFrame,
    refinement: frame.refinement,
  };
}
