import { MODIFIER, USAGE_OF_CODE } from '@guruconnect/shared';
import { HeldKeys } from './held-keys.ts';
import { scanCodeOfUsage } from './hid-to-scan-code.ts';
import type { KeyInput } from './injector.ts';
import type { CharacterKey, WindowsInput, WindowsInputEvent } from './windows-input.ts';
import { SCAN, WindowsModifiers } from './windows-modifiers.ts';

/** Keys that move like the keypad's without NumLock; Numpad5 has none. */
const NAVIGATION_OF_KEYPAD = new Map<number, number>([
  [USAGE_OF_CODE.Numpad1, USAGE_OF_CODE.End],
  [USAGE_OF_CODE.Numpad2, USAGE_OF_CODE.ArrowDown],
  [USAGE_OF_CODE.Numpad3, USAGE_OF_CODE.PageDown],
  [USAGE_OF_CODE.Numpad4, USAGE_OF_CODE.ArrowLeft],
  [USAGE_OF_CODE.Numpad5, 0],
  [USAGE_OF_CODE.Numpad6, USAGE_OF_CODE.ArrowRight],
  [USAGE_OF_CODE.Numpad7, USAGE_OF_CODE.Home],
  [USAGE_OF_CODE.Numpad8, USAGE_OF_CODE.ArrowUp],
  [USAGE_OF_CODE.Numpad9, USAGE_OF_CODE.PageUp],
  [USAGE_OF_CODE.Numpad0, USAGE_OF_CODE.Insert],
  [USAGE_OF_CODE.NumpadDecimal, USAGE_OF_CODE.Delete],
]);

/** Keypad keys that give the same whatever NumLock says. */
const KEYPAD_OPERATORS = new Set<number>([
  USAGE_OF_CODE.NumpadDivide,
  USAGE_OF_CODE.NumpadMultiply,
  USAGE_OF_CODE.NumpadSubtract,
  USAGE_OF_CODE.NumpadAdd,
]);

const SCAN_CODE_OF_CONTROL = new Map<number, number>([
  [0x08, SCAN.backspace],
  [0x09, SCAN.tab],
  [0x0a, SCAN.enter],
  [0x0d, SCAN.enter],
  [0x1b, SCAN.escape],
  [0x7f, SCAN.delete],
]);

/** What to press, and which modifiers must be in force while it goes down; those left out stay as they are. */
interface Plan {
  readonly scanCode: number;
  readonly shift?: boolean;
  readonly altGr?: boolean;
}

/**
 * The technician's keyboard on the remote one. Keys with a character arrive as that character whatever the two layouts
 * are; the others arrive by their physical place. Characters that the remote layout lacks come as Unicode input.
 */
export class WindowsKeyboard {
  readonly #windows: WindowsInput;
  readonly #held = new HeldKeys();
  readonly #altGrOfLayout = new Map<bigint, boolean>();

  constructor(windows: WindowsInput) {
    this.#windows = windows;
  }

  key(input: KeyInput): void {
    const held = this.#held.keycodeOf(input.usage);
    if (!input.down) {
      if (held !== undefined) this.#release(input.usage);
      return;
    }
    if (input.repeat && held !== undefined && SCAN.modifiers.has(held)) return;
    this.#press(input, held ?? 0);
  }

  /** Line ends of all systems become one Return; halves of surrogate pairs are no characters. */
  text(text: string): void {
    const modifiers = this.#modifiers();
    const typed: WindowsInputEvent[] = [];
    for (const character of text.replaceAll('\r\n', '\n')) {
      const codePoint = character.codePointAt(0) ?? 0;
      if (isControlCharacter(codePoint)) typed.push(...tap(SCAN_CODE_OF_CONTROL.get(codePoint) ?? 0));
      else if (codePoint < 0xd800 || codePoint > 0xdfff) typed.push(...unicode(character));
    }
    if (typed.length > 0) this.#windows.send(modifiers.withoutAny(typed));
  }

  held(usages: readonly number[]): void {
    const kept = new Set(usages);
    this.#releaseMany(this.#held.usages().filter((usage) => !kept.has(usage)));
  }

  releaseAll(): void {
    this.#releaseMany(this.#held.usages());
  }

