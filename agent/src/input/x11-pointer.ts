import { GuruError, POINTER_BUTTONS } from '@guruconnect/shared';
import type { X11Connection } from './x11-connection.ts';

/** The button that applications know, by `POINTER_BUTTONS` index; 4 to 7 are the wheel's. */
const LOGICAL_BUTTONS = [1, 2, 3, 8, 9] as const;
const WHEEL = { up: 4, down: 5, left: 6, right: 7 } as const;
const UNITS_PER_NOTCH = 120;

/** The pointer: moves, buttons by their meaning, and a wheel that adds up parts of notches. */
export class X11Pointer {
  readonly #connection: X11Connection;
  /** Physical button by logical one: a left-handed desktop has them exchanged. */
  #physical: readonly number[] = [];
  readonly #held = new Map<number, number>();
  #wheelX = 0;
  #wheelY = 0;

  constructor(connection: X11Connection) {
    this.#connection = connection;
    this.mappingChanged();
  }

  /** Reads the mapping of physical buttons again; held ones are released as they were pressed. */
  mappingChanged(): void {
    const logical = this.#connection.pointerMapping();
    this.#physical = LOGICAL_BUTTONS.map((button) => {
      const index = logical.indexOf(button);
      return index < 0 ? button : index + 1;
    });
  }

  move(x: number, y: number): void {
    this.#connection.move(x, y);
    this.#connection.flush();
  }

  button(button: number, down: boolean): void {
    if (POINTER_BUTTONS[button] === undefined) throw GuruError.invalid('Unknown pointer button.');
    const held = this.#held.get(button);
    if (down === (held !== undefined)) return;
    const physical = held ?? this.#physical[button] ?? 0;
    if (down) this.#held.set(button, physical);
    else this.#held.delete(button);
    this.#connection.button(physical, down);
    this.#connection.flush();
  }

  wheel(dx: number, dy: number): void {
    this.#wheelX = this.#scroll(addUp(this.#wheelX, dx), WHEEL.right, WHEEL.left);
    this.#wheelY = this.#scroll(addUp(this.#wheelY, dy), WHEEL.down, WHEEL.up);
    this.#connection.flush();
  }

  releaseAll(): void {
    for (const button of [...this.#held.keys()]) this.button(button, false);
    this.#wheelX = 0;
    this.#wheelY = 0;
  }

  /** Sends the whole notches of `units` and returns what is left. */
  #scroll(units: number, forward: number, backward: number): number {
    const notches = Math.trunc(units / UNITS_PER_NOTCH);
    const button = notches > 0 ? forward : backward;
    for (let notch = 0; notch < Math.abs(notches); notch++) {
      this.#connection.button(button, true);
      this.#connection.button(button, false);
    }
    return units - notches * UNITS_PER_NOTCH;
  }
}

/** A turn in the other direction starts anew, so that it shows at once. */
function addUp(sum: number, units: number): number {
  return Math.sign(sum) === -Math.sign(units) ? units : sum + units;
}
