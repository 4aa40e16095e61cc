/**
 * The C++ addon's whole surface: open a desktop, grab what changed, encode it, hand the bytes over.
 * It holds no policy; bitrate, frame rate, sharpening and key frames are asked for by TypeScript.
 */

/** One monitor as the display server reports it; the rectangle is in desktop pixels. */
export interface NativeDisplay {
  /** Stable while plugged in: the output's name, for example `HDMI-1` or `screen`. */
  readonly id: string;
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly primary: boolean;
}

/** One encoded access unit in Annex B form, key frames starting with SPS and PPS. */
export interface NativeFrame {
  readonly type: 'frame';
  readonly data: Buffer;
  /** Only the first frame, one that was asked for, and one of another size. */
  readonly keyFrame: boolean;
  /** Counts encoded frames of this capture from 1. */
  readonly frameId: number;
  /** Of the encoded picture, which is the display's times `scale`. */
  readonly width: number;
  readonly height: number;
  /** CLOCK_MONOTONIC milliseconds when the grab of the pixels ended (same clock as `process.hrtime`). */
  readonly capturedAtMs: number;
  readonly grabMs: number;
  readonly convertMs: number;
  readonly encodeMs: number;
  /** Changed pixels of the encoded picture (the area of the merged damage), 0 for a refinement. */
  readonly damagedPixels: number;
  /** True when nothing changed and the frame only sharpens the last surface. */
  readonly refinement: boolean;
  /** The encoder's average quantiser of this frame, 0-51, or -1 when it does not tell. */
  readonly qp: number;
  /** Absent when the capture does not tell: then anything may have changed. */
  readonly tiles?: NativeChangedTiles;
}

/** Which 64 x 64 pixel tiles of the display differ from the frame before; tiles are counted row by row. */
export interface NativeChangedTiles {
  /** The display's pixels, whatever the scale. */
  readonly surfaceWidth: number;
  readonly surfaceHeight: number;
  /** A bit a tile, lowest first; empty when none changed. May name tiles that look as before. */
  readonly changed: Buffer;
}

/** What a capture is asked about tiles. */
export interface NativeTileRequest {
  /** Returns with the answer. */
  readonly id: number;
  /** Looked at in this order. */
  readonly tiles: readonly number[];
  /** Enough once so many were found worth sending. */
  readonly limit: number;
  /** The video is coarse or scaled: whatever has contrast is worth sending, not only what has colour. */
  readonly coarse: boolean;
}

/** One tile as the newest frame shows it. */
export interface NativeTile {
  readonly index: number;
  /** Of its pixels: a whole number of 53 bits. */
  readonly hash: number;
  /** RGB of at most 255 colours; empty when there are more, and `pixels` is RGB. */
  readonly colours: Buffer;
  /** A byte a pixel, into `colours`; or RGB. */
  readonly pixels: Buffer;
}

/** The one answer to a request for tiles; those in neither list were not looked at. */
export interface NativeTiles {
  readonly type: 'tiles';
  readonly id: number;
  /** The newest frame when the answer was given; the tiles show what it shows. */
  readonly frameId: number;
  readonly surfaceWidth: number;
  readonly surfaceHeight: number;
  /** The screen changed: nothing was found out. */
  readonly abandoned: boolean;
  readonly tiles: readonly NativeTile[];
  /** The video does them justice. */
  readonly plain: readonly number[];
}

/** The pointer's picture changed: straight (not premultiplied) RGBA, row by row. */
export interface NativeCursorShape {
  readonly type: 'cursor-shape';
  readonly width: number;
  readonly height: number;
  readonly hotspotX: number;
  readonly hotspotY: number;
  readonly rgba: Buffer;
}

/** Where the pointer is, in desktop pixels; sent when it moved, at most once a grab or 60 times a second. */
export interface NativeCursorPosition {
  readonly type: 'cursor-position';
  readonly x: number;
  readonly y: number;
}

/** What makes the pictures from now on: told with the first one and when it changes. */
export interface NativeEncoderInUse {
  readonly type: 'encoder';
  /** `OpenH264`, or as Windows calls the other one. */
  readonly name: string;
  /** Why it is not the one that was asked for; empty when it is. */
  readonly reason: string;
}

export type NativeCaptureEvent =
  | NativeFrame
  | NativeCursorShape
  | NativeCursorPosition
  | NativeTiles
  | NativeEncoderInUse
  /** Monitors or their modes changed; the capture follows its display if it still exists. */
  | { readonly type: 'displays-changed' }
  /** The capture ended by itself, for example because the display server went away. Nothing follows. */
  | { readonly type: 'closed'; readonly reason: string };

export type EncoderChoice = 'auto' | 'openh264' | 'media-foundation';

export interface CaptureSettings {
  /** Target in bits per second. */
  readonly bitrate: number;
  /** At most so many frames a second; damage in between is merged. */
  readonly maxFps: number;
  /** `screen` for text and windows, `motion` for film: then no time goes into finding blocks that moved far. */
  readonly content: 'screen' | 'motion';
  /** Lowest and highest quantiser, 1-51. */
  readonly minQp: number;
  readonly maxQp: number;
  /** How many refinements follow the last change while the picture stays still, 0 for none. */
  readonly refinements: number;
  /** Size of the encoded picture against the display, 0.1 to 1; both edges are rounded to even numbers. */
  readonly scale: number;
  /** Threads that code one picture, each a slice of it; 1 to 8, by default 1. Another number needs another capture. */
  readonly threads?: number;
  /** How far the capture's threads stand back behind the user's own programs, as nice(1) counts: 0 to 19, by default 0. */
  readonly niceness?: number;
  /**
   * `auto`, the default, is OpenH264 as long as the others were tried too little. `media-foundation` is the computer's
   * own encoder, on Windows; where it does not work, OpenH264 goes on. Another choice needs another capture.
   */
  readonly encoder?: EncoderChoice;
}

export interface NativeCapture {
  /** Takes effect with the next frame, without a key frame unless `scale` changes. */
  configure(settings: Partial<CaptureSettings>): void;
  /** The next frame is an IDR; if the screen is still, the last surface is encoded at once. */
  requestKeyFrame(): void;
  /**
   * Asks for tiles of the last grab, worked on once nothing is left to encode; the next change breaks it off. A
   * second request breaks the first one off. Each is answered by one `tiles` event.
   */
  requestTiles(request: NativeTileRequest): void;
  /** No grabs and no frames until `resume`; a resume starts with a key frame of the whole surface. */
  pause(): void;
  resume(): void;
  /** Stops the thread and joins it before it returns; no event is delivered afterwards. Idempotent. */
  close(): void;
}

export interface NativeAddon {
  readonly version: string;
  /** Throws an Error with a clear message when the display cannot be opened. */
  listDisplays(display: string): NativeDisplay[];
  /**
   * Starts a capture and encode thread on one monitor (`displayId` from `listDisplays`).
   * Throws when the display server, XShm, XDamage or the encoder is missing.
   */
  openCapture(
    options: { readonly display: string; readonly displayId: string } & CaptureSettings,
    onEvent: (event: NativeCaptureEvent) => void,
  ): NativeCapture;
}
