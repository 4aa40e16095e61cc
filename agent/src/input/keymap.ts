import { codePointOfKeysym, isKeypadKeysym, isModifierKeysym, KEYSYM } from './keysyms.ts';

/** The eight modifiers of the core protocol; what the upper five mean depends on the keymap. */
export const X_MODIFIER = {
  shift: 1,
  lock: 2,
  control: 4,
  mod1: 8,
  mod2: 16,
  mod3: 32,
  mod4: 64,
  mod5: 128,
} as const;

/** XKB's rule by which modifiers choose a level (column) of a key. */
export interface KeyType {
  /** The modifiers that the type looks at. */
  readonly mask: number;
  readonly entries: readonly {
    readonly modifiers: number;
    readonly level: number;
    /** Looked at, but still left for the application to apply (capitals by Lock). */
    readonly preserved: number;
  }[];
}

export interface KeyGroup {
  readonly type: KeyType;
  /** One for each level, 0 for none. */
  readonly keysyms: readonly number[];
}

/** What one keycode types: a group for each layout that the user may switch between. */
export interface Key {
  readonly groups: readonly KeyGroup[];
  /** XKB's `group_info`: what happens when the current group is beyond this key's groups. */
  readonly groupInfo: number;
  /** Core modifiers that the key is mapped to. */
  readonly modifierMap: number;
}

/** One immutable reading of the server's keyboard map. */
export class Keymap {
  readonly groupCount: number;
  /** The core modifiers that these functions have in this keymap; 0 when it has none. */
  readonly masks: {
    readonly alt: number;
    readonly super: number;
    readonly numLock: number;
    readonly level3: number;
  };
  readonly #keys: ReadonlyMap<number, Key>;
  readonly #keycodesOfCharacter = new Map<number, number[]>();
  readonly #keycodesOfKeysym = new Map<number, number[]>();

  constructor(keys: ReadonlyMap<number, Key>) {
    this.#keys = keys;
    this.groupCount = Math.max(1, ...[...keys.values()].map((key) => key.groups.length));
    for (const [keycode, key] of keys) this.#index(keycode, key);
    const alt = this.#maskOf([KEYSYM.altLeft, KEYSYM.altRight, KEYSYM.metaLeft, KEYSYM.metaRight]);
    const superMask = this.#maskOf([KEYSYM.superLeft, KEYSYM.superRight, KEYSYM.hyperLeft]);
    const shared = alt | superMask | X_MODIFIER.shift | X_MODIFIER.lock | X_MODIFIER.control;
    this.masks = {
      alt,
      super: superMask & ~alt,
      numLock: this.#maskOf([KEYSYM.numLock]) & ~shared,
      level3: this.#maskOf([KEYSYM.level3Shift, KEYSYM.modeSwitch]) & ~shared,
    };
  }

  /** The keysym that applications see for a key under these modifiers, 0 for none. */
  keysym(keycode: number, modifiers: number, group: number): number {
    return this.#look(keycode, modifiers, group).keysym;
  }

  /** The character that applications see for a key under these modifiers, 0 for none. */
  character(keycode: number, modifiers: number, group: number): number {
    const { keysym, consumed } = this.#look(keycode, modifiers, group);
    const codePoint = codePointOfKeysym(keysym);
    const capitals = (modifiers & X_MODIFIER.lock & ~consumed) !== 0;
    return capitals && codePoint !== 0 ? upperCase(codePoint) : codePoint;
  }

  /** Keycodes that type a character at some level of some group, capitals by Lock included. */
  keycodesOfCharacter(codePoint: number): readonly number[] {
    return this.#keycodesOfCharacter.get(codePoint) ?? [];
  }

  /** The first keycode that has a keysym without modifiers, 0 for none. */
  keycodeOfKeysym(keysym: number): number {
    return this.#keycodesOfKeysym.get(keysym)?.[0] ?? 0;
  }

