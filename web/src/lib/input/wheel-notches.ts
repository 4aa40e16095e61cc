/** What of a `WheelEvent` says how far it turned. */
export interface WheelTurn {
  readonly deltaX: number;
  readonly deltaY: number;
  /** 0 pixels, 1 lines, 2 pages (`WheelEvent.DOM_DELTA_*`). */
  readonly deltaMode: number;
  /** Chromium and Safari only: 120 for each notch of a mouse wheel, upwards positive. */
  readonly wheelDeltaX?: number;
  readonly wheelDeltaY?: number;
}

const NOTCH = 120;
/** Units of 1/120 notch for one of the event's own units: 100 pixels, 3 lines or 1/3 page make a notch. */
const UNITS_PER_DELTA: Record<number, number> = { 0: NOTCH / 100, 1: NOTCH / 3, 2: NOTCH * 3 };
const MAX_UNITS = 32_767;

/** Turns wheel events into whole 1/120 notches; what is left over counts towards the next event. */
export class WheelNotches {
  #restX = 0;
  #restY = 0;

  add(turn: WheelTurn): { dx: number; dy: number } {
    this.#restX += unitsOf(turn.deltaX, turn.deltaMode, turn.wheelDeltaX);
    this.#restY += unitsOf(turn.deltaY, turn.deltaMode, turn.wheelDeltaY);
    const dx = whole(this.#restX);
    const dy = whole(this.#restY);
    this.#restX -= dx;
    this.#restY -= dy;
    return { dx, dy };
  }

  /** Forgets the rest: another peer, or the technician looked away. */
  reset(): void {
    this.#restX = 0;
    this.#restY = 0;
  }
}

function unitsOf(delta: number, mode: number, wheelDelta: number | undefined): number {
  if (delta === 0 || !Number.isFinite(delta)) return 0;
  // A notched wheel: the pixel value depends on zoom and system settings, the legacy value does not.
  if (wheelDelta !== undefined && wheelDelta !== 0 && wheelDelta % NOTCH === 0) return -wheelDelta;
  return delta * (UNITS_PER_DELTA[mode] ?? 1);
}

function whole(units: number): number {
  // Ten times 0.6 is a hair less than 6. `+ 0` turns the -0 of a truncated small negative into 0.
  const trimmed = Math.trunc(units + Math.sign(units) * 1e-6);
  return Math.max(-MAX_UNITS, Math.min(MAX_UNITS, trimmed)) + 0;
}
