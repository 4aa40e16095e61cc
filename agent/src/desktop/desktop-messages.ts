import type {
  CaptureSettings,
  NativeDisplay,
  NativeFrame,
  NativeTileRequest,
  NativeTiles,
} from '../../native/addon.d.ts';

/** One thing to do with pointer or keyboard; places are desktop pixels. */
export type InputAction =
  | { readonly type: 'move'; readonly x: number; readonly y: number }
  | { readonly type: 'button'; readonly button: number; readonly down: boolean }
  | { readonly type: 'wheel'; readonly dx: number; readonly dy: number }
  | {
      readonly type: 'key';
      readonly usage: number;
      readonly codePoint: number;
      readonly down: boolean;
      readonly repeat: boolean;
      readonly modifiers: number;
    }
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'held'; readonly usages: readonly number[] }
  | { readonly type: 'release-all' };

/**
 * What a session host asks of a desktop helper. Plain values only: they cross a process border.
 * Carried out in order.
 */
export type DesktopCommand =
  /** First; answered by `opened` or `open-failed`. May be tried again. */
  | { readonly type: 'open'; readonly display: string }
  | { readonly type: 'watch'; readonly displayId: string; readonly settings: CaptureSettings }
  | { readonly type: 'unwatch'; readonly displayId: string }
  | { readonly type: 'configure'; readonly displayId: string; readonly settings: Partial<CaptureSettings> }
  | { readonly type: 'key-frame'; readonly displayId: string }
  /** Answered by one `tiles`, unless the capture ends. */
  | { readonly type: 'tiles'; readonly displayId: string; readonly request: NativeTileRequest }
  /** `source` is whose input it is, so that frames can name the newest input of each. */
  | {
      readonly type: 'input';
      readonly source: string;
      readonly inputId: number;
      readonly actions: readonly InputAction[];
    }
  | { readonly type: 'forget-source'; readonly source: string }
  /** Ends all captures, releases all keys and buttons, then answers `stopped`. */
  | { readonly type: 'stop' };

export type DesktopEvent =
  | { readonly type: 'opened'; readonly displays: readonly NativeDisplay[] }
  | { readonly type: 'open-failed'; readonly reason: string }
  | { readonly type: 'displays'; readonly displays: readonly NativeDisplay[] }
  | {
      readonly type: 'frame';
      readonly displayId: string;
      readonly frame: NativeFrame;
      /** Highest `inputId` of each source that was injected before the grab began. */
      readonly inputs: readonly (readonly [source: string, inputId: number])[];
    }
  | { readonly type: 'tiles'; readonly displayId: string; readonly tiles: NativeTiles }
  | {
      readonly type: 'cursor-shape';
      readonly width: number;
      readonly height: number;
      readonly hotspotX: number;
      readonly hotspotY: number;
      readonly rgba: Buffer;
    }
  | { readonly type: 'cursor-position'; readonly x: number; readonly y: number }
  /** What makes that display's pictures from now on; `reason` is why it is not what was asked for, or empty. */
  | { readonly type: 'encoder'; readonly displayId: string; readonly name: string; readonly reason: string }
  /** That display's capture is over; `watch` starts it anew. */
  | { readonly type: 'capture-failed'; readonly displayId: string; readonly reason: string }
  | { readonly type: 'input-failed'; readonly reason: string }
  | { readonly type: 'stopped' };

/** What runs in the desktop: capture, encoding, injection. It may die; its owner opens another. */
export interface DesktopHelper {
  send(command: DesktopCommand): void;
  /** Ends it without waiting for an answer. Idempotent. */
  close(): void;
}

export interface DesktopHelperListener {
  onEvent(event: DesktopEvent): void;
  /** It died by itself; nothing follows. Never told after `close`. */
  onGone(reason: string): void;
}

export type OpenDesktopHelper = (listener: DesktopHelperListener) => DesktopHelper;
