import type { Point } from './picture-layout.ts';

/** What fingers mean; points are in CSS pixels of the window. */
export type TouchCommand =
  | { readonly type: 'move'; readonly at: Point }
  | { readonly type: 'button'; readonly at: Point; readonly button: number; readonly down: boolean }
  /** Two fingers moved together by so many CSS pixels. */
  | { readonly type: 'pan'; readonly at: Point; readonly dx: number; readonly dy: number };

/** A finger that rests this long without moving is a right click. */
export const LONG_PRESS_MS = 500;
/** Fingers tremble; less than this is no movement. */
const SLOP_PX = 10;

type Gesture =
  | { readonly kind: 'none' }
  | { readonly kind: 'pressed'; readonly finger: number; readonly start: Point; readonly sinceMs: number }
  | { readonly kind: 'dragging'; readonly finger: number }
  | { readonly kind: 'panning' }
  /** A long press was sent, or fingers of a pan are still down: nothing more until all are up. */
  | { readonly kind: 'spent' };

const LEFT = 0;
const RIGHT = 2;

/** Tap = click, long press = right click, one finger = drag, two fingers = scroll. */
export class TouchGestures {
  readonly #fingers = new Map<number, Point>();
  #gesture: Gesture = { kind: 'none' };

  /** When to call `hold`, if a finger is waiting to become a long press. */
  get holdAtMs(): number | undefined {
    return this.#gesture.kind === 'pressed' ? this.#gesture.sinceMs + LONG_PRESS_MS : undefined;
  }

  down(finger: number, at: Point, nowMs: number): TouchCommand[] {
    this.#fingers.set(finger, at);
    if (this.#fingers.size === 1) {
      this.#gesture = { kind: 'pressed', finger, start: at, sinceMs: nowMs };
      return [];
    }
    const ended = this.#endDrag(at);
    this.#gesture = this.#fingers.size === 2 && ended.length === 0 ? { kind: 'panning' } : { kind: 'spent' };
    return ended;
  }

  move(finger: number, at: Point): TouchCommand[] {
    const before = this.#fingers.get(finger);
    if (!before) return [];
    this.#fingers.set(finger, at);
    const gesture = this.#gesture;
    if (gesture.kind === 'pressed' && distance(gesture.start, at) > SLOP_PX) {
      this.#gesture = { kind: 'dragging', finger };
      return [
        { type: 'button', at: gesture.start, button: LEFT, down: true },
        { type: 'move', at },
      ];
    }
    if (gesture.kind === 'dragging') return [{ type: 'move', at }];
    if (gesture.kind === 'panning') {
      // Both fingers report each step: half of each makes the whole.
      return [{ type: 'pan', at, dx: (at.x - before.x) / 2, dy: (at.y - before.y) / 2 }];
    }
    return [];
  }

  up(finger: number, at: Point): TouchCommand[] {
    if (!this.#fingers.delete(finger)) return [];
    const gesture = this.#gesture;
    const ended =
      gesture.kind === 'pressed'
        ? click(gesture.start, LEFT)
        : gesture.kind === 'dragging'
          ? this.#endDrag(at)
          : [];
    this.#gesture = this.#fingers.size === 0 ? { kind: 'none' } : { kind: 'spent' };
    return ended;
  }

  /** The finger rested long enough. */
  hold(nowMs: number): TouchCommand[] {
    const gesture = this.#gesture;
    if (gesture.kind !== 'pressed' || nowMs - gesture.sinceMs < LONG_PRESS_MS) return [];
    this.#gesture = { kind: 'spent' };
    return click(gesture.start, RIGHT);
  }

  /** The system took the fingers away; the caller releases what is held. */
  cancel(): void {
    this.#fingers.clear();
    this.#gesture = { kind: 'none' };
  }

  #endDrag(at: Point): TouchCommand[] {
    return this.#gesture.kind === 'dragging' ? [{ type: 'button', at, button: LEFT, down: false }] : [];
  }
}

function click(at: Point, button: number): TouchCommand[] {
  return [
    { type: 'button', at, button, down: true },
    { type: 'button', at, button, down: false },
  ];
}

function distance(from: Point, to: Point): number {
  return Math.hypot(to.x - from.x, to.y - from.y);
}