  /** The core modifiers that holding this key sets, by its function rather than by the modifier map alone. */
  modifiersOf(keycode: number): number {
    const keysym = this.#baseKeysym(keycode);
    if (keysym === KEYSYM.level3Shift || keysym === KEYSYM.modeSwitch) return this.masks.level3;
    return this.#keys.get(keycode)?.modifierMap ?? 0;
  }

  isModifier(keycode: number): boolean {
    return isModifierKeysym(this.#baseKeysym(keycode)) || (this.#keys.get(keycode)?.modifierMap ?? 0) !== 0;
  }

  isKeypad(keycode: number): boolean {
    return isKeypadKeysym(this.#baseKeysym(keycode));
  }

  /** Keycodes without any meaning, the highest first because the low ones may be real keys. */
  unusedKeycodes(): number[] {
    const unused = [...this.#keys].filter(
      ([, key]) =>
        key.modifierMap === 0 && key.groups.every((group) => group.keysyms.every((sym) => sym === 0)),
    );
    return unused.map(([keycode]) => keycode).sort((a, b) => b - a);
  }

  #baseKeysym(keycode: number): number {
    return this.#keys.get(keycode)?.groups[0]?.keysyms[0] ?? 0;
  }

  #look(keycode: number, modifiers: number, group: number): { keysym: number; consumed: number } {
    const key = this.#keys.get(keycode);
    const chosen = key?.groups[effectiveGroup(key, group)];
    if (chosen === undefined) return { keysym: 0, consumed: 0 };
    const { mask, entries } = chosen.type;
    const entry = entries.find((candidate) => candidate.modifiers === (modifiers & mask));
    return { keysym: chosen.keysyms[entry?.level ?? 0] ?? 0, consumed: mask & ~(entry?.preserved ?? 0) };
  }

  #index(keycode: number, key: Key): void {
    for (const group of key.groups) {
      for (const keysym of group.keysyms) {
        const codePoint = codePointOfKeysym(keysym);
        if (codePoint === 0) continue;
        append(this.#keycodesOfCharacter, codePoint, keycode);
        append(this.#keycodesOfCharacter, upperCase(codePoint), keycode);
      }
      const base = group.keysyms[0] ?? 0;
      if (base !== 0) append(this.#keycodesOfKeysym, base, keycode);
    }
  }

  #maskOf(keysyms: readonly number[]): number {
    const keycodes = keysyms.flatMap((keysym) => this.#keycodesOfKeysym.get(keysym) ?? []);
    return keycodes.reduce((mask, keycode) => mask | (this.#keys.get(keycode)?.modifierMap ?? 0), 0);
  }
}

/** The single capital of a character, or the character itself where it has none of one code point. */
export function upperCase(codePoint: number): number {
  return singleCodePoint(String.fromCodePoint(codePoint).toUpperCase(), codePoint);
}

/** The single small letter of a character, or the character itself. */
export function lowerCase(codePoint: number): number {
  return singleCodePoint(String.fromCodePoint(codePoint).toLowerCase(), codePoint);
}

function singleCodePoint(text: string, otherwise: number): number {
  const [first, ...more] = [...text];
  return more.length === 0 ? (first?.codePointAt(0) ?? otherwise) : otherwise;
}

/** The group that a key really uses while the keyboard's group is `group` (XKB protocol 7.2.2). */
function effectiveGroup(key: Key, group: number): number {
  const count = key.groups.length;
  if (group < count || count === 0) return group;
  const rule = key.groupInfo & 0xc0;
  if (rule === 0x40) return count - 1;
  if (rule === 0x80) return ((key.groupInfo >> 4) & 3) % count;
  return group % count;
}

function append(index: Map<number, number[]>, at: number, keycode: number): void {
  const list = index.get(at);
  if (list === undefined) index.set(at, [keycode]);
  else if (!list.includes(keycode)) list.push(keycode);
}
