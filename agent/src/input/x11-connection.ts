import { GuruError } from '@guruconnect/shared';
import type { Keymap } from './keymap.ts';
import { readKeymap } from './read-keymap.ts';
import {
  copyMemory,
  type Pointer,
  registerIoErrorExitHandler,
  unregisterHandler,
  writeByte,
  type X11Library,
} from './x11-library.ts';

/** XkbUseCoreKbd: the keyboard that applications see, which merges all real ones and XTEST's. */
const CORE_KEYBOARD = 0x100;
const MAP_EVENTS = 0b11; // XkbNewKeyboardNotify and XkbMapNotify.
const CLIENT_MAP = 0b111; // Key types, keysyms and modifier map.
const ALL_COMPONENTS = 0xff;
const PER_KEY_REPEAT = 0x4000_0000;
const XEVENT_BYTES = 192;
const MAX_BUTTONS = 32;
const KEYS_MIN = 8;
const KEYS_MAX = 255;

/** XKB's keyboard state, as far as injection needs it. */
export interface XkbState {
  readonly modifiers: number;
  readonly base: number;
  readonly latched: number;
  readonly locked: number;
  readonly group: number;
  readonly baseGroup: number;
  readonly lockedGroup: number;
  readonly latchedGroup: number;
}

/**
 * One connection to an X server, with XTEST. Losing the server marks the connection lost instead of ending
 * the process.
 */
export class X11Connection {
  readonly #x: X11Library;
  readonly #display: Pointer;
  readonly #controls: Pointer;
  readonly #onLost: Pointer | undefined;
  #lost = false;
  #closed = false;

