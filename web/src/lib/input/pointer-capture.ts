import type { PointerPlace } from '@guruconnect/shared';
import { edgePanStep } from './edge-pan.ts';
import type { InputSender } from './input-sender.ts';
import { modifiersOf } from './modifiers.ts';
import { MoveCoalescer } from './move-coalescer.ts';
import type { Point } from './picture-layout.ts';
import { TouchCapture } from './touch-capture.ts';
import { WheelNotches } from './wheel-notches.ts';

export interface PointerCaptureDeps {
  /** What may scroll, when the picture is larger. */
  readonly scroller: HTMLElement;
  /** Everything inside the scroller, letterbox included: takes the events, but not those on scroll bars. */
  readonly surface: HTMLElement;
  /** The display and its pixel under a point of the window, and how far (CSS pixels) that is off. */
  placeAt(at: Point): { readonly place: PointerPlace; readonly distance: number } | undefined;
  /** Whether a Ctrl key is really down. */
  holdsControl(): boolean;
  onZoom(factor: number, at: Point): void;
  input(): InputSender | undefined;
  /** A press: the keyboard should come here too. */
  onPress(pointerType: string): void;
  onModifiers(modifiers: number): void;
  /** The local pointer moved, in client coordinates. */
  onMove(at: Point, pressed: boolean): void;
}

/** A press further than this from the picture (CSS pixels) was not meant for it. */
const NEAR_PX = 8;
/** After so long without a move the last place is told once more, reliably. */
const REST_MS = 60;
/** A trackpad's pinch comes as a wheel with a Ctrl that nobody holds: so many pixels make the picture e times as large. */
const PINCH_PX = 100;
/** `MouseEvent.buttons` bit of each `MouseEvent.button`. */
const BUTTON_BITS = [1, 4, 2, 8, 16] as const;

/** Turns mouse, pen, wheel and touch events over the picture into input messages. */
export class PointerCapture {
  readonly #deps: PointerCaptureDeps;
  readonly #stop = new AbortController();
  readonly #moves: MoveCoalescer<PointerPlace>;
  readonly #wheel = new WheelNotches();
  readonly #pressed = new Set<number>();
  readonly #touch: TouchCapture;
  /** Pointer events have fractions of a pixel, the mouse events behind them have not. */
  #last: Point = { x: 0, y: 0 };
  #panning = false;
  #rest: ReturnType<typeof setTimeout> | undefined;

