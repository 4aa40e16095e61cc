import { USAGE_OF_CODE } from '@guruconnect/shared';

const { ControlLeft, ShiftLeft, AltLeft, MetaLeft } = USAGE_OF_CODE;

export interface KeyChord {
  readonly label: string;
  readonly usages: readonly number[];
}

/** Shortcuts that the technician's own system or browser would keep for itself. */
export const KEY_CHORDS: readonly KeyChord[] = [
  { label: 'Windows / Super key', usages: [MetaLeft] },
  { label: 'Alt + Tab', usages: [AltLeft, USAGE_OF_CODE.Tab] },
  { label: 'Alt + F4', usages: [AltLeft, USAGE_OF_CODE.F4] },
  { label: 'Ctrl + Shift + Esc', usages: [ControlLeft, ShiftLeft, USAGE_OF_CODE.Escape] },
  { label: 'Windows + R', usages: [MetaLeft, USAGE_OF_CODE.KeyR] },
  { label: 'Print Screen', usages: [USAGE_OF_CODE.PrintScreen] },
  { label: 'Esc', usages: [USAGE_OF_CODE.Escape] },
];

export const FUNCTION_KEYS: readonly KeyChord[] = Array.from({ length: 12 }, (_, index) => ({
  label: `F${index + 1}`,
  usages: [USAGE_OF_CODE.F1 + index],
}));

/** The usage of the key that types a letter or digit on most layouts, 0 for other characters. */
export function usageOfCharacter(character: string): number {
  const lower = character.toLowerCase();
  if (/^[a-z]$/.test(lower)) return USAGE_OF_CODE.KeyA + lower.charCodeAt(0) - 'a'.charCodeAt(0);
  if (lower === '0') return USAGE_OF_CODE.Digit0;
  if (/^[1-9]$/.test(lower)) return USAGE_OF_CODE.Digit1 + Number(lower) - 1;
  return 0;
}