  #press(input: KeyInput, before: number): void {
    const plan = this.#plan(input);
    // A key that is down already goes down again, as one does that repeats.
    if (before !== 0 && before !== plan?.scanCode) this.#release(input.usage);
    if (!plan) {
      if (input.usage !== 0) this.#held.press(input.usage, 0);
      if (isCharacter(input)) this.#windows.send(this.#modifiers().withoutAny(unicode(charOf(input))));
      return;
    }
    const { scanCode } = plan;
    const press: WindowsInputEvent[] =
      input.usage === 0 ? tap(scanCode) : [{ type: 'key', scanCode, down: true }];
    this.#windows.send(this.#modifiers().under(plan, press));
    if (input.usage !== 0) this.#held.press(input.usage, scanCode);
  }

  /** undefined: no key does it. */
  #plan(input: KeyInput): Plan | undefined {
    const layout = this.#windows.layout();
    if (!isCharacter(input)) {
      const scanCode = this.#namedKey(input, layout);
      return scanCode === 0 ? undefined : { scanCode };
    }
    const own = scanCodeOfUsage(input.usage);
    if (KEYPAD_OPERATORS.has(input.usage)) return { scanCode: own };
    const isKeypad = NAVIGATION_OF_KEYPAD.has(input.usage);
    if (isKeypad && this.#windows.isLocked('numLock')) return { scanCode: own };
    return this.#isShortcut(input) ? this.#shortcut(input, own, layout) : this.#character(input, own, layout);
  }

  #character({ codePoint }: KeyInput, own: number, layout: bigint): Plan | undefined {
    const found = this.#find(codePoint, layout);
    if (!found) return undefined;
    const isCased = lowerCase(codePoint) !== upperCase(codePoint);
    // CapsLock exchanges capitals and small letters.
    const shift = isCased && this.#windows.isLocked('capsLock') ? !found.shift : found.shift;
    return { scanCode: this.#preferred(own, found, layout), shift, altGr: found.altGr };
  }

  /**
   * Letters are found by their small form and pressed with exactly what is held: Shift and a lock mean something else in
   * a shortcut than capitals. Letters of another script fall back to the physical key (Control+С is Control+C).
   */
  #shortcut({ codePoint }: KeyInput, own: number, layout: bigint): Plan | undefined {
    const isCased = lowerCase(codePoint) !== upperCase(codePoint);
    const found = this.#find(isCased ? lowerCase(codePoint) : codePoint, layout);
    if (!found || found.altGr) return own === 0 ? undefined : { scanCode: own };
    const scanCode = this.#preferred(own, found, layout);
    return isCased ? { scanCode } : { scanCode, shift: found.shift };
  }

  /** A dead key alone would type nothing yet. */
  #find(codePoint: number, layout: bigint): CharacterKey | undefined {
    if (codePoint > 0xffff) return undefined;
    const found = this.#windows.characterKey(codePoint, layout);
    return found?.isDead ? undefined : found;
  }

  #preferred(own: number, found: CharacterKey, layout: bigint): number {
    const isOwn = own !== 0 && this.#windows.isSameKey(own, found.scanCode, layout);
    return isOwn ? own : found.scanCode;
  }

  /** What the technician's own AltGr made is a character and no shortcut. */
  #isShortcut({ modifiers }: KeyInput): boolean {
    if ((modifiers & MODIFIER.altGraph) !== 0) return false;
    const { control, alt, meta } = this.#modifiers();
    return meta || control !== alt || (control && alt && !this.#modifiers().isAltGr);
  }

  #namedKey(input: KeyInput, layout: bigint): number {
    if (input.usage === USAGE_OF_CODE.AltRight) return this.#rightAlt(input, layout);
    const scanCode = scanCodeOfUsage(input.usage);
    if (scanCode === 0) return SCAN_CODE_OF_CONTROL.get(input.codePoint) ?? 0;
    // The technician's NumLock is off and the remote one is on: move, do not type a digit.
    const navigation = NAVIGATION_OF_KEYPAD.get(input.usage);
    if (navigation !== undefined && this.#windows.isLocked('numLock')) return scanCodeOfUsage(navigation);
    return scanCode;
  }

  /** AltGr only where the remote key is AltGr; elsewhere characters that need it are found on their own. */
  #rightAlt({ modifiers }: KeyInput, layout: bigint): number {
    const remoteIsAltGr = this.#hasAltGr(layout);
    if ((modifiers & MODIFIER.altGraph) !== 0) return remoteIsAltGr ? SCAN.rightAlt : 0;
    return remoteIsAltGr && (modifiers & MODIFIER.alt) !== 0 ? SCAN.leftAlt : SCAN.rightAlt;
  }

  #hasAltGr(layout: bigint): boolean {
    const known = this.#altGrOfLayout.get(layout);
    if (known !== undefined) return known;
    // Nothing else tells: the layouts that have it give it some of these.
    const has = [...'@€{}[]\\|~#µ²³«»£§°'].some(
      (one) => this.#windows.characterKey(one.charCodeAt(0), layout)?.altGr === true,
    );
    this.#altGrOfLayout.set(layout, has);
    return has;
  }

  #modifiers(): WindowsModifiers {
    return new WindowsModifiers(this.#held.keycodes(), this.#hasAltGr(this.#windows.layout()));
  }

  #release(usage: number): void {
    const scanCode = this.#held.release(usage);
    if (scanCode !== 0) this.#windows.send([{ type: 'key', scanCode, down: false }]);
  }

  /** Modifiers go last, so that no key is seen without those that it was pressed with. */
  #releaseMany(usages: readonly number[]): void {
    const isModifier = (usage: number) => SCAN.modifiers.has(this.#held.keycodeOf(usage) ?? 0);
    for (const usage of usages.filter((each) => !isModifier(each))) this.#release(usage);
    for (const usage of usages.filter(isModifier)) this.#release(usage);
  }
}

function isCharacter({ codePoint }: KeyInput): boolean {
  return codePoint !== 0 && !isControlCharacter(codePoint);
}

/** Characters that are keys (Return, Tab, …) rather than letters: C0, DEL and C1. */
function isControlCharacter(codePoint: number): boolean {
  return codePoint < 0x20 || (codePoint >= 0x7f && codePoint < 0xa0);
}

function charOf({ codePoint }: KeyInput): string {
  return String.fromCodePoint(codePoint);
}

function lowerCase(codePoint: number): number {
  return oneCodePoint(String.fromCodePoint(codePoint).toLowerCase()) ?? codePoint;
}

function upperCase(codePoint: number): number {
  return oneCodePoint(String.fromCodePoint(codePoint).toUpperCase()) ?? codePoint;
}

/** The capital of ß is two letters. */
function oneCodePoint(text: string): number | undefined {
  return [...text].length === 1 ? text.codePointAt(0) : undefined;
}

function tap(scanCode: number): WindowsInputEvent[] {
  if (scanCode === 0) return [];
  return [
    { type: 'key', scanCode, down: true },
    { type: 'key', scanCode, down: false },
  ];
}

function unicode(character: string): WindowsInputEvent[] {
  return character.split('').flatMap((one): WindowsInputEvent[] => {
    const unit = one.charCodeAt(0);
    return [
      { type: 'unicode', unit, down: true },
      { type: 'unicode', unit, down: false },
    ];
  });
}
