import { MODIFIER } from '@guruconnect/shared';

/** Keyboard and pointer events both tell the modifiers this way. */
export interface ModifierSource {
  getModifierState(name: string): boolean;
}

const DOM_NAMES: readonly (readonly [string, number])[] = [
  ['Shift', MODIFIER.shift],
  ['Control', MODIFIER.control],
  ['Alt', MODIFIER.alt],
  ['Meta', MODIFIER.meta],
  ['AltGraph', MODIFIER.altGraph],
  ['CapsLock', MODIFIER.capsLock],
  ['NumLock', MODIFIER.numLock],
];

/** Sum of the {@link MODIFIER} bits that are on. */
export function modifiersOf(event: ModifierSource): number {
  return DOM_NAMES.reduce((bits, [name, bit]) => (event.getModifierState(name) ? bits | bit : bits), 0);
}
