import { MAX_HELD_KEYS, MODIFIER, usageOfCode } from '@guruconnect/shared';

/** The technician's own system decides which browser quirks are mended. */
export type LocalSystem = 'windows' | 'mac' | 'other';

/** What of a `KeyboardEvent` matters; `timeMs` is its `timeStamp`. */
export interface KeyStroke {
  readonly down: boolean;
  readonly code: string;
  readonly key: string;
  readonly repeat: boolean;
  readonly modifiers: number;
  readonly timeMs: number;
}

/** A key message without its id. */
export interface KeyAction {
  readonly usage: number;
  readonly codePoint: number;
  readonly down: boolean;
  readonly repeat: boolean;
  readonly modifiers: number;
}

interface HeldKey {
  readonly usage: number;
  readonly codePoint: number;
  readonly isAltGraph: boolean;
}

/** Windows sends a false left Ctrl before AltGr; the pair arrives within this time. */
export const FALSE_CONTROL_MS = 50;

const MODIFIER_CODES: Readonly<Record<string, number>> = {
  ShiftLeft: MODIFIER.shift,
  ShiftRight: MODIFIER.shift,
  ControlLeft: MODIFIER.control,
  ControlRight: MODIFIER.control,
  AltLeft: MODIFIER.alt,
  AltRight: MODIFIER.alt | MODIFIER.altGraph,
  MetaLeft: MODIFIER.meta,
  MetaRight: MODIFIER.meta,
};
const SHORTCUT = MODIFIER.control | MODIFIER.alt | MODIFIER.meta;

/**
 * Knows which keys the remote side believes to be held, and turns the browser's key events into messages
 * such that none of them sticks: a key goes up if and only if it went down.
 */
export class KeyTracker {
  readonly #system: LocalSystem;
  readonly #held = new Map<string, HeldKey>();
  #waitingControl: KeyStroke | undefined;

  constructor(system: LocalSystem) {
    this.#system = system;
  }