  /** @throws `unavailable` when the display cannot be opened or lacks XTEST or XKB */
  constructor(library: X11Library, display: string) {
    this.#x = library;
    const opened = library.openDisplay(display);
    if (opened === null) throw new GuruError('unavailable', `Cannot open the X display '${display}'.`);
    this.#display = opened;
    const out = [0, 1, 2, 3].map(() => new Int32Array(1));
    const keyboard =
      library.testQueryExtension(opened, ...out) === 0
        ? null
        : library.xkbGetMap(opened, CLIENT_MAP, CORE_KEYBOARD);
    if (keyboard === null) {
      library.closeDisplay(opened);
      throw new GuruError('unavailable', `The X display '${display}' lacks XTEST or XKB.`);
    }
    this.#controls = keyboard;
    if (library.setIoErrorExitHandler !== undefined) {
      this.#onLost = registerIoErrorExitHandler(() => {
        this.#lost = true;
      });
      library.setIoErrorExitHandler(opened, this.#onLost, null);
    }
    // Some window managers grab the server while a window is moved; input must go on then.
    library.testGrabControl(opened, 1);
    library.xkbSelectEvents(opened, CORE_KEYBOARD, MAP_EVENTS, MAP_EVENTS);
  }

  get lost(): boolean {
    return this.#lost;
  }

  move(x: number, y: number): void {
    this.#send(() => this.#x.testMotion(this.#display, -1, coordinate(x), coordinate(y), 0));
  }

  button(button: number, down: boolean): void {
    this.#send(() => this.#x.testButton(this.#display, button, down ? 1 : 0, 0));
  }

  key(keycode: number, down: boolean): void {
    if (keycode < KEYS_MIN || keycode > KEYS_MAX) return;
    this.#send(() => this.#x.testKey(this.#display, keycode, down ? 1 : 0, 0));
  }

  /**
   * Presses a key that the server will not repeat: the server decides when a key goes down, so the key's
   * repeat is off for that one event and, in the same batch of requests, on again for the local keyboard.
   */
  pressWithoutRepeat(keycode: number): void {
    if (keycode < KEYS_MIN || keycode > KEYS_MAX) return;
    this.#send(() => {
      this.#x.xkbGetControls(this.#display, PER_KEY_REPEAT, this.#controls);
      const controls = copyMemory(this.#controls, 24).getBigUint64(16, true);
      const offset = 52 + (keycode >> 3); // XkbControlsRec.per_key_repeat
      const repeats = copyMemory(controls, 84).getUint8(offset);
      const silent = repeats & ~(1 << (keycode & 7));
      if (silent !== repeats) this.#setRepeat(controls, offset, silent);
      this.#x.testKey(this.#display, keycode, 1, 0);
      if (silent !== repeats) this.#setRepeat(controls, offset, repeats);
    });
  }

  lockModifiers(mask: number, values: number): void {
    this.#send(() => this.#x.xkbLockModifiers(this.#display, CORE_KEYBOARD, mask, values));
  }

  clearLatches(mask: number): void {
    this.#send(() => this.#x.xkbLatchModifiers(this.#display, CORE_KEYBOARD, mask, 0));
  }

  lockGroup(group: number): void {
    this.#send(() => this.#x.xkbLockGroup(this.#display, CORE_KEYBOARD, group));
  }

  /** Gives a key one keysym under all modifiers, or none (0), and waits until the server has told everybody. */
  changeKeysym(keycode: number, keysym: number): void {
    const both = new BigUint64Array(2).fill(BigInt(keysym));
    this.#send(() => {
      this.#x.changeKeyboardMapping(this.#display, keycode, both.length, both, 1);
      return this.#x.sync(this.#display, 0);
    });
  }

  flush(): void {
    this.#send(() => this.#x.flush(this.#display));
  }

  /** True when a keyboard or pointer map changed since the last call. */
  takeMapChanges(): boolean {
    return this.#send(() => {
      const event = new Uint8Array(XEVENT_BYTES);
      let changed = false;
      while (!this.#lost && this.#x.pending(this.#display) > 0) {
        this.#x.nextEvent(this.#display, event);
        changed = true; // No other events are selected.
      }
      return changed;
    });
  }

  state(): XkbState {
    return this.#send(() => {
      const bytes = new Uint8Array(32);
      this.#x.xkbGetState(this.#display, CORE_KEYBOARD, bytes);
      const view = new DataView(bytes.buffer);
      return {
        group: view.getUint8(0),
        lockedGroup: view.getUint8(1),
        baseGroup: view.getUint16(2, true),
        latchedGroup: view.getUint16(4, true),
        modifiers: view.getUint8(6),
        base: view.getUint8(7),
        latched: view.getUint8(8),
        locked: view.getUint8(9),
      };
    });
  }

  keymap(): Keymap {
    return this.#send(() => {
      const keyboard = this.#x.xkbGetMap(this.#display, CLIENT_MAP, CORE_KEYBOARD);
      if (keyboard === null) throw new GuruError('unavailable', 'The X server did not tell its keymap.');
      try {
        return readKeymap(keyboard);
      } finally {
        this.#x.xkbFreeKeyboard(keyboard, ALL_COMPONENTS, 1);
      }
    });
  }

  /** Keycodes that are down, whoever holds them. */
  keysDown(): number[] {
    return this.#send(() => {
      const bits = new Uint8Array(32);
      this.#x.queryKeymap(this.#display, bits);
      const all = Array.from({ length: 256 }, (_, keycode) => keycode);
      return all.filter((keycode) => ((bits[keycode >> 3] ?? 0) & (1 << (keycode & 7))) !== 0);
    });
  }

  /** For each physical button, from 1, the button that applications see. */
  pointerMapping(): number[] {
    return this.#send(() => {
      const map = new Uint8Array(MAX_BUTTONS);
      const count = this.#x.getPointerMapping(this.#display, map, MAX_BUTTONS);
      return [...map.subarray(0, Math.min(count, MAX_BUTTONS))];
    });
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    // Xlib must not be entered again for a display that was lost.
    if (this.#lost) return;
    this.#x.xkbFreeKeyboard(this.#controls, ALL_COMPONENTS, 1);
    this.#x.closeDisplay(this.#display);
    if (this.#onLost !== undefined) unregisterHandler(this.#onLost);
  }

  #setRepeat(controls: Pointer, offset: number, bits: number): void {
    writeByte(controls, offset, bits);
    this.#x.xkbSetControls(this.#display, PER_KEY_REPEAT, this.#controls);
  }

  #send<T>(call: () => T): T {
    if (this.#closed) throw new GuruError('unavailable', 'This connection to the display is closed.');
    if (!this.#lost) {
      const result = call();
      if (!this.#lost) return result;
    }
    throw new GuruError('unavailable', 'The display server went away.');
  }
}

/** The protocol has 16-bit coordinates; the server keeps the pointer on its screen. */
function coordinate(value: number): number {
  return Math.max(0, Math.min(0x7fff, Math.round(value)));
}
