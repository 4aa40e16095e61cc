import { type Keymap, lowerCase, upperCase, X_MODIFIER } from './keymap.ts';
import { KEYSYM } from './keysyms.ts';

/** The keyboard as the server holds it right now. */
export interface KeyboardState {
  /** Effective core modifiers. */
  readonly modifiers: number;
  /** The part of them that held keys cause. */
  readonly base: number;
  /** The part of `base` that keys pressed by this injector cause, and so may lift for a moment. */
  readonly liftable: number;
  readonly group: number;
  /** False while a held key shifts the group, so that locking another one would not choose it. */
  readonly groupFree: boolean;
}

/** Which key to press, and the modifiers and group that must be in force while it goes down. */
export interface KeyPlan {
  readonly keycode: number;
  readonly modifiers: number;
  readonly group: number;
}

/** Costs order the ways to a character: the technician's own key first, visible side effects last. */
const COST = { otherKey: 0.5, shift: 1, level3: 2, keypad: 3, lock: 4, group: 10 } as const;

/**
 * The cheapest way to type a character on the remote keymap, `undefined` when no key has it.
 *
 * @param own keycode of the key at the technician's physical position, 0 for none
 */
export function planCharacter(
  keymap: Keymap,
  state: KeyboardState,
  own: number,
  codePoint: number,
): KeyPlan | undefined {
  if (keymap.character(own, state.modifiers, state.group) === codePoint) {
    return { keycode: own, modifiers: state.modifiers, group: state.group };
  }
  let best: { cost: number; plan: KeyPlan } | undefined;
  const changes = modifierChanges(keymap, state);
  for (const group of reachableGroups(keymap, state)) {
    for (const keycode of keymap.keycodesOfCharacter(codePoint)) {
      const place = keycode === own ? 0 : COST.otherKey + (keymap.isKeypad(keycode) ? COST.keypad : 0);
      for (const change of changes) {
        const cost = place + change.cost + (group === state.group ? 0 : COST.group);
        if (best !== undefined && cost >= best.cost) continue;
        const modifiers = state.modifiers ^ change.flip;
        if (keymap.character(keycode, modifiers, group) === codePoint) {
          best = { cost, plan: { keycode, modifiers, group } };
        }
      }
    }
  }
  return best?.plan;
}

/**
 * The key of a shortcut: while Control, Alt or Super is held. Letters are found by their small form and
 * pressed with exactly the modifiers that are held, because Shift and a lock mean something else in a
 * shortcut than capitals; letters of another script fall back to the physical key (Control+С is Control+C).
 */
export function planShortcut(
  keymap: Keymap,
  state: KeyboardState,
  own: number,
  codePoint: number,
): KeyPlan | undefined {
  const asItIs = { keycode: own, modifiers: state.modifiers, group: state.group };
  if (lowerCase(codePoint) === upperCase(codePoint)) {
    return planCharacter(keymap, state, own, codePoint) ?? (own === 0 ? undefined : asItIs);
  }
  const letter = lowerCase(codePoint);
  const bare = state.modifiers & ~(X_MODIFIER.shift | X_MODIFIER.lock);
  for (const group of reachableGroups(keymap, state)) {
    const keycodes = [own, ...keymap.keycodesOfCharacter(letter)];
    const keycode = keycodes.find((candidate) => keymap.character(candidate, bare, group) === letter);
    if (keycode !== undefined) return { keycode, modifiers: state.modifiers, group };
  }
  return own === 0 ? undefined : asItIs;
}

/** Whether a held modifier makes the next character a shortcut. */
export function isShortcut(keymap: Keymap, state: KeyboardState): boolean {
  return (state.modifiers & (X_MODIFIER.control | keymap.masks.alt | keymap.masks.super)) !== 0;
}

function reachableGroups(keymap: Keymap, state: KeyboardState): number[] {
  if (!state.groupFree) return [state.group];
  const others = Array.from({ length: keymap.groupCount }, (_, group) => group);
  return [state.group, ...others.filter((group) => group !== state.group)];
}

/** Every set of modifiers that may be turned over for a moment, with what that costs. */
function modifierChanges(keymap: Keymap, state: KeyboardState): { flip: number; cost: number }[] {
  const flips = [
    { flip: X_MODIFIER.shift, cost: COST.shift, on: keymap.keycodeOfKeysym(KEYSYM.shiftLeft) !== 0 },
    { flip: keymap.masks.level3, cost: COST.level3, on: level3Keycode(keymap) !== 0 },
    { flip: X_MODIFIER.lock, cost: COST.lock, on: true },
    { flip: keymap.masks.numLock, cost: COST.lock, on: true },
  ].filter(({ flip, on }) => {
    if (flip === 0) return false;
    if ((state.modifiers & flip) === 0) return on;
    return (state.base & flip & ~state.liftable) === 0;
  });
  let changes = [{ flip: 0, cost: 0 }];
  for (const { flip, cost } of flips) {
    changes = changes.flatMap((set) => [set, { flip: set.flip | flip, cost: set.cost + cost }]);
  }
  return changes;
}

/** The key that reaches the third level (AltGr), 0 when the keymap has none. */
export function level3Keycode(keymap: Keymap): number {
  return keymap.keycodeOfKeysym(KEYSYM.level3Shift) || keymap.keycodeOfKeysym(KEYSYM.modeSwitch);
}
