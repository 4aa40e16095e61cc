import type { DisplayInfo, PointerPlace } from '@guruconnect/shared';
import { type Box, type Point, type Size, snapTo, toDisplayPixel } from './picture-layout.ts';

/** A display that is shown, with its place on the desk. */
export interface DeskDisplay extends Size {
  readonly index: number;
  /** The peer's video track that carries its picture. */
  readonly track: number;
  /** Remote pixels from the desk's top left corner. */
  readonly x: number;
  readonly y: number;
}

/** The displays that are shown, arranged as they stand at the remote machine; sizes in its pixels. */
export interface Desk extends Size {
  readonly displays: readonly DeskDisplay[];
}

/**
 * Arranges the shown displays (by track) around the corner of their common box: a display left of or above
 * the primary one has negative places in its own system. Displays that are not known are left out.
 */
export function arrangeDesk(displays: readonly DisplayInfo[], shown: readonly number[]): Desk | undefined {
  const parts = shown.flatMap((index, track) => {
    const display = displays.find((one) => one.index === index);
    return display ? [{ display, track }] : [];
  });
  if (parts.length === 0) return undefined;
  const left = Math.min(...parts.map(({ display }) => display.x));
  const top = Math.min(...parts.map(({ display }) => display.y));
  return {
    width: Math.max(...parts.map(({ display }) => display.x + display.width)) - left,
    height: Math.max(...parts.map(({ display }) => display.y + display.height)) - top,
    displays: parts.map(({ display: { index, x, y, width, height }, track }) => ({
      index,
      track,
      x: x - left,
      y: y - top,
      width,
      height,
    })),
  };
}

/** Where a display is drawn inside the picture of the whole desk, edges on device pixels. */
export function displayBox(one: DeskDisplay, desk: Desk, picture: Box, devicePixelRatio: number): Box {
  if (desk.displays.length === 1) return picture;
  const across = (x: number) => snapTo(devicePixelRatio, (x / desk.width) * picture.width);
  const down = (y: number) => snapTo(devicePixelRatio, (y / desk.height) * picture.height);
  const left = across(one.x);
  const top = down(one.y);
  return {
    left: picture.left + left,
    top: picture.top + top,
    width: across(one.x + one.width) - left,
    height: down(one.y + one.height) - top,
  };
}

/**
 * The display and the pixel in it under a point of the window. In a gap between displays of different sizes,
 * and outside, it is the nearest pixel of the nearest display; `distance` is how far off that is, in CSS
 * pixels, 0 inside a display.
 */
export function toDeskPlace(
  client: Point,
  desk: Desk,
  picture: Box,
  devicePixelRatio: number,
): { readonly place: PointerPlace; readonly distance: number } | undefined {
  let nearest: { place: PointerPlace; distance: number } | undefined;
  for (const one of desk.displays) {
    const { x, y, distance } = toDisplayPixel(client, displayBox(one, desk, picture, devicePixelRatio), one);
    if (nearest && nearest.distance <= distance) continue;
    nearest = { place: { display: one.index, x, y }, distance };
  }
  return nearest;
}
