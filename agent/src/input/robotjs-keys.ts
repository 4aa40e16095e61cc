import { USAGE_OF_CODE } from '@guruconnect/shared';

/** robotjs's names of keys without a character, by USB HID usage. */
const NAMES = new Map<number, string>([
  [USAGE_OF_CODE.Enter, 'enter'],
  [USAGE_OF_CODE.NumpadEnter, 'enter'],
  [USAGE_OF_CODE.Escape, 'escape'],
  [USAGE_OF_CODE.Backspace, 'backspace'],
  [USAGE_OF_CODE.Tab, 'tab'],
  [USAGE_OF_CODE.CapsLock, 'capslock'],
  [USAGE_OF_CODE.PrintScreen, 'printscreen'],
  [USAGE_OF_CODE.Insert, 'insert'],
  [USAGE_OF_CODE.Home, 'home'],
  [USAGE_OF_CODE.PageUp, 'pageup'],
  [USAGE_OF_CODE.Delete, 'delete'],
  [USAGE_OF_CODE.End, 'end'],
  [USAGE_OF_CODE.PageDown, 'pagedown'],
  [USAGE_OF_CODE.ArrowRight, 'right'],
  [USAGE_OF_CODE.ArrowLeft, 'left'],
  [USAGE_OF_CODE.ArrowDown, 'down'],
  [USAGE_OF_CODE.ArrowUp, 'up'],
  [USAGE_OF_CODE.ContextMenu, 'menu'],
  [USAGE_OF_CODE.ControlLeft, 'left_control'],
  [USAGE_OF_CODE.ControlRight, 'right_control'],
  [USAGE_OF_CODE.ShiftLeft, 'shift'],
  [USAGE_OF_CODE.ShiftRight, 'right_shift'],
  [USAGE_OF_CODE.AltLeft, 'alt'],
  [USAGE_OF_CODE.MetaLeft, 'command'],
  [USAGE_OF_CODE.MetaRight, 'command'],
]);

const SHIFTS: ReadonlySet<number> = new Set([USAGE_OF_CODE.ShiftLeft, USAGE_OF_CODE.ShiftRight]);
const SHORTCUTS: ReadonlySet<number> = new Set([
  USAGE_OF_CODE.ControlLeft,
  USAGE_OF_CODE.ControlRight,
  USAGE_OF_CODE.AltLeft,
  USAGE_OF_CODE.MetaLeft,
  USAGE_OF_CODE.MetaRight,
]);

/** robotjs's name for a key without a character, `undefined` for keys that it does not know. */
export function robotjsKeyName(usage: number): string | undefined {
  if (usage >= USAGE_OF_CODE.F1 && usage <= USAGE_OF_CODE.F12) return `f${usage - USAGE_OF_CODE.F1 + 1}`;
  if (usage >= USAGE_OF_CODE.F13 && usage <= USAGE_OF_CODE.F24) return `f${usage - USAGE_OF_CODE.F13 + 13}`;
  return NAMES.get(usage);
}

export function isShift(usage: number): boolean {
  return SHIFTS.has(usage);
}

/** Control, Alt and the Windows key: characters with one of them are shortcuts. */
export function isShortcutModifier(usage: number): boolean {
  return SHORTCUTS.has(usage);
}
