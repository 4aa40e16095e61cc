import { EXTENDED } from './hid-to-scan-code.ts';
import type { WindowsInputEvent } from './windows-input.ts';

const LEFT_SHIFT = 0x2a;
const RIGHT_SHIFT = 0x36;
const LEFT_CONTROL = 0x1d;
const RIGHT_CONTROL = EXTENDED | 0x1d;
const LEFT_ALT = 0x38;
const RIGHT_ALT = EXTENDED | 0x38;
const LEFT_META = EXTENDED | 0x5b;
const RIGHT_META = EXTENDED | 0x5c;

const SHIFTS = [LEFT_SHIFT, RIGHT_SHIFT];
const CONTROLS = [LEFT_CONTROL, RIGHT_CONTROL];
const ALTS = [LEFT_ALT, RIGHT_ALT];
const METAS = [LEFT_META, RIGHT_META];

/** Scan codes that mean the same under every layout. */
export const SCAN = {
  escape: 0x01,
  backspace: 0x0e,
  tab: 0x0f,
  enter: 0x1c,
  delete: EXTENDED | 0x53,
  leftAlt: LEFT_ALT,
  rightAlt: RIGHT_ALT,
  modifiers: new Set([...SHIFTS, ...CONTROLS, ...ALTS, ...METAS]) as ReadonlySet<number>,
} as const;

/** The modifiers that are held now because of the technician, and how to press under others for a moment. */
export class WindowsModifiers {
  readonly shift: boolean;
  readonly control: boolean;
  readonly alt: boolean;
  readonly meta: boolean;
  /** The right Alt key is down, and is AltGr. */
  readonly isAltGr: boolean;
  /** Scan codes, oldest first. */
  readonly #held: readonly number[];

  constructor(held: readonly number[], layoutHasAltGr: boolean) {
    const any = (keys: readonly number[]) => keys.some((key) => held.includes(key));
    this.#held = held.filter((key) => SCAN.modifiers.has(key));
    this.isAltGr = layoutHasAltGr && held.includes(RIGHT_ALT);
    this.shift = any(SHIFTS);
    // Windows holds Control itself while AltGr is down.
    this.control = any(CONTROLS) || this.isAltGr;
    this.alt = any(ALTS);
    this.meta = any(METAS);
  }

  /** `events` with these modifiers in force; what is held comes back afterwards. Those left out stay as they are. */
  under(
    wanted: { readonly shift?: boolean; readonly altGr?: boolean },
    events: readonly WindowsInputEvent[],
  ): WindowsInputEvent[] {
    const { shift = this.shift, altGr } = wanted;
    const lifted: number[] = [];
    const pressed: number[] = [];
    if (shift && !this.shift) pressed.push(LEFT_SHIFT);
    if (!shift && this.shift) lifted.push(...SHIFTS);
    if (altGr === true && !(this.control && this.alt)) {
      if (!this.control) pressed.push(LEFT_CONTROL);
      if (!this.alt) pressed.push(RIGHT_ALT);
    }
    // Where a key is to be a character, nothing may make a shortcut of it.
    if (altGr === false && !this.meta) lifted.push(...CONTROLS, ...ALTS);
    return this.#around(lifted, pressed, events);
  }

  /** `events` with no modifier in force; what is held comes back afterwards. */
  withoutAny(events: readonly WindowsInputEvent[]): WindowsInputEvent[] {
    return this.#around([...SCAN.modifiers], [], events);
  }

  #around(
    lift: readonly number[],
    press: readonly number[],
    events: readonly WindowsInputEvent[],
  ): WindowsInputEvent[] {
    const lifted = this.#held.filter((key) => lift.includes(key));
    return [
      ...maskOf(lifted),
      ...lifted.map((key) => keyEvent(key, false)),
      ...press.map((key) => keyEvent(key, true)),
      ...events,
      ...press.toReversed().map((key) => keyEvent(key, false)),
      ...lifted.map((key) => keyEvent(key, true)),
    ];
  }
}

/** Alt that goes up with nothing pressed since opens a menu, and the Windows key opens the start menu. */
function maskOf(lifted: readonly number[]): WindowsInputEvent[] {
  const opens = lifted.some((key) => ALTS.includes(key) || METAS.includes(key));
  if (!opens || lifted.some((key) => CONTROLS.includes(key))) return [];
  return [keyEvent(LEFT_CONTROL, true), keyEvent(LEFT_CONTROL, false)];
}

function keyEvent(scanCode: number, down: boolean): WindowsInputEvent {
  return { type: 'key', scanCode, down };
}
