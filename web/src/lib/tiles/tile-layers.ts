import type { TileMessage } from '@guruconnect/shared';
import { TileOverlay } from './tile-overlay.ts';

/**
 * The overlays of all peers and tracks of a viewer. Only that of the stream which is on the screen lies over it:
 * while one peer takes over from another, both may send.
 */
export class TileLayers<Source extends object> {
  readonly #onFault: (source: Source, error: unknown) => void;
  readonly #overlays = new Map<Source, Map<number, TileOverlay>>();
  readonly #containers = new Map<number, HTMLElement>();
  /** Whose picture is on the screen, by track. */
  readonly #onScreen = new Map<number, Source>();
  /** Nothing more is taken of these. */
  readonly #over = new WeakSet<Source>();

  /** `onFault`: that peer sent what makes no sense; nothing more is taken of it. */
  constructor(onFault: (source: Source, error: unknown) => void) {
    this.#onFault = onFault;
  }

  /** Where the video of a track is; the overlays lie over the videos and under everything else. */
  attach(container: HTMLElement, track = 0): () => void {
    this.#containers.set(track, container);
    // No new picture may come for long: what was over the last one goes on to lie over it.
    const source = this.#onScreen.get(track);
    const overlay = source && this.#overlays.get(source)?.get(track);
    if (overlay) this.#place(overlay, track);
    return () => {
      if (this.#containers.get(track) !== container) return;
      this.#containers.delete(track);
      for (const overlays of this.#overlays.values()) overlays.get(track)?.canvas.remove();
    };
  }

  receive(source: Source, message: TileMessage): void {
    if (this.#over.has(source)) return;
    this.#overlayOf(source, message.track).receive(message);
  }

  /** A picture is on its way: what lies over it may be wrong. */
  coming(source: Source, track: number, rtp: number): void {
    this.#overlays.get(source)?.get(track)?.coming(rtp);
  }

  /** The page has been looked at again for a moment: a hidden one is not told which picture is on the screen. */
  caughtUp(): void {
    for (const [track, source] of this.#onScreen) this.#overlays.get(source)?.get(track)?.caughtUp();
  }

  /** A picture of that peer is on the screen. */
  shown(source: Source, track: number, rtp: number): void {
    if (this.#over.has(source)) return;
    for (const [other, overlays] of this.#overlays)
      if (other !== source) overlays.get(track)?.canvas.remove();
    const overlay = this.#overlayOf(source, track);
    this.#onScreen.set(track, source);
    this.#place(overlay, track);
    overlay.shown(rtp);
  }

  /** From now on this peer is the one that counts; the others are over. */
  keep(source: Source): void {
    for (const other of [...this.#overlays.keys()]) if (other !== source) this.#drop(other);
  }

  /** Nothing lies over the picture now, until the next one is shown. */
  lift(): void {
    this.#onScreen.clear();
    for (const overlays of this.#overlays.values())
      for (const { canvas } of overlays.values()) canvas.remove();
  }

  close(): void {
    for (const source of [...this.#overlays.keys()]) this.#drop(source);
  }

  #overlayOf(source: Source, track: number): TileOverlay {
    const overlays = this.#overlays.get(source) ?? new Map<number, TileOverlay>();
    this.#overlays.set(source, overlays);
    const overlay = overlays.get(track) ?? new TileOverlay((error) => this.#fail(source, error));
    overlays.set(track, overlay);
    return overlay;
  }

  #place({ canvas }: TileOverlay, track: number): void {
    const container = this.#containers.get(track);
    if (!container || canvas.parentElement === container) return;
    const last = [...container.querySelectorAll(':scope > video')].at(-1);
    if (last) last.after(canvas);
    else container.prepend(canvas);
  }

  #drop(source: Source): void {
    this.#over.add(source);
    for (const overlay of this.#overlays.get(source)?.values() ?? []) overlay.close();
    this.#overlays.delete(source);
  }

  #fail(source: Source, error: unknown): void {
    this.#drop(source);
    this.#onFault(source, error);
  }
}
