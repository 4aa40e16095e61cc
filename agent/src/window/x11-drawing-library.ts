import { GuruError } from '@guruconnect/shared';
import koffi, { type KoffiFunc } from 'koffi';
import type { Pointer } from '../input/x11-library.ts';

/** The C functions that a window needs, with C's own parameters; see the Xlib and Xft manuals. */
export interface X11DrawingLibrary {
  openDisplay(name: string): Pointer | null;
  closeDisplay(display: Pointer): number;
  defaultScreen(display: Pointer): number;
  rootWindow(display: Pointer, screen: number): number;
  defaultVisual(display: Pointer, screen: number): Pointer;
  defaultColormap(display: Pointer, screen: number): number;
  defaultDepth(display: Pointer, screen: number): number;
  displayWidth(display: Pointer, screen: number): number;
  displayHeight(display: Pointer, screen: number): number;
  getDefault(display: Pointer, program: string, option: string): string | null;
  createSimpleWindow(
    display: Pointer,
    parent: number,
    x: number,
    y: number,
    width: number,
    height: number,
    border: number,
    borderColour: number,
    background: number,
  ): number;
  destroyWindow(display: Pointer, window: number): number;
  changeWindowAttributes(display: Pointer, window: number, mask: number, values: Uint8Array): number;
  selectInput(display: Pointer, window: number, mask: number): number;
  mapRaised(display: Pointer, window: number): number;
  raiseWindow(display: Pointer, window: number): number;
  moveWindow(display: Pointer, window: number, x: number, y: number): number;
  getInputFocus(display: Pointer, window: BigUint64Array, revertTo: Int32Array): number;
  setInputFocus(display: Pointer, window: number, revertTo: number, time: number): number;
  internAtom(display: Pointer, name: string, onlyIfExists: number): number;
  changeProperty(
    display: Pointer,
    window: number,
    property: number,
    type: number,
    format: number,
    mode: number,
    data: Uint8Array | BigUint64Array,
    count: number,
  ): number;
  sendEvent(display: Pointer, window: number, propagate: number, mask: number, event: Uint8Array): number;
  keycodeToKeysym(display: Pointer, keycode: number, group: number, level: number): number;
  /** Blocks until there is an event; called on a thread of its own. */
  readonly nextEvent: KoffiFunc<(display: Pointer, event: Uint8Array) => number>;
  createPixmap(display: Pointer, drawable: number, width: number, height: number, depth: number): number;
  freePixmap(display: Pointer, pixmap: number): number;
  createGc(display: Pointer, drawable: number, mask: number, values: null): Pointer;
  freeGc(display: Pointer, gc: Pointer): number;
  setForeground(display: Pointer, gc: Pointer, pixel: number): number;
  fillRectangle(
    display: Pointer,
    drawable: number,
    gc: Pointer,
    x: number,
    y: number,
    width: number,
    height: number,
  ): number;
  copyArea(
    display: Pointer,
    from: number,
    to: number,
    gc: Pointer,
    x: number,
    y: number,
    width: number,
    height: number,
    toX: number,
    toY: number,
  ): number;
  flush(display: Pointer): number;
  sync(display: Pointer, discard: number): number;
  xftOpenFont(display: Pointer, screen: number, name: string): Pointer | null;
  xftCloseFont(display: Pointer, font: Pointer): void;
  xftTextExtents(display: Pointer, font: Pointer, text: Buffer, bytes: number, out: Uint8Array): void;
  xftDrawCreate(display: Pointer, drawable: number, visual: Pointer, colormap: number): Pointer | null;
  xftDrawDestroy(draw: Pointer): void;
  xftAllocColour(
    display: Pointer,
    visual: Pointer,
    colormap: number,
    rgba: Uint16Array,
    out: Uint8Array,
  ): number;
  xftDrawText(
    draw: Pointer,
    colour: Uint8Array,
    font: Pointer,
    x: number,
    y: number,
    text: Buffer,
    bytes: number,
  ): void;
}

/** @throws `unavailable` when a library is missing */
export function loadX11DrawingLibrary(): X11DrawingLibrary {
  try {
    return bind();
  } catch (cause) {
    throw new GuruError('unavailable', 'libX11 and libXft are needed to show a window here.', { cause });
  }
}

