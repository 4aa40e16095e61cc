import { GuruError } from '@guruconnect/shared';
import type { Pointer } from '../input/x11-library.ts';
import { buttonAt, layoutPanel, type PanelLayout } from './layout.ts';
import type { Panel } from './panel.ts';
import { X11Canvas } from './x11-canvas.ts';
import type { X11DrawingLibrary } from './x11-drawing-library.ts';
import { EVENT_MASK, type PanelInput, readEvent, XEVENT_BYTES } from './x11-event.ts';

const KEYSYM = { tab: 0xff09, enter: 0xff0d, keypadEnter: 0xff8d, space: 0x20, left: 0xff51, right: 0xff53 };
const OVERRIDE_REDIRECT = 1 << 9; // CWOverrideRedirect
const OVERRIDE_REDIRECT_OFFSET = 88; // in XSetWindowAttributes
const SET_WINDOW_ATTRIBUTES_BYTES = 112;
const XA_ATOM = 4;
const REVERT_TO_PARENT = 2;
/** However often others cover the banner, it does not fight them faster than this. */
const RAISE_EVERY_MS = 500;

interface Shown {
  panel: Panel;
  readonly window: number;
  layout: PanelLayout;
  focused: string | undefined;
  hovered: string | undefined;
  pressed: string | undefined;
  dragFrom: { rootX: number; rootY: number; x: number; y: number } | undefined;
  x: number;
  y: number;
}

/**
 * Shows panels as windows of X11. Two connections: one waits for events in a thread of its own, so that nothing is
 * polled, and the other draws, so that no lock of Xlib is waited for.
 */
export class X11PanelWindow {
  readonly #x: X11DrawingLibrary;
  readonly #events: Pointer;
  readonly #paint: Pointer;
  readonly #canvas: X11Canvas;
  readonly #onPressed: (buttonId: string) => void;
  readonly #deleteWindow: number;
  #shown: Shown | undefined;
  #bannerPlace: { x: number; y: number } | undefined;
  /** Who had the keyboard before a question took it. */
  #focusedBefore: number | undefined;
  #raisedAtMs = Number.NEGATIVE_INFINITY;

  /** @throws `unavailable` when the display cannot be opened */
  constructor(library: X11DrawingLibrary, display: string, onPressed: (buttonId: string) => void) {
    this.#x = library;
    this.#onPressed = onPressed;
    this.#events = open(library, display);
    this.#paint = open(library, display);
    this.#canvas = new X11Canvas(library, this.#paint);
    this.#deleteWindow = library.internAtom(this.#events, 'WM_DELETE_WINDOW', 0);
    this.#wait();
  }

  show(panel: Panel | undefined): void {
    if (panel && this.#shown && this.#change(this.#shown, panel)) return;
    const old = this.#shown;
    this.#shown = panel && this.#open(panel);
    if (panel?.kind !== 'question') this.#giveFocusBack();
    if (old) this.#x.destroyWindow(this.#paint, old.window);
    this.#x.sync(this.#paint, 0);
  }

  /** Other words in the same window, as of a question that counts down; false when it takes another window. */
  #change(shown: Shown, panel: Panel): boolean {
    if (panel.kind !== shown.panel.kind || buttonIds(panel) !== buttonIds(shown.panel)) return false;
    const screen = this.#x.defaultScreen(this.#paint);
    const maxWidth = this.#x.displayWidth(this.#paint, screen) - 16;
    const layout = layoutPanel(panel, this.#canvas.sizes, this.#canvas.measure, maxWidth);
    if (layout.width !== shown.layout.width || layout.height !== shown.layout.height) return false;
    shown.panel = panel;
    shown.layout = layout;
    this.#draw(shown);
    return true;
  }

  #focus(): number {
    const window = new BigUint64Array(1);
    this.#x.getInputFocus(this.#paint, window, new Int32Array(1));
    return Number(window[0]);
  }

  #giveFocusBack(): void {
    if (this.#focusedBefore === undefined) return;
    this.#x.setInputFocus(this.#paint, this.#focusedBefore, REVERT_TO_PARENT, 0);
    this.#focusedBefore = undefined;
  }

  #open(panel: Panel): Shown {
    const x = this.#x;
    const display = this.#paint;
    const screen = x.defaultScreen(display);
    const screenWidth = x.displayWidth(display, screen);
    const layout = layoutPanel(panel, this.#canvas.sizes, this.#canvas.measure, screenWidth - 16);
    const centre = Math.max(0, Math.round((screenWidth - layout.width) / 2));
    const middle = Math.max(0, Math.round((x.displayHeight(display, screen) - layout.height) / 3));
    const place =
      panel.kind === 'banner' ? (this.#bannerPlace ?? { x: centre, y: 0 }) : { x: centre, y: middle };
    const root = x.rootWindow(display, screen);
    const window = x.createSimpleWindow(
      display,
      root,
      place.x,
      place.y,
      layout.width,
      layout.height,
      0,
      0,
      0xffffff,
    );
    // Above everything and never moved by a window manager: it must be seen for as long as somebody looks on.
    const attributes = new Uint8Array(SET_WINDOW_ATTRIBUTES_BYTES);
    attributes[OVERRIDE_REDIRECT_OFFSET] = 1;
    x.changeWindowAttributes(display, window, OVERRIDE_REDIRECT, attributes);
    this.#describe(window, panel);
    x.sync(display, 0);
    // Events go to the connection that asks for them.
    x.selectInput(this.#events, window, EVENT_MASK);
    x.sync(this.#events, 0);
    x.mapRaised(display, window);
    if (panel.kind === 'question') {
      x.sync(display, 0);
      this.#focusedBefore ??= this.#focus();
      x.setInputFocus(display, window, REVERT_TO_PARENT, 0);
    }
    const shown: Shown = {
      panel,
      window,
      layout,
      // No button has the focus at first: a key that was meant for another window must not answer.
      focused: undefined,
      hovered: undefined,
      pressed: undefined,
      dragFrom: undefined,
      ...place,
    };
    this.#canvas.draw(window, layout, shown);
    return shown;
  }

  #describe(window: number, panel: Panel): void {
    const atom = (name: string) => this.#x.internAtom(this.#paint, name, 0);
    const title = Buffer.from(`GuruConnect: ${panel.title}`, 'utf8');
    this.#x.changeProperty(
      this.#paint,
      window,
      atom('_NET_WM_NAME'),
      atom('UTF8_STRING'),
      8,
      0,
      title,
      title.length,
    );
    const type = panel.kind === 'banner' ? '_NET_WM_WINDOW_TYPE_NOTIFICATION' : '_NET_WM_WINDOW_TYPE_DIALOG';
    const types = BigUint64Array.of(BigInt(atom(type)));
    this.#x.changeProperty(this.#paint, window, atom('_NET_WM_WINDOW_TYPE'), XA_ATOM, 32, 0, types, 1);
  }

  #wait(): void {
    const event = new Uint8Array(XEVENT_BYTES);
    this.#x.nextEvent.async(this.#events, event, (error: unknown) => {
      if (error) throw error;
      const { window, input } = readEvent(event, this.#deleteWindow);
      if (window === this.#shown?.window) this.#take(this.#shown, input);
      this.#wait();
    });
  }

