import { createRequire } from 'node:module';
import { GuruError, POINTER_BUTTONS } from '@guruconnect/shared';
import type { Injector, KeyInput } from './injector.ts';
import { isShift, isShortcutModifier, robotjsKeyName } from './robotjs-keys.ts';

/** The part of robotjs 0.9 that is used; its own types lack `setXDisplayName`. */
interface RobotJs {
  setXDisplayName(display: string): void;
  setMouseDelay(ms: number): void;
  setKeyboardDelay(ms: number): void;
  moveMouse(x: number, y: number): void;
  mouseToggle(direction: 'down' | 'up', button: string): void;
  scrollMouse(left: number, up: number): void;
  keyToggle(key: string, direction: 'down' | 'up'): void;
  typeString(text: string): void;
}

const UNITS_PER_NOTCH = 120;

/**
 * The fallback for machines where koffi cannot load. It knows less than {@link Injector} promises, because
 * robotjs does: characters beyond ASCII, AltGr, the keypad, the media keys and the pointer's back and
 * forward buttons are dropped; characters are tapped, not held; a layout that changes is not followed.
 * robotjs keeps one display for the whole process, so only one of these can be open.
 *
 * @throws `unavailable` when robotjs cannot be loaded either
 */
export function openRobotjsInjector(display: string): Injector {
  const robot = loadRobotjs();
  robot.setXDisplayName(display);
  robot.setMouseDelay(0);
  robot.setKeyboardDelay(0);
  return new RobotjsInjector(robot);
}

function loadRobotjs(): RobotJs {
  try {
    const robot: RobotJs = createRequire(import.meta.url)('robotjs');
    return robot;
  } catch (cause) {
    throw new GuruError('unavailable', 'Neither koffi nor robotjs can control this desktop.', { cause });
  }
}

class RobotjsInjector implements Injector {
  readonly #robot: RobotJs;
  /** robotjs's key by held usage. */
  readonly #keys = new Map<number, string>();
  readonly #buttons = new Set<string>();
  readonly #wheel = { x: 0, y: 0 };
  readonly #onExit = () => this.close();

  constructor(robot: RobotJs) {
    this.#robot = robot;
    process.once('exit', this.#onExit);
  }

  move(x: number, y: number): void {
    this.#robot.moveMouse(Math.round(x), Math.round(y));
  }

  button(button: number, down: boolean): void {
    const name = POINTER_BUTTONS[button];
    if (name === undefined) throw GuruError.invalid('Unknown pointer button.');
    if (name === 'back' || name === 'forward' || down === this.#buttons.has(name)) return;
    if (down) this.#buttons.add(name);
    else this.#buttons.delete(name);
    this.#robot.mouseToggle(down ? 'down' : 'up', name);
  }

  wheel(dx: number, dy: number): void {
    this.#wheel.x += dx;
    this.#wheel.y += dy;
    const right = Math.trunc(this.#wheel.x / UNITS_PER_NOTCH);
    const down = Math.trunc(this.#wheel.y / UNITS_PER_NOTCH);
    this.#wheel.x -= right * UNITS_PER_NOTCH;
    this.#wheel.y -= down * UNITS_PER_NOTCH;
    if (right !== 0 || down !== 0) this.#robot.scrollMouse(-right, -down);
  }

  key(input: KeyInput): void {
    if (!input.down) {
      this.#release(input.usage);
      return;
    }
    const name = robotjsKeyName(input.usage);
    if (name !== undefined) {
      // X repeats held keys by itself.
      if (!this.#keys.has(input.usage)) this.#hold(input.usage, name);
    } else if (isAscii(input.codePoint)) {
      this.#character(input);
    }
  }

  text(text: string): void {
    const shortcuts = [...this.#keys].filter(([usage]) => isShortcutModifier(usage));
    for (const [, name] of shortcuts) this.#robot.keyToggle(name, 'up');
    for (const line of text.replaceAll('\r\n', '\n').split(/(\n|\t)/)) {
      if (line === '\n') this.#tap('enter');
      else if (line === '\t') this.#tap('tab');
      else this.#type([...line].filter((character) => isAscii(character.codePointAt(0) ?? 0)).join(''));
    }
    for (const [, name] of shortcuts) this.#robot.keyToggle(name, 'down');
  }

  held(usages: readonly number[]): void {
    for (const usage of [...this.#keys.keys()]) {
      if (!usages.includes(usage)) this.#release(usage);
    }
  }

  releaseAll(): void {
    this.held([]);
    for (const name of this.#buttons) this.#robot.mouseToggle('up', name);
    this.#buttons.clear();
  }

  close(): void {
    process.off('exit', this.#onExit);
    this.releaseAll();
  }

  #character(input: KeyInput): void {
    const character = String.fromCodePoint(input.codePoint);
    const isShortcut = [...this.#keys.keys()].some(isShortcutModifier);
    if (!isShortcut) {
      this.#type(character);
    } else if (!this.#keys.has(input.usage)) {
      // A capital would make robotjs press Shift by itself.
      this.#hold(input.usage, character.toLowerCase());
    }
  }

  /** robotjs presses Shift where it is needed and lets it go, also when the technician still holds it. */
  #type(text: string): void {
    if (text === '') return;
    const shifts = [...this.#keys].filter(([usage]) => isShift(usage));
    for (const [, name] of shifts) this.#robot.keyToggle(name, 'up');
    this.#robot.typeString(text);
    for (const [, name] of shifts) this.#robot.keyToggle(name, 'down');
  }

  #tap(name: string): void {
    this.#robot.keyToggle(name, 'down');
    this.#robot.keyToggle(name, 'up');
  }

  #hold(usage: number, key: string): void {
    this.#keys.set(usage, key);
    this.#robot.keyToggle(key, 'down');
  }

  #release(usage: number): void {
    const key = this.#keys.get(usage);
    if (key === undefined) return;
    this.#keys.delete(usage);
    this.#robot.keyToggle(key, 'up');
  }
}

function isAscii(codePoint: number): boolean {
  return codePoint >= 0x20 && codePoint < 0x7f;
}