function bind(): X11DrawingLibrary {
  const x11 = koffi.load('libX11.so.6');
  const xft = koffi.load('libXft.so.2');
  x11.func('int XInitThreads()')();
  // By default an error ends the process, and a window that had the focus may be gone when it is given back. The
  // handler must be callable from any thread, which is not true of a JavaScript function.
  x11.func('void *XSetErrorHandler(void *)')(x11.symbol('XConnectionNumber'));
  return {
    openDisplay: x11.func('void *XOpenDisplay(const char *)'),
    closeDisplay: x11.func('int XCloseDisplay(void *)'),
    defaultScreen: x11.func('int XDefaultScreen(void *)'),
    rootWindow: x11.func('unsigned long XRootWindow(void *, int)'),
    defaultVisual: x11.func('void *XDefaultVisual(void *, int)'),
    defaultColormap: x11.func('unsigned long XDefaultColormap(void *, int)'),
    defaultDepth: x11.func('int XDefaultDepth(void *, int)'),
    displayWidth: x11.func('int XDisplayWidth(void *, int)'),
    displayHeight: x11.func('int XDisplayHeight(void *, int)'),
    getDefault: x11.func('const char *XGetDefault(void *, const char *, const char *)'),
    createSimpleWindow: x11.func(
      'unsigned long XCreateSimpleWindow(void *, unsigned long, int, int, unsigned int, unsigned int, unsigned int, unsigned long, unsigned long)',
    ),
    destroyWindow: x11.func('int XDestroyWindow(void *, unsigned long)'),
    changeWindowAttributes: x11.func(
      'int XChangeWindowAttributes(void *, unsigned long, unsigned long, void *)',
    ),
    selectInput: x11.func('int XSelectInput(void *, unsigned long, long)'),
    mapRaised: x11.func('int XMapRaised(void *, unsigned long)'),
    raiseWindow: x11.func('int XRaiseWindow(void *, unsigned long)'),
    moveWindow: x11.func('int XMoveWindow(void *, unsigned long, int, int)'),
    getInputFocus: x11.func('int XGetInputFocus(void *, void *, void *)'),
    setInputFocus: x11.func('int XSetInputFocus(void *, unsigned long, int, unsigned long)'),
    internAtom: x11.func('unsigned long XInternAtom(void *, const char *, int)'),
    changeProperty: x11.func(
      'int XChangeProperty(void *, unsigned long, unsigned long, unsigned long, int, int, void *, int)',
    ),
    sendEvent: x11.func('int XSendEvent(void *, unsigned long, int, long, void *)'),
    keycodeToKeysym: x11.func('unsigned long XkbKeycodeToKeysym(void *, uint8_t, int, int)'),
    nextEvent: x11.func('int XNextEvent(void *, void *)'),
    createPixmap: x11.func(
      'unsigned long XCreatePixmap(void *, unsigned long, unsigned int, unsigned int, unsigned int)',
    ),
    freePixmap: x11.func('int XFreePixmap(void *, unsigned long)'),
    createGc: x11.func('void *XCreateGC(void *, unsigned long, unsigned long, void *)'),
    freeGc: x11.func('int XFreeGC(void *, void *)'),
    setForeground: x11.func('int XSetForeground(void *, void *, unsigned long)'),
    fillRectangle: x11.func(
      'int XFillRectangle(void *, unsigned long, void *, int, int, unsigned int, unsigned int)',
    ),
    copyArea: x11.func(
      'int XCopyArea(void *, unsigned long, unsigned long, void *, int, int, unsigned int, unsigned int, int, int)',
    ),
    flush: x11.func('int XFlush(void *)'),
    sync: x11.func('int XSync(void *, int)'),
    xftOpenFont: xft.func('void *XftFontOpenName(void *, int, const char *)'),
    xftCloseFont: xft.func('void XftFontClose(void *, void *)'),
    xftTextExtents: xft.func('void XftTextExtentsUtf8(void *, void *, void *, int, void *)'),
    xftDrawCreate: xft.func('void *XftDrawCreate(void *, unsigned long, void *, unsigned long)'),
    xftDrawDestroy: xft.func('void XftDrawDestroy(void *)'),
    xftAllocColour: xft.func('int XftColorAllocValue(void *, void *, unsigned long, void *, void *)'),
    xftDrawText: xft.func('void XftDrawStringUtf8(void *, void *, void *, int, int, void *, int)'),
  };
}
