import { GuruError } from '@guruconnect/shared';
import koffi from 'koffi';
import { EXTENDED, virtualKeyOfScanCode } from './hid-to-scan-code.ts';
import type { CharacterKey, WindowsInput, WindowsInputEvent } from './windows-input.ts';

const INPUT_BYTES = 40;
const INPUT_MOUSE = 0;
const INPUT_KEYBOARD = 1;
const KEY_FLAG = { extended: 1, up: 2, unicode: 4, scanCode: 8 } as const;
const MOUSE_FLAG = { move: 1, wheel: 0x800, horizontalWheel: 0x1000, virtualDesk: 0x4000, absolute: 0x8000 };
/** Flags of going down and up, and the number of an extra button. */
const BUTTONS = [
  { down: 0x2, up: 0x4, data: 0 },
  { down: 0x20, up: 0x40, data: 0 },
  { down: 0x8, up: 0x10, data: 0 },
  { down: 0x80, up: 0x100, data: 1 },
  { down: 0x80, up: 0x100, data: 2 },
] as const;
const METRIC = { swapButton: 23, x: 76, y: 77, width: 78, height: 79 } as const;
const VIRTUAL_KEY = { shift: 0x10, capsLock: 0x14, numLock: 0x90 } as const;
const MAP = { toCharacter: 2, scanCodeToKey: 3, keyToScanCode: 4 } as const;
/** Of `ToUnicodeEx`: leaves the keyboard's state alone. */
const NO_CHANGE = 4;
const DEAD = 0x8000_0000;
const GENERIC_ALL = 0x1000_0000;
const MSG_BYTES = 48;
/** As many events as go in one call; text of any length comes in several. */
const MAX_EVENTS = 512;

const PER_MONITOR_AWARE_V2 = -4n;
const REFUSED =
  'Windows did not take the input: the window in front belongs to a program with more rights than this one.';

/**
 * Windows' input by user32.dll. Everything happens on the thread that calls.
 *
 * @throws `unavailable` where there is no user32.dll
 */
export function openUser32Input(): WindowsInput {
  try {
    return new User32Input(bind());
  } catch (cause) {
    throw new GuruError('unavailable', 'Windows does not let this program control the desktop.', { cause });
  }
}

type User32 = ReturnType<typeof bind>;

function bind() {
  const user32 = koffi.load('user32.dll');
  return {
    sendInput: user32.func('uint32_t __stdcall SendInput(uint32_t, const void *, int)'),
    getForegroundWindow: user32.func('uintptr_t __stdcall GetForegroundWindow()'),
    getWindowThreadProcessId: user32.func(
      'uint32_t __stdcall GetWindowThreadProcessId(uintptr_t, uintptr_t)',
    ),
    getKeyboardLayout: user32.func('uintptr_t __stdcall GetKeyboardLayout(uint32_t)'),
    vkKeyScan: user32.func('int16_t __stdcall VkKeyScanExW(uint16_t, uintptr_t)'),
    mapVirtualKey: user32.func('uint32_t __stdcall MapVirtualKeyExW(uint32_t, uint32_t, uintptr_t)'),
    toUnicode: user32.func(
      'int __stdcall ToUnicodeEx(uint32_t, uint32_t, const void *, void *, int, uint32_t, uintptr_t)',
    ),
    peekMessage: user32.func('int __stdcall PeekMessageW(void *, uintptr_t, uint32_t, uint32_t, uint32_t)'),
    getKeyState: user32.func('int16_t __stdcall GetKeyState(int)'),
    getSystemMetrics: user32.func('int __stdcall GetSystemMetrics(int)'),
    setDpiAwareness: user32.func('intptr_t __stdcall SetThreadDpiAwarenessContext(intptr_t)'),
    openInputDesktop: user32.func('uintptr_t __stdcall OpenInputDesktop(uint32_t, int, uint32_t)'),
    setThreadDesktop: user32.func('int __stdcall SetThreadDesktop(uintptr_t)'),
    closeDesktop: user32.func('int __stdcall CloseDesktop(uintptr_t)'),
  };
}

class User32Input implements WindowsInput {
  readonly #user32: User32;
  /** The desktop that this thread was put on; 0 while it is where it began. */
  #desktop = 0n;

  constructor(user32: User32) {
    this.#user32 = user32;
    // Else places are scaled behind our back on screens with large print.
    user32.setDpiAwareness(PER_MONITOR_AWARE_V2);
  }

  send(events: readonly WindowsInputEvent[]): void {
    for (let from = 0; from < events.length; from += MAX_EVENTS) {
      this.#sendSome(events.slice(from, from + MAX_EVENTS));
    }
  }

  layout(): bigint {
    const { getForegroundWindow, getWindowThreadProcessId, getKeyboardLayout } = this.#user32;
    const thread = getWindowThreadProcessId(getForegroundWindow(), 0);
    return BigInt(getKeyboardLayout(thread));
  }