  /** Until when a left Ctrl waits for an AltGr behind it; call `expire` then. */
  get waitingUntilMs(): number | undefined {
    return this.#waitingControl && this.#waitingControl.timeMs + FALSE_CONTROL_MS;
  }
  get heldUsages(): number[] {
    return [...this.#held.values()].map((key) => key.usage).filter((usage) => usage !== 0);
  }
  get holdsControl(): boolean {
    return this.#held.has('ControlLeft') || this.#held.has('ControlRight') || !!this.#waitingControl;
  }
  get holdsAny(): boolean {
    return this.#held.size > 0;
  }

  handle(told: KeyStroke): KeyAction[] {
    const stroke = this.#withAltGraph(told);
    const actions = this.#settleControl(stroke);
    if (this.#mustWait(stroke)) {
      this.#waitingControl = stroke;
      return actions;
    }
    actions.push(...this.releaseStale(stroke.modifiers, stroke.code));
    actions.push(...(stroke.down ? this.#down(stroke) : this.#up(stroke)));
    return actions;
  }

  /** Sends the left Ctrl that no AltGr followed. */
  expire(): KeyAction[] {
    const stroke = this.#waitingControl;
    this.#waitingControl = undefined;
    return stroke ? this.#down(stroke) : [];
  }

  /**
   * Lets go of modifiers that the technician no longer holds although no key-up came (it went to another
   * window, or the system swallowed it). Asked at each key and pointer event.
   */
  releaseStale(modifiers: number, exceptCode = ''): KeyAction[] {
    // With AltGr on, browsers hide Ctrl and Alt: their absence says nothing then.
    const isAltGraph = (modifiers & MODIFIER.altGraph) !== 0 || this.#holdsAltGraph(exceptCode);
    const stale = [...this.#held].flatMap(([code, key]) => {
      const bits = MODIFIER_CODES[code];
      if (bits === undefined || code === exceptCode || key.isAltGraph) return [];
      if (isAltGraph && (bits & SHORTCUT) !== 0) return [];
      return (modifiers & bits) === 0 ? [code] : [];
    });
    return stale.flatMap((code) => this.#release(code, modifiers));
  }

  /** Forgets everything; the caller tells the remote side to release all. */
  clear(): void {
    this.#held.clear();
    this.#waitingControl = undefined;
  }

  /** Not every browser tells AltGr as a modifier; the key itself always does. */
  #withAltGraph(stroke: KeyStroke): KeyStroke {
    const isDown = stroke.down && stroke.key === 'AltGraph';
    if (!isDown && !this.#holdsAltGraph(stroke.code)) return stroke;
    return { ...stroke, modifiers: stroke.modifiers | MODIFIER.altGraph };
  }

  #holdsAltGraph(exceptCode: string): boolean {
    return [...this.#held].some(([code, key]) => key.isAltGraph && code !== exceptCode);
  }

  #mustWait(stroke: KeyStroke): boolean {
    return (
      this.#system === 'windows' &&
      stroke.down &&
      stroke.code === 'ControlLeft' &&
      !stroke.repeat &&
      !this.#held.has('ControlLeft')
    );
  }

  #settleControl(next: KeyStroke): KeyAction[] {
    const control = this.#waitingControl;
    if (!control) return [];
    const isAltGraph = next.down && next.code === 'AltRight';
    if (isAltGraph && next.timeMs - control.timeMs <= FALSE_CONTROL_MS) {
      this.#waitingControl = undefined;
      return [];
    }
    if (next.down && next.code === 'ControlLeft') return [];
    return this.expire();
  }

  #down(stroke: KeyStroke): KeyAction[] {
    // macOS reports Caps Lock down when it turns on and up when it turns off: each is one full press.
    if (stroke.code === 'CapsLock' && this.#system === 'mac') return press(stroke, codePointOf(stroke.key));
    // A dead key's character arrives with the next key or by composition; as a shortcut it is itself.
    if (stroke.key === 'Dead' && (stroke.modifiers & SHORTCUT) === 0) return [];
    const id = idOf(stroke);
    const held = this.#held.get(id);
    if (!held && this.#held.size >= MAX_HELD_KEYS) return [];
    const key = { usage: usageOfCode(stroke.code), codePoint: codePointOf(stroke.key) };
    if (key.usage === 0 && key.codePoint === 0) return [];
    this.#held.set(id, { ...key, isAltGraph: stroke.key === 'AltGraph' });
    const repeat = stroke.repeat && held !== undefined;
    return [{ ...key, down: true, repeat, modifiers: stroke.modifiers }];
  }

  #up(stroke: KeyStroke): KeyAction[] {
    if (stroke.code === 'CapsLock' && this.#system === 'mac') return press(stroke, 0);
    const actions: KeyAction[] = [];
    // macOS tells no key-up of other keys while Cmd is held; they would stick.
    if (this.#system === 'mac' && stroke.code.startsWith('Meta')) {
      for (const code of [...this.#held.keys()]) {
        if (MODIFIER_CODES[code] === undefined) actions.push(...this.#release(code, stroke.modifiers));
      }
    }
    const id = idOf(stroke);
    // Windows keeps the key-down of Print Screen for itself.
    if (!this.#held.has(id) && stroke.code === 'PrintScreen') return press(stroke, 0);
    return [...actions, ...this.#release(id, stroke.modifiers)];
  }

  #release(id: string, modifiers: number): KeyAction[] {
    const key = this.#held.get(id);
    if (!key) return [];
    this.#held.delete(id);
    const { usage, codePoint } = key;
    return [{ usage, codePoint, down: false, repeat: false, modifiers }];
  }
}

/** The single character that a key gives, 0 for named keys ('Enter', 'Dead', 'F5'). */
export function codePointOf(key: string): number {
  const [first, ...more] = key;
  const codePoint = first?.codePointAt(0);
  if (codePoint === undefined || more.length > 0) return 0;
  return codePoint >= 0xd800 && codePoint <= 0xdfff ? 0 : codePoint;
}

function idOf(stroke: KeyStroke): string {
  return stroke.code || `key:${stroke.key}`;
}

function press(stroke: KeyStroke, codePoint: number): KeyAction[] {
  const key = { usage: usageOfCode(stroke.code), codePoint, repeat: false, modifiers: stroke.modifiers };
  return [
    { ...key, down: true },
    { ...key, down: false },
  ];
}
