import { MAX_CURSOR_SIDE } from '@guruconnect/shared';

export interface CursorShape {
  readonly width: number;
  readonly height: number;
  readonly hotspotX: number;
  readonly hotspotY: number;
  /** Straight RGBA, row by row. */
  readonly rgba: Uint8Array;
}

/** A pointer nobody can see: programs hide it so. */
export function isInvisible(shape: CursorShape): boolean {
  for (let at = 3; at < shape.rgba.length; at += 4) if (shape.rgba[at] !== 0) return false;
  return true;
}

/** The shape, made smaller by a whole factor if it is larger than what may be sent. */
export function fitCursor(shape: CursorShape): CursorShape {
  const factor = Math.ceil(Math.max(shape.width, shape.height) / MAX_CURSOR_SIDE);
  if (factor <= 1) return shape;
  const width = Math.max(1, Math.floor(shape.width / factor));
  const height = Math.max(1, Math.floor(shape.height / factor));
  const rgba = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1)
      average(shape, x * factor, y * factor, factor, rgba, (y * width + x) * 4);
  }
  return {
    width,
    height,
    hotspotX: Math.min(width - 1, Math.floor(shape.hotspotX / factor)),
    hotspotY: Math.min(height - 1, Math.floor(shape.hotspotY / factor)),
    rgba,
  };
}

/** Mean of one square; colours count by their opacity, or transparent black would darken the edges. */
function average(
  shape: CursorShape,
  left: number,
  top: number,
  side: number,
  out: Uint8Array,
  at: number,
): void {
  let red = 0;
  let green = 0;
  let blue = 0;
  let alpha = 0;
  for (let y = top; y < Math.min(top + side, shape.height); y += 1) {
    for (let x = left; x < Math.min(left + side, shape.width); x += 1) {
      const from = (y * shape.width + x) * 4;
      const opacity = shape.rgba[from + 3] ?? 0;
      red += (shape.rgba[from] ?? 0) * opacity;
      green += (shape.rgba[from + 1] ?? 0) * opacity;
      blue += (shape.rgba[from + 2] ?? 0) * opacity;
      alpha += opacity;
    }
  }
  if (alpha === 0) return;
  out[at] = Math.round(red / alpha);
  out[at + 1] = Math.round(green / alpha);
  out[at + 2] = Math.round(blue / alpha);
  out[at + 3] = Math.round(alpha / (side * side));
}
