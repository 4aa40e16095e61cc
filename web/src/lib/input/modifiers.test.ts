import { MODIFIER } from '@guruconnect/shared';
import { expect, it } from 'vitest';
import { modifiersOf } from './modifiers.ts';

it('sums the modifiers and locks that are on', () => {
  const on = ['Shift', 'AltGraph', 'NumLock'];
  const bits = modifiersOf({ getModifierState: (name) => on.includes(name) });
  expect(bits).toBe(MODIFIER.shift | MODIFIER.altGraph | MODIFIER.numLock);
});
