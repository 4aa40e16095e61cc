/** A key, by its scan code: with `EXTENDED` where it has that. */
export interface WindowsKey {
  readonly scanCode: number;
  readonly down: boolean;
}

/** One event for Windows' own stream of input. */
export type WindowsInputEvent =
  | ({ readonly type: 'key' } & WindowsKey)
  /** One UTF-16 unit, typed whatever the layout is. */
  | { readonly type: 'unicode'; readonly unit: number; readonly down: boolean }
  /** Pixels of the desktop over all monitors. */
  | { readonly type: 'move'; readonly x: number; readonly y: number }
  /** 0 left, 1 middle, 2 right, 3 back, 4 forward, as the hand has them. */
  | { readonly type: 'button'; readonly button: number; readonly down: boolean }
  /** 1/120 of a notch; positive is right and up. */
  | { readonly type: 'wheel'; readonly axis: 'vertical' | 'horizontal'; readonly units: number };

/** How a layout types a character: which key with which of these modifiers held. */
export interface CharacterKey {
  readonly scanCode: number;
  readonly shift: boolean;
  /** AltGr: Control and Alt at once. */
  readonly altGr: boolean;
  /** The key waits for another one, and then gives something else. */
  readonly isDead: boolean;
}

/** What Windows offers to whoever controls it. */
export interface WindowsInput {
  /** Throws `not-allowed` when the window in front takes no input from programs like this one. */
  send(events: readonly WindowsInputEvent[]): void;
  /** The layout of the window that has the keyboard; opaque. */
  layout(): bigint;
  /** undefined when no key of the layout gives it. */
  characterKey(unit: number, layout: bigint): CharacterKey | undefined;
  /** Whether the two keys are the same one to applications under this layout, for example both Enter keys. */
  isSameKey(scanCode: number, other: number, layout: bigint): boolean;
  isLocked(lock: 'capsLock' | 'numLock'): boolean;
  /** Whether the person at the machine has exchanged left and right. */
  buttonsSwapped(): boolean;
  close(): void;
}
