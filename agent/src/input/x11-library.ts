import { GuruError } from '@guruconnect/shared';
import koffi, { type LibraryHandle } from 'koffi';

/** An address in this process. */
export type Pointer = bigint;

/** The C functions that injection needs, with C's own parameters; see Xlib, XKBlib and XTest manuals. */
export interface X11Library {
  openDisplay(name: string): Pointer | null;
  closeDisplay(display: Pointer): number;
  flush(display: Pointer): number;
  sync(display: Pointer, discard: number): number;
  pending(display: Pointer): number;
  nextEvent(display: Pointer, event: Uint8Array): number;
  queryKeymap(display: Pointer, keys: Uint8Array): number;
  changeKeyboardMapping(
    display: Pointer,
    first: number,
    per: number,
    syms: BigUint64Array,
    n: number,
  ): number;
  getPointerMapping(display: Pointer, map: Uint8Array, length: number): number;
  /** Absent before libX11 1.7: there a lost display server ends the process. */
  readonly setIoErrorExitHandler: ((display: Pointer, handler: Pointer, data: null) => void) | undefined;
  testQueryExtension(display: Pointer, ...out: Int32Array[]): number;
  testGrabControl(display: Pointer, impervious: number): number;
  testKey(display: Pointer, keycode: number, down: number, delay: number): number;
  testButton(display: Pointer, button: number, down: number, delay: number): number;
  testMotion(display: Pointer, screen: number, x: number, y: number, delay: number): number;
  xkbSelectEvents(display: Pointer, device: number, mask: number, values: number): number;
  xkbGetState(display: Pointer, device: number, state: Uint8Array): number;
  xkbGetMap(display: Pointer, which: number, device: number): Pointer | null;
  xkbFreeKeyboard(keyboard: Pointer, which: number, all: number): void;
  xkbGetControls(display: Pointer, which: number, keyboard: Pointer): number;
  xkbSetControls(display: Pointer, which: number, keyboard: Pointer): number;
  xkbLockModifiers(display: Pointer, device: number, mask: number, values: number): number;
  xkbLatchModifiers(display: Pointer, device: number, mask: number, values: number): number;
  xkbLockGroup(display: Pointer, device: number, group: number): number;
}

/**
 * Loads libX11 and libXtst. XInitThreads comes before everything else because the capture addon uses Xlib
 * in threads of the same process, on connections of its own.
 *
 * @throws `unavailable` when a library is missing
 */
export function loadX11Library(): X11Library {
  try {
    return bind(koffi.load('libX11.so.6'), koffi.load('libXtst.so.6'));
  } catch (cause) {
    throw new GuruError('unavailable', 'libX11 and libXtst are needed to control this desktop.', { cause });
  }
}

/** Makes a C callback of the type that `setIoErrorExitHandler` takes; free it with `koffi.unregister`. */
export function registerIoErrorExitHandler(handler: () => void): Pointer {
  return koffi.register(handler, koffi.pointer(koffi.proto('void', ['void *', 'void *'])));
}

export function unregisterHandler(handler: Pointer): void {
  koffi.unregister(handler);
}

/** Copies C memory; the result stays valid when the memory is freed. */
export function copyMemory(address: Pointer, length: number): DataView {
  const bytes: Uint8Array = koffi.decode(address, koffi.array('uint8', length, 'Typed'));
  return new DataView(bytes.buffer, bytes.byteOffset, length);
}

export function writeByte(address: Pointer, offset: number, value: number): void {
  koffi.encode(address, offset, 'uint8', value);
}

function bind(x11: LibraryHandle, xtst: LibraryHandle): X11Library {
  x11.func('int XInitThreads()')();
  surviveErrors(x11);
  return {
    openDisplay: x11.func('void *XOpenDisplay(const char *)'),
    closeDisplay: x11.func('int XCloseDisplay(void *)'),
    flush: x11.func('int XFlush(void *)'),
    sync: x11.func('int XSync(void *, int)'),
    pending: x11.func('int XPending(void *)'),
    nextEvent: x11.func('int XNextEvent(void *, void *)'),
    queryKeymap: x11.func('int XQueryKeymap(void *, void *)'),
    changeKeyboardMapping: x11.func('int XChangeKeyboardMapping(void *, int, int, void *, int)'),
    getPointerMapping: x11.func('int XGetPointerMapping(void *, void *, int)'),
    setIoErrorExitHandler: optional(() => x11.func('void XSetIOErrorExitHandler(void *, void *, void *)')),
    testQueryExtension: xtst.func('int XTestQueryExtension(void *, void *, void *, void *, void *)'),
    testGrabControl: xtst.func('int XTestGrabControl(void *, int)'),
    testKey: xtst.func('int XTestFakeKeyEvent(void *, unsigned int, int, unsigned long)'),
    testButton: xtst.func('int XTestFakeButtonEvent(void *, unsigned int, int, unsigned long)'),
    testMotion: xtst.func('int XTestFakeMotionEvent(void *, int, int, int, unsigned long)'),
    xkbSelectEvents: x11.func('int XkbSelectEvents(void *, unsigned int, unsigned int, unsigned int)'),
    xkbGetState: x11.func('int XkbGetState(void *, unsigned int, void *)'),
    xkbGetMap: x11.func('void *XkbGetMap(void *, unsigned int, unsigned int)'),
    xkbFreeKeyboard: x11.func('void XkbFreeKeyboard(void *, unsigned int, int)'),
    xkbGetControls: x11.func('int XkbGetControls(void *, unsigned long, void *)'),
    xkbSetControls: x11.func('int XkbSetControls(void *, unsigned long, void *)'),
    xkbLockModifiers: x11.func('int XkbLockModifiers(void *, unsigned int, unsigned int, unsigned int)'),
    xkbLatchModifiers: x11.func('int XkbLatchModifiers(void *, unsigned int, unsigned int, unsigned int)'),
    xkbLockGroup: x11.func('int XkbLockGroup(void *, unsigned int, unsigned int)'),
  };
}

/**
 * Xlib's default error handlers end the process. They are global to it, so they are replaced only while they
 * are the defaults (the capture addon brings its own), and by a function of libX11 itself that merely returns
 * the connection's number: any thread may call it, which is not true of a JavaScript function.
 */
function surviveErrors(x11: LibraryHandle): void {
  const harmless: Pointer = x11.symbol('XConnectionNumber');
  for (const [setter, symbol] of [
    ['XSetErrorHandler', '_XDefaultError'],
    ['XSetIOErrorHandler', '_XDefaultIOError'],
  ] as const) {
    const set: (handler: Pointer) => Pointer = x11.func(`void *${setter}(void *)`);
    const previous = set(harmless);
    if (previous !== x11.symbol(symbol)) set(previous);
  }
}

function optional<T>(load: () => T): T | undefined {
  try {
    return load();
  } catch {
    return undefined;
  }
}