  characterKey(unit: number, layout: bigint): CharacterKey | undefined {
    const { vkKeyScan, mapVirtualKey } = this.#user32;
    const found: number = vkKeyScan(unit, layout);
    if (found === -1) return undefined;
    const key = found & 0xff;
    const state = (found >> 8) & 0xff;
    const withControl = (state & 2) !== 0;
    const withAlt = (state & 4) !== 0;
    // With Control alone it is a control character, and the bits above are for Japanese and other special keys.
    if (withControl !== withAlt || state > 7) return undefined;
    const scanCode: number = mapVirtualKey(key, MAP.keyToScanCode, layout);
    if (scanCode === 0) return undefined;
    const shift = (state & 1) !== 0;
    return { scanCode, shift, altGr: withAlt, isDead: this.#isDead(key, scanCode, shift, layout) };
  }

  isSameKey(scanCode: number, other: number, layout: bigint): boolean {
    const keyOf = (code: number): number => this.#user32.mapVirtualKey(code, MAP.scanCodeToKey, layout);
    return scanCode === other || (keyOf(scanCode) !== 0 && keyOf(scanCode) === keyOf(other));
  }

  isLocked(lock: 'capsLock' | 'numLock'): boolean {
    // A look at the queue brings this thread's view of the keyboard up to date.
    this.#user32.peekMessage(Buffer.alloc(MSG_BYTES), 0, 0, 0, 0);
    return (this.#user32.getKeyState(VIRTUAL_KEY[lock]) & 1) !== 0;
  }

  buttonsSwapped(): boolean {
    return this.#user32.getSystemMetrics(METRIC.swapButton) !== 0;
  }

  close(): void {
    if (this.#desktop !== 0n) this.#user32.closeDesktop(this.#desktop);
    this.#desktop = 0n;
  }

  /** On the screen may be another desktop meanwhile: the one where one logs on, or the one that asks for rights. */
  #sendSome(events: readonly WindowsInputEvent[]): void {
    const bytes = this.#encode(events);
    const send = (): boolean => this.#user32.sendInput(events.length, bytes, INPUT_BYTES) !== 0;
    if (send() || (this.#followInputDesktop() && send())) return;
    throw new GuruError('not-allowed', REFUSED);
  }

  /** Not tried under Wine, which has one desktop. */
  #followInputDesktop(): boolean {
    const { openInputDesktop, setThreadDesktop, closeDesktop } = this.#user32;
    const desktop = BigInt(openInputDesktop(0, 0, GENERIC_ALL));
    if (desktop === 0n) return false;
    if (!setThreadDesktop(desktop)) {
      closeDesktop(desktop);
      return false;
    }
    this.close();
    this.#desktop = desktop;
    return true;
  }

  #isDead(key: number, scanCode: number, shift: boolean, layout: bigint): boolean {
    const { mapVirtualKey, toUnicode } = this.#user32;
    if (!shift) return (mapVirtualKey(key, MAP.toCharacter, layout) & DEAD) !== 0;
    const state = new Uint8Array(256);
    state[VIRTUAL_KEY.shift] = 0x80;
    return toUnicode(key, scanCode & 0xff, state, new Uint16Array(8), 8, NO_CHANGE, layout) < 0;
  }

  #encode(events: readonly WindowsInputEvent[]): Buffer {
    const bytes = Buffer.alloc(events.length * INPUT_BYTES);
    const layout = this.layout();
    for (const [index, event] of events.entries()) {
      const at = bytes.subarray(index * INPUT_BYTES, (index + 1) * INPUT_BYTES);
      switch (event.type) {
        case 'key':
          writeKey(at, event.scanCode, this.#virtualKey(event.scanCode, layout), event.down);
          break;
        case 'unicode':
          writeKeyboard(at, 0, event.unit, KEY_FLAG.unicode | (event.down ? 0 : KEY_FLAG.up));
          break;
        case 'move':
          this.#writeMove(at, event.x, event.y);
          break;
        case 'button': {
          const button = BUTTONS[event.button] ?? BUTTONS[0];
          writeMouse(at, 0, 0, button.data, event.down ? button.down : button.up);
          break;
        }
        case 'wheel': {
          const { wheel, horizontalWheel } = MOUSE_FLAG;
          writeMouse(at, 0, 0, event.units, event.axis === 'vertical' ? wheel : horizontalWheel);
          break;
        }
      }
    }
    return bytes;
  }

  #virtualKey(scanCode: number, layout: bigint): number {
    const named = virtualKeyOfScanCode(scanCode);
    return named === 0 ? this.#user32.mapVirtualKey(scanCode, MAP.scanCodeToKey, layout) : named;
  }

  /** Windows takes 65536 parts of the whole desktop and rounds down: the middle of the pixel is meant. */
  #writeMove(at: Buffer, x: number, y: number): void {
    const metric = (which: keyof typeof METRIC): number => this.#user32.getSystemMetrics(METRIC[which]);
    const part = (place: number, origin: number, size: number) =>
      Math.floor(((place - origin + 0.5) * 65536) / Math.max(1, size));
    const { move, absolute, virtualDesk } = MOUSE_FLAG;
    const across = part(x, metric('x'), metric('width'));
    const down = part(y, metric('y'), metric('height'));
    writeMouse(at, across, down, 0, move | absolute | virtualDesk);
  }
}

/** With its scan code Windows finds the virtual key itself and ignores the one given, which Wine 8 wants. */
function writeKey(at: Buffer, scanCode: number, virtualKey: number, down: boolean): void {
  const isExtended = (scanCode & EXTENDED) === EXTENDED;
  const flags =
    (isExtended ? KEY_FLAG.extended : 0) |
    (down ? 0 : KEY_FLAG.up) |
    (virtualKeyOfScanCode(scanCode) === 0 ? KEY_FLAG.scanCode : 0);
  writeKeyboard(at, virtualKey, scanCode & 0xff, flags);
}

/** KEYBDINPUT */
function writeKeyboard(at: Buffer, key: number, scanCode: number, flags: number): void {
  at.writeUInt32LE(INPUT_KEYBOARD, 0);
  at.writeUInt16LE(key, 8);
  at.writeUInt16LE(scanCode, 10);
  at.writeUInt32LE(flags, 12);
}

/** MOUSEINPUT */
function writeMouse(at: Buffer, x: number, y: number, data: number, flags: number): void {
  at.writeUInt32LE(INPUT_MOUSE, 0);
  at.writeInt32LE(x, 8);
  at.writeInt32LE(y, 12);
  at.writeInt32LE(data, 16);
  at.writeUInt32LE(flags, 20);
}
