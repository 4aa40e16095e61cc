import { MODIFIER, USAGE_OF_CODE } from '@guruconnect/shared';
import { keycodeOfUsage } from './hid-to-evdev.ts';
import type { KeyInput } from './injector.ts';
import type { KeyboardState } from './key-plan.ts';
import type { Keymap } from './keymap.ts';
import { KEYSYM } from './keysyms.ts';

/** Keysyms that do the work of a modifier key, best first. */
const FUNCTIONS_OF_USAGE = new Map<number, readonly number[]>([
  [USAGE_OF_CODE.ControlLeft, [KEYSYM.controlLeft, KEYSYM.controlRight]],
  [USAGE_OF_CODE.ControlRight, [KEYSYM.controlRight, KEYSYM.controlLeft]],
  [USAGE_OF_CODE.ShiftLeft, [KEYSYM.shiftLeft, KEYSYM.shiftRight]],
  [USAGE_OF_CODE.ShiftRight, [KEYSYM.shiftRight, KEYSYM.shiftLeft]],
  [USAGE_OF_CODE.AltLeft, [KEYSYM.altLeft, KEYSYM.altRight, KEYSYM.metaLeft]],
  [USAGE_OF_CODE.AltRight, [KEYSYM.altRight, KEYSYM.altLeft, KEYSYM.metaRight]],
  [USAGE_OF_CODE.MetaLeft, [KEYSYM.superLeft, KEYSYM.superRight, KEYSYM.hyperLeft, KEYSYM.metaLeft]],
  [USAGE_OF_CODE.MetaRight, [KEYSYM.superRight, KEYSYM.superLeft, KEYSYM.hyperRight, KEYSYM.metaRight]],
]);

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

const KEYSYM_OF_CONTROL = new Map<number, number>([
  [0x08, KEYSYM.backspace],
  [0x09, KEYSYM.tab],
  [0x0a, KEYSYM.return],
  [0x0d, KEYSYM.return],
  [0x1b, KEYSYM.escape],
  [0x7f, KEYSYM.delete],
]);

/** Characters that are keys (Return, Tab, …) rather than letters: C0, DEL and C1. */
export function isControlCharacter(codePoint: number): boolean {
  return codePoint < 0x20 || (codePoint >= 0x7f && codePoint < 0xa0);
}

/** The key for a control character, 0 for those that no key types. */
export function keycodeOfControl(keymap: Keymap, codePoint: number): number {
  const keysym = KEYSYM_OF_CONTROL.get(codePoint);
  return keysym === undefined ? 0 : keymap.keycodeOfKeysym(keysym);
}

/** The remote key for a technician's key without a character; 0 when it shall do nothing. */
export function resolveNamedKey(keymap: Keymap, state: KeyboardState, input: KeyInput): number {
  const functions = FUNCTIONS_OF_USAGE.get(input.usage);
  if (functions !== undefined) return resolveModifier(keymap, input, functions);
  const keycode = keycodeOfUsage(input.usage);
  if (keycode === 0) return input.codePoint === 0 ? 0 : keycodeOfControl(keymap, input.codePoint);
  // The technician's NumLock is off and the remote one is on: move, do not type a digit.
  const navigation = NAVIGATION_OF_KEYPAD.get(input.usage);
  if (navigation !== undefined && keymap.character(keycode, state.modifiers, state.group) !== 0) {
    return keycodeOfUsage(navigation);
  }
  return keycode;
}

/**
 * AltGr only where the remote key is AltGr: elsewhere it would be Alt, and characters that need it are found
 * on their own. The other modifiers keep their function where the remote user has moved them to other keys.
 */
function resolveModifier(keymap: Keymap, input: KeyInput, functions: readonly number[]): number {
  const keycode = keycodeOfUsage(input.usage);
  const keysym = keymap.keysym(keycode, 0, 0);
  if (input.usage === USAGE_OF_CODE.AltRight) {
    const remoteIsAltGr = keysym === KEYSYM.level3Shift || keysym === KEYSYM.modeSwitch;
    if ((input.modifiers & MODIFIER.altGraph) !== 0) return remoteIsAltGr ? keycode : 0;
    const saysAlt = (input.modifiers & MODIFIER.alt) !== 0;
    if (remoteIsAltGr && !saysAlt) return keycode;
  }
  if (functions.includes(keysym)) return keycode;
  const elsewhere = functions.map((each) => keymap.keycodeOfKeysym(each)).find((found) => found !== 0);
  return elsewhere ?? keycode;
}
