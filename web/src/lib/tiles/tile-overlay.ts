import {
  GuruError,
  packedLength,
  type SurfaceSize,
  type TileMessage,
  tileCount,
  tileRect,
  unpackTiles,
} from '@guruconnect/shared';
import { inflateRaw } from './inflate-raw.ts';
import { type OverlayChange, OverlayState } from './overlay-state.ts';

/** Two canvases of four bytes a pixel: larger displays are shown without tiles. */
const MOST_PIXELS = 4096 * 4096;
/** Messages that wait to be inflated; an honest agent sends far less than it was told there is room for. */
const MOST_WAITING = 64;
const FILL = 'position:absolute;inset:0;width:100%;height:100%;pointer-events:none';

/** The lossless tiles of one video track: a canvas that lies over the video, as large as the remote display. */
export class TileOverlay {
  /** What lies over the video. */
  readonly canvas = document.createElement('canvas');
  readonly #onFault: (error: unknown) => void;
  readonly #state = new OverlayState();
  /** Keeps the pixels of tiles that are not shown: they may come back. */
  readonly #store = document.createElement('canvas');
  #surface: SurfaceSize = { width: 0, height: 0 };
  /** Tiles whose pixels are in the store. */
  readonly #stored = new Set<number>();
  #work: Promise<void> = Promise.resolve();
  #waiting = 0;
  #generation = 0;
  #closed = false;

  /** `onFault` is told once of a message that makes no sense; nothing is shown from then on. */
  constructor(onFault: (error: unknown) => void) {
    this.#onFault = onFault;
    this.canvas.dataset.testid = 'tiles';
    this.canvas.setAttribute('aria-hidden', 'true');
    this.canvas.style.cssText = FILL;
    this.#follow();
  }

  receive(message: TileMessage): void {
    if (this.#closed) return;
    switch (message.type) {
      case 'clear':
        this.clear();
        return;
      case 'changed':
        this.#apply(this.#state.changed(message.rtp, message.tiles));
        return;
      case 'same':
      case 'pixels':
        this.#receiveTiles(message);
        return;
    }
  }

  /** A picture of this RTP timestamp is on the screen. */
  shown(rtp: number): void {
    if (!this.#closed) this.#apply(this.#state.shown(rtp));
  }

  /** Whatever is on its way has arrived by now. */
  caughtUp(): void {
    if (!this.#closed) this.#apply(this.#state.caughtUp());
  }

  /** A picture of this RTP timestamp is on its way. */
  coming(rtp: number): void {
    if (this.#closed) return;
    this.#state.coming(rtp);
    this.#follow();
  }

  clear(): void {
    this.#generation += 1;
    this.#stored.clear();
    this.#apply(this.#state.clear());
  }

  /** Final. Lets the memory go at once: canvases may stay for long before they are collected. */
  close(): void {
    this.clear();
    this.#closed = true;
    this.canvas.remove();
    this.#resize({ width: 0, height: 0 });
  }

  #receiveTiles(message: Extract<TileMessage, { type: 'pixels' | 'same' }>): void {
    const { surface } = message;
    if (surface.width * surface.height > MOST_PIXELS) return;
    if (surface.width !== this.#surface.width || surface.height !== this.#surface.height) {
      this.clear();
      this.#resize(surface);
    }
    const order = this.#state.tilesTold(message);
    this.#follow();
    const generation = this.#generation;
    this.#waiting += 1;
    if (this.#waiting > MOST_WAITING) {
      this.#fail(GuruError.invalid('Too many tiles at once.'));
      return;
    }
    this.#work = this.#work
      .then(async () => {
        if (message.type === 'pixels') await this.#keep(message, generation);
        if (generation !== this.#generation) return;
        if (message.tiles.some((tile) => !this.#stored.has(tile))) {
          throw GuruError.invalid('A tile is the same as nothing.');
        }
        this.#apply(this.#state.ready(order, message.tiles, message.contentRtp));
      })
      .catch((error: unknown) => this.#fail(error))
      .finally(() => {
        this.#waiting -= 1;
      });
  }

  async #keep(message: Extract<TileMessage, { type: 'pixels' }>, generation: number): Promise<void> {
    const { surface, tiles, colours, deflated } = message;
    const bytes = await inflateRaw(deflated, packedLength(surface, tiles, colours));
    if (generation !== this.#generation) return;
    const context = this.#store.getContext('2d');
    for (const { index, x, y, width, height, rgba } of unpackTiles(surface, { tiles, colours, bytes })) {
      context?.putImageData(new ImageData(rgba, width, height), x, y);
      this.#stored.add(index);
    }
  }

  #apply({ paint, wipe }: OverlayChange): void {
    const context = this.canvas.getContext('2d');
    if (wipe === 'all') context?.clearRect(0, 0, this.canvas.width, this.canvas.height);
    else for (const tile of wipe) this.#inTile(tile, (x, y, w, h) => context?.clearRect(x, y, w, h));
    for (const tile of paint) {
      this.#inTile(tile, (x, y, w, h) => {
        context?.clearRect(x, y, w, h);
        context?.drawImage(this.#store, x, y, w, h, x, y, w, h);
      });
    }
    this.#follow();
  }

  #inTile(tile: number, draw: (x: number, y: number, width: number, height: number) => void): void {
    if (tile >= tileCount(this.#surface)) return;
    const { x, y, width, height } = tileRect(this.#surface, tile);
    draw(x, y, width, height);
  }

  #follow(): void {
    this.canvas.style.visibility = this.#state.isHidden ? 'hidden' : 'inherit';
  }

  #resize(surface: SurfaceSize): void {
    this.#surface = surface;
    for (const canvas of [this.canvas, this.#store]) Object.assign(canvas, surface);
  }

  #fail(error: unknown): void {
    if (this.#closed) return;
    this.close();
    this.#onFault(error);
  }
}
