import type { Point } from './picture-layout.ts';

/** What fingers mean; points are in CSS pixels of the window. */
export type TouchCommand =
  | { readonly type: 'move'; readonly at: Point }
  | { readonly type: 'button'; readonly at: Point; readonly button: number; readonly down: boolean }
  /** Two fingers moved together by so many CSS pixels. */
  | { readonly type: 'pan'; readonly at: Point; readonly dx: number; readonly dy: number }
  /** Two fingers moved apart (factor over 1) or together around their middle, which moved along. */
  | {
      readonly type: 'pinch';
      readonly at: Point;
      readonly factor: number;
      readonly dx: number;
      readonly dy: number;
    };

/** A finger that rests this long without moving is a right click. */
export const LONG_PRESS_MS = 500;
/** A second tap within this time and distance of the first is a double click at the first one's place. */
export const DOUBLE_TAP_MS = 350;
const DOUBLE_TAP_PX = 30;
/** Fingers tremble; less than this is no movement. */
const SLOP_PX = 10;
/** Fingers that scroll come a little nearer or further by themselves. */
const PINCH_SLOP_PX = 24;

type Gesture =
  | { readonly kind: 'none' }
  | { readonly kind: 'pressed'; readonly finger: number; readonly start: Point; readonly sinceMs: number }
  | { readonly kind: 'dragging'; readonly finger: number }
  /** Two fingers are down that have not moved enough to tell what they want. */
  | { readonly kind: 'pair'; readonly middle: Point; readonly spread: number }
  | { readonly kind: 'panning' }
  | { readonly kind: 'pinching' }
  /** A long press was sent, or fingers of a pan are still down: nothing more until all are up. */
  | { readonly kind: 'spent' };

const LEFT = 0;
const RIGHT = 2;

/** Tap = click, twice = double click, long press = right click, one finger = drag, two = scroll or zoom. */
export class TouchGestures {
  readonly #fingers = new Map<number, Point>();
  #gesture: Gesture = { kind: 'none' };
  #lastTap: { readonly at: Point; readonly atMs: number } | undefined;

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
    const isPair = this.#fingers.size === 2 && ended.length === 0 && this.#gesture.kind === 'pressed';
    this.#gesture = isPair ? { kind: 'pair', ...this.#pair() } : { kind: 'spent' };
    return ended;
  }

  move(finger: number, at: Point): TouchCommand[] {
    const before = this.#fingers.get(finger);
    if (!before) return [];
    const pairBefore = this.#pair();
    this.#fingers.set(finger, at);
    const gesture = this.#gesture;
    switch (gesture.kind) {
      case 'pressed':
        if (distance(gesture.start, at) <= SLOP_PX) return [];
        this.#gesture = { kind: 'dragging', finger };
        return [
          { type: 'button', at: gesture.start, button: LEFT, down: true },
          { type: 'move', at },
        ];
      case 'dragging':
        return [{ type: 'move', at }];
      case 'pair':
        return this.#decide(gesture);
      case 'panning':
      case 'pinching':
        return this.#follow(gesture.kind, pairBefore);
      case 'none':
      case 'spent':
        return [];
    }
  }

  up(finger: number, at: Point, nowMs: number): TouchCommand[] {
    if (!this.#fingers.delete(finger)) return [];
    const gesture = this.#gesture;
    const ended =
      gesture.kind === 'pressed'
        ? this.#tap(gesture.start, nowMs)
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
    this.#lastTap = undefined;
  }

  #tap(at: Point, nowMs: number): TouchCommand[] {
    const last = this.#lastTap;
    const isSecond =
      last && nowMs - last.atMs <= DOUBLE_TAP_MS && distance(last.at, at) <= DOUBLE_TAP_PX ? last : undefined;
    this.#lastTap = isSecond ? undefined : { at, atMs: nowMs };
    // Systems only take two clicks for a double one when both are in nearly the same place.
    return click(isSecond?.at ?? at, LEFT);
  }

  /** Whatever the two fingers do more of is what they want. */
  #decide(start: { readonly middle: Point; readonly spread: number }): TouchCommand[] {
    const { middle, spread } = this.#pair();
    const apart = Math.abs(spread - start.spread);
    const along = distance(middle, start.middle);
    if (apart > PINCH_SLOP_PX && apart > along) this.#gesture = { kind: 'pinching' };
    else if (along > SLOP_PX && along >= apart / 2) this.#gesture = { kind: 'panning' };
    else return [];
    return this.#follow(this.#gesture.kind, start);
  }

  #follow(
    kind: 'panning' | 'pinching',
    before: { readonly middle: Point; readonly spread: number },
  ): TouchCommand[] {
    const { middle: at, spread } = this.#pair();
    const dx = at.x - before.middle.x;
    const dy = at.y - before.middle.y;
    if (kind === 'panning') return [{ type: 'pan', at, dx, dy }];
    const factor = before.spread > 0 && spread > 0 ? spread / before.spread : 1;
    return [{ type: 'pinch', at, factor, dx, dy }];
  }

  /** The middle of the first two fingers and how far they are apart. */
  #pair(): { middle: Point; spread: number } {
    const [a = { x: 0, y: 0 }, b = a] = this.#fingers.values();
    return { middle: { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }, spread: distance(a, b) };
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
