/**
 * Which of the technician's keys are down and which remote key each one pressed, so that a release matches
 * its press even when the layout or the modifiers changed in between.
 */
export class HeldKeys {
  readonly #keycodes = new Map<number, number>();

  /** The remote key that a usage holds: 0 for one that was swallowed, `undefined` for one that is up. */
  keycodeOf(usage: number): number | undefined {
    return this.#keycodes.get(usage);
  }

  /** Remembers a press. A remote key has one owner: an earlier one that still holds it owns nothing now. */
  press(usage: number, keycode: number): void {
    for (const [other, held] of this.#keycodes) {
      if (keycode !== 0 && held === keycode) this.#keycodes.set(other, 0);
    }
    this.#keycodes.set(usage, keycode);
  }

  /** Forgets a usage and tells the remote key to release, 0 for none. */
  release(usage: number): number {
    const keycode = this.#keycodes.get(usage) ?? 0;
    this.#keycodes.delete(usage);
    return keycode;
  }

  /** Held usages, oldest first. */
  usages(): number[] {
    return [...this.#keycodes.keys()];
  }

  /** Remote keys that are down because of them, oldest first. */
  keycodes(): number[] {
    return [...this.#keycodes.values()].filter((keycode) => keycode !== 0);
  }
}
