import type { PointerPlace } from '@guruconnect/shared';
import type { InputSender } from './input-sender.ts';
import type { Point } from './picture-layout.ts';
import { type TouchCommand, TouchGestures } from './touch-gestures.ts';
import { WheelNotches } from './wheel-notches.ts';

export interface TouchCaptureDeps {
  readonly scroller: HTMLElement;
  input(): InputSender | undefined;
  place(at: Point): PointerPlace | undefined;
  onPress(): void;
  /** Zooms the picture here; what is under the point stays there. */
  zoom(factor: number, at: Point): void;
}

/** Carries out what fingers mean: clicks, drags and scrolling at the remote side, panning on this one. */
export class TouchCapture {
  readonly #deps: TouchCaptureDeps;
  readonly #gestures = new TouchGestures();
  readonly #wheel = new WheelNotches();
  #holdTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(deps: TouchCaptureDeps) {
    this.#deps = deps;
  }

  down(finger: number, at: Point, nowMs: number): void {
    this.#deps.onPress();
    this.#run(this.#gestures.down(finger, at, nowMs));
    clearTimeout(this.#holdTimer);
    const holdAtMs = this.#gestures.holdAtMs;
    if (holdAtMs === undefined) return;
    this.#holdTimer = setTimeout(() => this.#run(this.#gestures.hold(holdAtMs)), holdAtMs - nowMs);
  }
  move(finger: number, at: Point): void {
    this.#run(this.#gestures.move(finger, at));
  }
  up(finger: number, at: Point, nowMs: number): void {
    clearTimeout(this.#holdTimer);
    this.#run(this.#gestures.up(finger, at, nowMs));
  }
  cancel(): void {
    clearTimeout(this.#holdTimer);
    this.#gestures.cancel();
    this.#wheel.reset();
  }

  #run(commands: readonly TouchCommand[]): void {
    for (const command of commands) {
      if (command.type === 'pan') this.#pan(command);
      else if (command.type === 'pinch') this.#pinch(command);
      else this.#send(command);
    }
  }

  #send(command: Exclude<TouchCommand, { type: 'pan' | 'pinch' }>): void {
    const input = this.#deps.input();
    const place = this.#deps.place(command.at);
    if (!input || !place) return;
    if (command.type === 'move') input.move(place);
    else input.button(place, command.button, command.down);
  }

  /** The picture follows the fingers: larger or smaller, and along. */
  #pinch({ at, factor, dx, dy }: Extract<TouchCommand, { type: 'pinch' }>): void {
    this.#deps.scroller.scrollBy(-dx, -dy);
    this.#deps.zoom(factor, at);
  }

  /** Two fingers first move a picture that is larger than the stage; what it does not take scrolls there. */
  #pan({ at, dx, dy }: Extract<TouchCommand, { type: 'pan' }>): void {
    const { scroller } = this.#deps;
    const before = { x: scroller.scrollLeft, y: scroller.scrollTop };
    scroller.scrollBy(-dx, -dy);
    const takenX = scroller.scrollLeft - before.x;
    const takenY = scroller.scrollTop - before.y;
    if (takenX !== 0 || takenY !== 0) return;
    const place = this.#deps.place(at);
    const turned = this.#wheel.add({ deltaX: -dx, deltaY: -dy, deltaMode: 0 });
    if (place) this.#deps.input()?.wheel(place, turned.dx, turned.dy);
  }
}
