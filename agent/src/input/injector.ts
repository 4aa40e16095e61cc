/** One key of the technician's keyboard going down or up. */
export interface KeyInput {
  /** USB HID usage (page 7) of the technician's physical key, 0 when the browser did not tell it. */
  readonly usage: number;
  /** The character that the technician's own layout gave for it, 0 for keys without one. */
  readonly codePoint: number;
  readonly down: boolean;
  /** The technician's keyboard repeats a key that is already down. */
  readonly repeat: boolean;
  /** Sum of the `MODIFIER` bits that the technician's keyboard had. */
  readonly modifiers: number;
}

/**
 * Hands on a desktop. Every method returns at once; what cannot be done yet (a character that waits for a
 * free key) is done a moment later and everything behind it stays in order. Methods other than `releaseAll`
 * and `close` throw `unavailable` when the desktop is gone.
 */
export interface Injector {
  /** Puts the pointer at desktop pixels, over all monitors. */
  move(x: number, y: number): void;
  /** `button` as in `POINTER_BUTTONS`: 0 left, 1 middle, 2 right, 3 back, 4 forward. */
  button(button: number, down: boolean): void;
  /** In 1/120 of a notch, positive is right and down. */
  wheel(dx: number, dy: number): void;
  key(input: KeyInput): void;
  /** Types text whatever the remote layout is and whatever modifiers are held. */
  text(text: string): void;
  /** Releases every pressed key whose usage is not listed. */
  held(usages: readonly number[]): void;
  /** Releases every key and button at once and forgets what still waits to be typed. */
  releaseAll(): void;
  /** `releaseAll`, then gives the desktop back as it was found. May be called twice. */
  close(): void;
}
