export interface Size {
  readonly width: number;
  readonly height: number;
}
export interface Box extends Size {
  readonly left: number;
  readonly top: number;
}
export interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * `fit`: as large as the stage allows, nothing cut off. `actual`: one remote pixel is one screen pixel;
 * `double`: it is two of them wide and high.
 */
export type ScaleMode = 'fit' | 'actual' | 'double';

/** Largest size of a remote pixel, in CSS pixels, that zooming leads to. */
const LARGEST_PIXEL = 4;

/**
 * Where the picture lies inside the stage, in CSS pixels from the stage's scroll origin. Edges fall on
 * device pixels, else the compositor blurs the whole picture by interpolating between two of them.
 */
export function layoutPicture(
  stage: Size,
  picture: Size,
  mode: ScaleMode,
  devicePixelRatio: number,
  zoom = 1,
): Box {
  const dpr = devicePixelRatio > 0 ? devicePixelRatio : 1;
  if (picture.width <= 0 || picture.height <= 0) return { left: 0, top: 0, width: 0, height: 0 };
  const scale = scaleOf(stage, picture, mode, dpr) * zoom;
  const snap = (value: number) => snapTo(dpr, value);
  const width = snap(picture.width * scale);
  const height = snap(picture.height * scale);
  return {
    left: Math.max(0, snap((stage.width - width) / 2)),
    top: Math.max(0, snap((stage.height - height) / 2)),
    width,
    height,
  };
}

/** The zoom nearest to the wanted one that neither shrinks the picture nor makes its pixels huge. */
export function clampZoom(
  wanted: number,
  stage: Size,
  picture: Size,
  mode: ScaleMode,
  devicePixelRatio: number,
): number {
  const base = scaleOf(stage, picture, mode, devicePixelRatio);
  if (!Number.isFinite(wanted) || !(base > 0)) return 1;
  return Math.min(Math.max(1, wanted), Math.max(1, LARGEST_PIXEL / base));
}

/** The nearest edge between two device pixels, in CSS pixels. */
export function snapTo(devicePixelRatio: number, value: number): number {
  return Math.round(value * devicePixelRatio) / devicePixelRatio;
}

function scaleOf(stage: Size, picture: Size, mode: ScaleMode, dpr: number): number {
  switch (mode) {
    case 'fit':
      return Math.min(stage.width / picture.width, stage.height / picture.height);
    case 'actual':
      return 1 / dpr;
    case 'double':
      return 2 / dpr;
  }
}

/**
 * The pixel of the remote display under a point of the window. `picture` is where the picture is drawn now,
 * in the same coordinates as `client` (scrolling already applied). Outside points give the nearest pixel,
 * so that a drag may leave the picture; `distance` says by how many CSS pixels it was missed, 0 inside.
 */
export function toDisplayPixel(client: Point, picture: Box, display: Size): Point & { distance: number } {
  const right = picture.left + picture.width;
  const bottom = picture.top + picture.height;
  const missX = Math.max(picture.left - client.x, client.x - right, 0);
  const missY = Math.max(picture.top - client.y, client.y - bottom, 0);
  return {
    x: pixel((client.x - picture.left) / picture.width, display.width),
    y: pixel((client.y - picture.top) / picture.height, display.height),
    distance: Math.max(missX, missY),
  };
}

/** The inverse: where a remote pixel's centre is drawn. */
export function toClientPoint(at: Point, picture: Box, display: Size): Point {
  return {
    x: picture.left + ((at.x + 0.5) * picture.width) / display.width,
    y: picture.top + ((at.y + 0.5) * picture.height) / display.height,
  };
}

function pixel(share: number, count: number): number {
  if (!Number.isFinite(share)) return 0;
  return Math.min(count - 1, Math.max(0, Math.floor(share * count)));
}
