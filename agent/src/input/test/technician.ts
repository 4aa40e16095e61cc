import { type KeyCode, MODIFIER, USAGE_OF_CODE } from '@guruconnect/shared';
import type { Injector } from '../injector.ts';
import type { LayoutKey } from './layouts.ts';

const BIT_OF_CODE: Partial<Record<KeyCode, number>> = {
  ShiftLeft: MODIFIER.shift,
  ShiftRight: MODIFIER.shift,
  ControlLeft: MODIFIER.control,
  AltLeft: MODIFIER.alt,
  MetaLeft: MODIFIER.meta,
};

/** Types on an injector what a browser would send for keys of the technician's keyboard. */
export class Technician {
  readonly #injector: Injector;
  #modifiers = 0;

  constructor(injector: Injector) {
    this.#injector = injector;
  }

  /** `character` is what the technician's layout gives for the key, nothing for named keys. */
  down(code: KeyCode, character = '', repeat = false): void {
    this.#modifiers |= BIT_OF_CODE[code] ?? 0;
    this.#key(code, character, true, repeat);
  }

  up(code: KeyCode, character = ''): void {
    this.#modifiers &= ~(BIT_OF_CODE[code] ?? 0);
    this.#key(code, character, false, false);
  }

  press(code: KeyCode, character = ''): void {
    this.down(code, character);
    this.up(code, character);
  }

  /** Presses a key while others are held. */
  chord(held: readonly KeyCode[], code: KeyCode, character = ''): void {
    for (const modifier of held) this.down(modifier);
    this.press(code, character);
    for (const modifier of held.toReversed()) this.up(modifier);
  }

  altGrDown(): void {
    this.#modifiers |= MODIFIER.altGraph;
    this.#key('AltRight', '', true, false);
  }

  altGrUp(): void {
    this.#modifiers &= ~MODIFIER.altGraph;
    this.#key('AltRight', '', false, false);
  }

  /** Presses every key of a layout at every level and returns what that types. */
  typeLayout(layout: readonly LayoutKey[]): string {
    let typed = '';
    for (const [code, levels] of layout) {
      levels.forEach((character, level) => {
        if (character === undefined) return;
        if ((level & 2) !== 0) this.altGrDown();
        if ((level & 1) !== 0) this.down('ShiftLeft');
        this.press(code, character);
        if ((level & 1) !== 0) this.up('ShiftLeft');
        if ((level & 2) !== 0) this.altGrUp();
        typed += character;
      });
    }
    return typed;
  }

  #key(code: KeyCode, character: string, down: boolean, repeat: boolean): void {
    this.#injector.key({
      usage: USAGE_OF_CODE[code],
      codePoint: character.codePointAt(0) ?? 0,
      down,
      repeat,
      modifiers: this.#modifiers,
    });
  }
}
