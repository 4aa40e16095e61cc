/** What of X's events a panel understands. */
export type PanelInput =
  | { readonly type: 'expose' }
  | { readonly type: 'obscured' }
  | { readonly type: 'pointer'; readonly x: number; readonly y: number; readonly left: boolean }
  | {
      readonly type: 'button';
      readonly down: boolean;
      readonly x: number;
      readonly y: number;
      readonly rootX: number;
      readonly rootY: number;
    }
  | { readonly type: 'drag'; readonly rootX: number; readonly rootY: number }
  | { readonly type: 'key'; readonly keycode: number; readonly shift: boolean }
  /** A window manager's close button. */
  | { readonly type: 'close-asked' }
  | { readonly type: 'other' };

export const XEVENT_BYTES = 192;

const KEY_PRESS = 2;
const BUTTON_PRESS = 4;
const BUTTON_RELEASE = 5;
const MOTION = 6;
const LEAVE = 8;
const EXPOSE = 12;
const VISIBILITY = 15;
const CLIENT_MESSAGE = 33;
const LEFT_BUTTON = 1;
const LEFT_HELD = 1 << 8;
const SHIFT_HELD = 1;

/** ExposureMask, KeyPress, ButtonPress, ButtonRelease, PointerMotion, LeaveWindow, VisibilityChange. */
export const EVENT_MASK = (1 << 15) | 1 | (1 << 2) | (1 << 3) | (1 << 6) | (1 << 5) | (1 << 16);

/** Reads an XEvent as a 64-bit little-endian Xlib lays it out (X11/Xlib.h). */
export function readEvent(
  event: Uint8Array,
  deleteWindowAtom: number,
): { window: number; input: PanelInput } {
  const view = new DataView(event.buffer, event.byteOffset, event.byteLength);
  const window = Number(view.getBigUint64(32, true));
  return { window, input: inputOf(view, deleteWindowAtom) };
}

function inputOf(view: DataView, deleteWindowAtom: number): PanelInput {
  const place = { x: view.getInt32(64, true), y: view.getInt32(68, true) };
  const root = { rootX: view.getInt32(72, true), rootY: view.getInt32(76, true) };
  const state = view.getUint32(80, true);
  switch (view.getInt32(0, true)) {
    case KEY_PRESS:
      return { type: 'key', keycode: view.getUint32(84, true), shift: (state & SHIFT_HELD) !== 0 };
    case BUTTON_PRESS:
    case BUTTON_RELEASE:
      if (view.getUint32(84, true) !== LEFT_BUTTON) return { type: 'other' };
      return { type: 'button', down: view.getInt32(0, true) === BUTTON_PRESS, ...place, ...root };
    case MOTION:
      return state & LEFT_HELD ? { type: 'drag', ...root } : { type: 'pointer', ...place, left: false };
    case LEAVE:
      return { type: 'pointer', ...place, left: true };
    case EXPOSE:
      return { type: 'expose' };
    case VISIBILITY:
      return view.getInt32(40, true) === 0 ? { type: 'other' } : { type: 'obscured' };
    case CLIENT_MESSAGE:
      return Number(view.getBigUint64(56, true)) === deleteWindowAtom
        ? { type: 'close-asked' }
        : { type: 'other' };
    default:
      return { type: 'other' };
  }
}