  #take(shown: Shown, input: PanelInput): void {
    switch (input.type) {
      case 'expose':
        this.#draw(shown);
        break;
      case 'obscured':
        this.#raise(shown);
        break;
      case 'pointer': {
        const hovered = input.left ? undefined : buttonAt(shown.layout, input.x, input.y)?.button.id;
        if (hovered === shown.hovered) break;
        shown.hovered = hovered;
        this.#draw(shown);
        break;
      }
      case 'button':
        this.#click(shown, input);
        break;
      case 'drag':
        this.#drag(shown, input);
        break;
      case 'key':
        this.#key(shown, input.keycode, input.shift);
        break;
      case 'close-asked':
      case 'other':
        break;
    }
  }

  /** Pressed and let go on the same button, as everywhere. */
  #click(shown: Shown, input: Extract<PanelInput, { type: 'button' }>): void {
    const under = buttonAt(shown.layout, input.x, input.y)?.button.id;
    if (input.down) {
      shown.pressed = under;
      const { rootX, rootY } = input;
      shown.dragFrom = under === undefined ? { rootX, rootY, x: shown.x, y: shown.y } : undefined;
      return;
    }
    const pressed = shown.pressed;
    shown.pressed = undefined;
    shown.dragFrom = undefined;
    if (pressed !== undefined && pressed === under) this.#onPressed(pressed);
  }

  /** Whatever lies beneath can be reached: the window goes where it is pulled. */
  #drag(shown: Shown, { rootX, rootY }: { rootX: number; rootY: number }): void {
    const { dragFrom } = shown;
    if (!dragFrom) return;
    const screen = this.#x.defaultScreen(this.#paint);
    const maxX = this.#x.displayWidth(this.#paint, screen) - shown.layout.width;
    const maxY = this.#x.displayHeight(this.#paint, screen) - shown.layout.height;
    shown.x = Math.max(0, Math.min(maxX, dragFrom.x + rootX - dragFrom.rootX));
    shown.y = Math.max(0, Math.min(maxY, dragFrom.y + rootY - dragFrom.rootY));
    if (shown.panel.kind === 'banner') this.#bannerPlace = { x: shown.x, y: shown.y };
    this.#x.moveWindow(this.#paint, shown.window, shown.x, shown.y);
    this.#x.flush(this.#paint);
  }

  #key(shown: Shown, keycode: number, shift: boolean): void {
    const ids = shown.panel.buttons.map((one) => one.id);
    const at = shown.focused === undefined ? -1 : ids.indexOf(shown.focused);
    const go = (step: number) => {
      shown.focused = ids[(at === -1 && step < 0 ? 0 : at) + step] ?? ids[step < 0 ? ids.length - 1 : 0];
      this.#draw(shown);
    };
    switch (this.#x.keycodeToKeysym(this.#paint, keycode, 0, 0)) {
      case KEYSYM.tab:
        go(shift ? -1 : 1);
        break;
      case KEYSYM.right:
        go(1);
        break;
      case KEYSYM.left:
        go(-1);
        break;
      case KEYSYM.enter:
      case KEYSYM.keypadEnter:
      case KEYSYM.space:
        if (shown.focused !== undefined) this.#onPressed(shown.focused);
        break;
    }
  }

  #raise(shown: Shown): void {
    const nowMs = performance.now();
    const waitMs = this.#raisedAtMs + RAISE_EVERY_MS - nowMs;
    if (waitMs > 0) {
      setTimeout(() => shown === this.#shown && this.#raise(shown), waitMs);
      return;
    }
    this.#raisedAtMs = nowMs;
    this.#x.raiseWindow(this.#paint, shown.window);
    this.#x.flush(this.#paint);
  }

  #draw(shown: Shown): void {
    this.#canvas.draw(shown.window, shown.layout, shown);
  }
}

function buttonIds(panel: Panel): string {
  return panel.buttons.map((one) => one.id).join(' ');
}

function open(library: X11DrawingLibrary, display: string): Pointer {
  const opened = library.openDisplay(display);
  if (opened === null) throw new GuruError('unavailable', `Cannot open the X display '${display}'.`);
  return opened;
}
