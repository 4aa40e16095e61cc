import { type KeyboardState, type KeyPlan, level3Keycode } from './key-plan.ts';
import { type Keymap, X_MODIFIER } from './keymap.ts';
import { KEYSYM } from './keysyms.ts';
import type { X11Connection, XkbState } from './x11-connection.ts';

/** The part of XKB's state that planning needs; `held` are the keys that this injector holds. */
export function keyboardState(keymap: Keymap, state: XkbState, held: readonly number[]): KeyboardState {
  const ours = held.reduce((mask, keycode) => mask | keymap.modifiersOf(keycode), 0);
  return {
    modifiers: state.modifiers,
    base: state.base,
    liftable: ours & (X_MODIFIER.shift | keymap.masks.level3),
    group: state.group,
    groupFree: state.baseGroup === 0 && state.latchedGroup === 0,
  };
}

/**
 * Presses a key with exactly the modifiers and group of the plan and puts everything back at once. Shift and
 * AltGr go as key events, because those stay in order with the key even behind a frozen keyboard; locks,
 * which have no key that holds them, are set by XKB requests.
 */
export function pressUnder(
  parts: { readonly connection: X11Connection; readonly keymap: Keymap; readonly held: readonly number[] },
  state: XkbState,
  plan: KeyPlan,
  press: () => void,
): void {
  const { connection, keymap } = parts;
  const undo: (() => void)[] = [];
  if (plan.group !== state.group) {
    connection.lockGroup(plan.group);
    undo.push(() => connection.lockGroup(state.lockedGroup));
  }
  const turnOff = state.modifiers & ~plan.modifiers;
  const turnOn = plan.modifiers & ~state.modifiers;
  for (const keycode of parts.held) {
    if ((keymap.modifiersOf(keycode) & turnOff & state.base) === 0) continue;
    connection.key(keycode, false);
    undo.push(() => connection.key(keycode, true));
  }
  if ((turnOff & state.latched) !== 0) connection.clearLatches(turnOff & state.latched);
  const locks = X_MODIFIER.lock | keymap.masks.numLock;
  const lockMask = (turnOff & state.locked) | (turnOn & locks);
  if (lockMask !== 0) {
    connection.lockModifiers(lockMask, turnOn & locks);
    undo.push(() => connection.lockModifiers(lockMask, state.locked & lockMask));
  }
  for (const keycode of keysFor(keymap, turnOn & ~locks)) {
    connection.key(keycode, true);
    undo.push(() => connection.key(keycode, false));
  }
  press();
  for (const step of undo.reverse()) step();
}

function keysFor(keymap: Keymap, modifiers: number): number[] {
  const keys: number[] = [];
  if ((modifiers & X_MODIFIER.shift) !== 0) keys.push(keymap.keycodeOfKeysym(KEYSYM.shiftLeft));
  if ((modifiers & keymap.masks.level3) !== 0) keys.push(level3Keycode(keymap));
  return keys;
}
