import { GuruError, POINTER_BUTTONS } from '@guruconnect/shared';
import type { WindowsInput } from './windows-input.ts';

/** The pointer: moves, buttons by their meaning, and a wheel that Windows takes in parts of notches. */
export class WindowsPointer {
  readonly #windows: WindowsInput;
  /** Physical button by logical one: a left-handed desktop has them exchanged. */
  readonly #held = new Map<number, number>();

  constructor(windows: WindowsInput) {
    this.#windows = windows;
  }

  move(x: number, y: number): void {
    this.#windows.send([{ type: 'move', x, y }]);
  }

  button(button: number, down: boolean): void {
    if (POINTER_BUTTONS[button] === undefined) throw GuruError.invalid('Unknown pointer button.');
    const held = this.#held.get(button);
    if (down === (held !== undefined)) return;
    const physical = held ?? this.#physical(button);
    if (down) this.#held.set(button, physical);
    else this.#held.delete(button);
    this.#windows.send([{ type: 'button', button: physical, down }]);
  }

  wheel(dx: number, dy: number): void {
    if (dx !== 0) this.#windows.send([{ type: 'wheel', axis: 'horizontal', units: dx }]);
    if (dy !== 0) this.#windows.send([{ type: 'wheel', axis: 'vertical', units: -dy }]);
  }

  releaseAll(): void {
    for (const button of [...this.#held.keys()]) this.button(button, false);
  }

  #physical(button: number): number {
    if (!this.#windows.buttonsSwapped()) return button;
    return button === 0 ? 2 : button === 2 ? 0 : button;
  }
}