  constructor(deps: PointerCaptureDeps) {
    this.#deps = deps;
    this.#moves = new MoveCoalescer({
      send: (place) => deps.input()?.move(place),
      bufferedBytes: () => deps.input()?.bufferedMoveBytes ?? 0,
      nextFrame: (callback) => requestAnimationFrame(callback),
    });
    this.#touch = new TouchCapture({
      scroller: deps.scroller,
      input: deps.input,
      place: (at) => this.#place(at).place,
      onPress: () => deps.onPress('touch'),
      zoom: deps.onZoom,
    });
    this.#listen(deps.surface);
  }

  /** Forgets held buttons; whoever calls has told the remote side to release all. */
  forgetButtons(): void {
    this.#pressed.clear();
    this.#touch.cancel();
    this.#wheel.reset();
  }

  stop(): void {
    this.#stop.abort();
    clearTimeout(this.#rest);
    this.#touch.cancel();
  }

  #listen(surface: HTMLElement): void {
    const { signal } = this.#stop;
    const moveEvent = 'onpointerrawupdate' in window ? 'pointerrawupdate' : 'pointermove';
    const onMove = (event: Event) => this.#onMove(event as PointerEvent);
    surface.addEventListener(moveEvent, onMove, { signal });
    surface.addEventListener('pointerdown', (event) => this.#onDown(event), { signal });
    surface.addEventListener('pointerup', (event) => this.#onUp(event), { signal });
    surface.addEventListener('pointercancel', () => this.#onCancel(), { signal });
    surface.addEventListener('mousedown', (event) => this.#onButton(event, true), { signal });
    surface.addEventListener('mouseup', (event) => this.#onButton(event, false), { signal });
    surface.addEventListener('wheel', (event) => this.#onWheel(event), { signal, passive: false });
    for (const name of ['contextmenu', 'auxclick', 'dragstart', 'selectstart']) {
      surface.addEventListener(name, (event) => event.preventDefault(), { signal });
    }
  }

  #onMove(event: PointerEvent): void {
    const at = { x: event.clientX, y: event.clientY };
    if (event.pointerType === 'touch') {
      this.#touch.move(event.pointerId, at);
      return;
    }
    this.#last = at;
    this.#deps.onMove(at, event.buttons !== 0);
    const input = this.#deps.input();
    if (!input) return;
    this.#deps.onModifiers(modifiersOf(event));
    this.#releaseStaleButtons(input, event.buttons);
    this.#sendMove();
    this.#panAtEdge();
  }

  #sendMove(): void {
    const { place, distance } = this.#place(this.#last);
    // Outside the picture only a drag is followed, and the edge itself, so that corners can be hit.
    if (!place || (distance > NEAR_PX && this.#pressed.size === 0)) return;
    this.#deps.input()?.aim(place);
    this.#moves.update(place);
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => this.#deps.input()?.settle(), REST_MS);
  }

  #onDown(event: PointerEvent): void {
    const at = { x: event.clientX, y: event.clientY };
    this.#last = at;
    // A drag that leaves the window must still be told its end.
    this.#deps.surface.setPointerCapture(event.pointerId);
    if (event.pointerType !== 'touch') return;
    // Else the browser makes mouse events of it afterwards.
    event.preventDefault();
    this.#touch.down(event.pointerId, at, event.timeStamp);
  }

  #onUp(event: PointerEvent): void {
    this.#last = { x: event.clientX, y: event.clientY };
    if (event.pointerType === 'touch') this.#touch.up(event.pointerId, this.#last, event.timeStamp);
  }

  #onCancel(): void {
    this.#touch.cancel();
    const input = this.#deps.input();
    if (input) this.#releaseStaleButtons(input, 0);
  }

  #onButton(event: MouseEvent, down: boolean): void {
    // Keeps the focus on the keyboard's textarea, and Back and Forward from leaving the page.
    event.preventDefault();
    if (down) this.#deps.onPress('mouse');
    const input = this.#deps.input();
    const { place, distance } = this.#place(this.#last);
    if (!input || !place || event.button >= BUTTON_BITS.length) return;
    if (down && distance > NEAR_PX) return;
    if (down === this.#pressed.has(event.button)) return;
    if (down) this.#pressed.add(event.button);
    else this.#pressed.delete(event.button);
    this.#deps.onModifiers(modifiersOf(event));
    this.#moves.cancel();
    input.button(place, event.button, down);
  }

  /** A button went up where we could not see it. */
  #releaseStaleButtons(input: InputSender, buttons: number): void {
    for (const button of this.#pressed) {
      if ((buttons & (BUTTON_BITS[button] ?? 0)) !== 0) continue;
      this.#pressed.delete(button);
      const { place } = this.#place(this.#last);
      if (place) input.button(place, button, false);
    }
  }

  #onWheel(event: WheelEvent): void {
    // Ctrl and wheel would zoom our own page.
    event.preventDefault();
    if (event.ctrlKey && !this.#deps.holdsControl()) {
      this.#deps.onZoom(Math.exp(-event.deltaY / PINCH_PX), { x: event.clientX, y: event.clientY });
      return;
    }
    const input = this.#deps.input();
    if (!input) return;
    this.#last = { x: event.clientX, y: event.clientY };
    const { place, distance } = this.#place(this.#last);
    if (!place || distance > NEAR_PX) return;
    this.#deps.onModifiers(modifiersOf(event));
    const { dx, dy } = this.#wheel.add(event);
    this.#moves.cancel();
    input.wheel(place, dx, dy);
  }

  /** Near an edge of a stage that is smaller than the picture, the picture comes along. */
  #panAtEdge(): void {
    const { scroller } = this.#deps;
    const overflows =
      scroller.scrollWidth > scroller.clientWidth || scroller.scrollHeight > scroller.clientHeight;
    if (!overflows || this.#panning) return;
    const { left, top } = scroller.getBoundingClientRect();
    const stage = { left, top, width: scroller.clientWidth, height: scroller.clientHeight };
    const { dx, dy } = edgePanStep(this.#last, stage);
    if (dx === 0 && dy === 0) return;
    const before = { x: scroller.scrollLeft, y: scroller.scrollTop };
    scroller.scrollBy(dx, dy);
    if (scroller.scrollLeft === before.x && scroller.scrollTop === before.y) return;
    this.#panning = true;
    requestAnimationFrame(() => {
      this.#panning = false;
      if (this.#stop.signal.aborted || !this.#deps.input()) return;
      this.#sendMove();
      this.#panAtEdge();
    });
  }

  #place(at: Point): { place: PointerPlace | undefined; distance: number } {
    return this.#deps.placeAt(at) ?? { place: undefined, distance: 0 };
  }
}
