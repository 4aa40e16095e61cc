import { LEGACY_KEYSYMS } from './legacy-keysyms.ts';

/** The keysyms that injection itself needs by name (X11 `keysymdef.h`). */
export const KEYSYM = {
  backspace: 0xff08,
  tab: 0xff09,
  return: 0xff0d,
  escape: 0xff1b,
  modeSwitch: 0xff7e,
  numLock: 0xff7f,
  scrollLock: 0xff14,
  shiftLeft: 0xffe1,
  shiftRight: 0xffe2,
  controlLeft: 0xffe3,
  controlRight: 0xffe4,
  capsLock: 0xffe5,
  shiftLock: 0xffe6,
  metaLeft: 0xffe7,
  metaRight: 0xffe8,
  altLeft: 0xffe9,
  altRight: 0xffea,
  superLeft: 0xffeb,
  superRight: 0xffec,
  hyperLeft: 0xffed,
  hyperRight: 0xffee,
  level3Shift: 0xfe03,
  delete: 0xffff,
} as const;

const UNICODE_BASE = 0x0100_0000;
const KEYPAD_FIRST = 0xff80;
const KEYPAD_LAST = 0xffbd;

const CHARACTER_OF_LEGACY = new Map<number, number>();
const LEGACY_OF_CHARACTER = new Map<number, number>();
for (const [first, characters] of LEGACY_KEYSYMS) {
  [...characters].forEach((character, index) => {
    const codePoint = character.codePointAt(0) ?? 0;
    CHARACTER_OF_LEGACY.set(first + index, codePoint);
    if (!LEGACY_OF_CHARACTER.has(codePoint)) LEGACY_OF_CHARACTER.set(codePoint, first + index);
  });
}

/** The character that a keysym types, 0 for keysyms that type none (functions, modifiers, dead keys). */
export function codePointOfKeysym(keysym: number): number {
  if (isLatin1(keysym)) return keysym;
  if (keysym >= UNICODE_BASE + 0x100 && keysym <= UNICODE_BASE + 0x10ffff) return keysym - UNICODE_BASE;
  if (isKeypadKeysym(keysym)) return codePointOfKeypad(keysym);
  return CHARACTER_OF_LEGACY.get(keysym) ?? 0;
}

/** The keysym for a key that shall type this character. */
export function keysymOfCodePoint(codePoint: number): number {
  if (isLatin1(codePoint)) return codePoint;
  return LEGACY_OF_CHARACTER.get(codePoint) ?? UNICODE_BASE + codePoint;
}

/** Keys of the numeric keypad, whatever NumLock makes of them. */
export function isKeypadKeysym(keysym: number): boolean {
  return keysym >= KEYPAD_FIRST && keysym <= KEYPAD_LAST;
}

/** Shift, Control, locks, level and group switches: keys that change others and never repeat. */
export function isModifierKeysym(keysym: number): boolean {
  return (
    (keysym >= KEYSYM.shiftLeft && keysym <= KEYSYM.hyperRight) ||
    (keysym >= 0xfe01 && keysym <= 0xfe13) ||
    keysym === KEYSYM.modeSwitch ||
    keysym === KEYSYM.numLock ||
    keysym === KEYSYM.scrollLock
  );
}

function isLatin1(value: number): boolean {
  return (value >= 0x20 && value <= 0x7e) || (value >= 0xa0 && value <= 0xff);
}

/** KP_Multiply to KP_9, KP_Equal and KP_Space carry their ASCII characters in the low seven bits. */
function codePointOfKeypad(keysym: number): number {
  const typesCharacter = keysym >= 0xffaa || keysym === KEYPAD_FIRST;
  return typesCharacter && keysym <= 0xffb9 ? keysym & 0x7f : keysym === KEYPAD_LAST ? 0x3d : 0;
}
