import type { CursorMessage } from '@guruconnect/shared';
import type { Point } from '../../lib/input/picture-layout.ts';

/** A pointer picture, ready to be drawn. */
export interface CursorShape {
  readonly url: string;
  readonly width: number;
  readonly height: number;
  readonly hotspotX: number;
  readonly hotspotY: number;
}

export interface CursorState {
  /** undefined while the agent has not told: the page's own arrow is shown then. */
  readonly shape: CursorShape | 'hidden' | undefined;
  /** Where the remote pointer went by itself, in pixels of its display. */
  readonly ghost: (Point & { readonly display: number }) | undefined;
}

export type PaintShape = (shape: Extract<CursorMessage, { type: 'shape' }>) => CursorShape;

const REMEMBERED_SHAPES = 128;
/** Browsers ignore larger cursors near the window's edge, and systems show none. */
const LARGEST_PX = 32;

/** What the remote pointer looks like and where it is; an external store for React. */
export class RemoteCursor {
  readonly #paint: PaintShape;
  readonly #shapes = new Map<number, CursorShape>();
  readonly #watchers = new Set<() => void>();
  #state: CursorState = { shape: undefined, ghost: undefined };

  constructor(paint: PaintShape) {
    this.#paint = paint;
  }

  readonly subscribe = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  };
  readonly getSnapshot = (): CursorState => this.#state;

  receive(message: CursorMessage | { readonly type: 'reset' }): void {
    switch (message.type) {
      case 'reset':
        this.#shapes.clear();
        this.#set({ shape: undefined, ghost: undefined });
        return;
      case 'shape':
        this.#set({ shape: this.#remember(message) });
        return;
      case 'use':
        this.#set({ shape: this.#shapes.get(message.shapeId) });
        return;
      case 'hidden':
        this.#set({ shape: 'hidden' });
        return;
      case 'position':
        this.#set({ ghost: { display: message.display, x: message.x, y: message.y } });
        return;
    }
  }

  /** The technician's own pointer moved: from now on that one tells where the remote one is. */
  hideGhost(): void {
    if (this.#state.ghost) this.#set({ ghost: undefined });
  }

  #remember(message: Extract<CursorMessage, { type: 'shape' }>): CursorShape {
    const shape = this.#shapes.get(message.shapeId) ?? this.#paint(message);
    this.#shapes.set(message.shapeId, shape);
    for (const oldest of this.#shapes.keys()) {
      if (this.#shapes.size <= REMEMBERED_SHAPES) break;
      this.#shapes.delete(oldest);
    }
    return shape;
  }

  #set(change: Partial<CursorState>): void {
    this.#state = { ...this.#state, ...change };
    for (const watcher of [...this.#watchers]) watcher();
  }
}

/**
 * The CSS `cursor` of a shape. A large pointer of a dense remote screen shrinks with the picture, but never
 * below the usual size: a pointer that cannot be seen is of no use.
 */
export function cursorCss(shape: CursorState['shape'], pictureScale: number): string {
  if (shape === undefined) return 'default';
  if (shape === 'hidden') return 'none';
  const scale = cursorScale(Math.max(shape.width, shape.height), pictureScale);
  const x = Math.round(shape.hotspotX * scale);
  const y = Math.round(shape.hotspotY * scale);
  // `image-set` is the only way to scale a cursor without painting it anew.
  const image =
    scale === 1 ? `url("${shape.url}")` : `image-set(url("${shape.url}") ${(1 / scale).toFixed(4)}x)`;
  return `${image} ${x} ${y}, default`;
}

export function cursorScale(side: number, pictureScale: number): number {
  if (side <= LARGEST_PX) return 1;
  return Math.min(1, Math.max(LARGEST_PX, side * pictureScale) / side);
}

/** Paints a shape into a PNG data URL. */
export const paintShape: PaintShape = ({ width, height, hotspotX, hotspotY, rgba }) => {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const pixels = new ImageData(width, height);
  pixels.data.set(rgba);
  canvas.getContext('2d')?.putImageData(pixels, 0, 0);
  return {
    url: canvas.toDataURL('image/png'),
    width,
    height,
    hotspotX: Math.min(hotspotX, width - 1),
    hotspotY: Math.min(hotspotY, height - 1),
  };
};
