import { decodeTiles, encodeTiles, packPaletteTiles, type SurfaceSize, tileRect } from '@guruconnect/shared';
import { TileLayers } from '../../src/lib/tiles/tile-layers.ts';

/** A peer, as far as tiles are concerned. */
interface Source {
  readonly name: string;
}

/** What a test does in the page: an agent that sends tiles of one colour, and a screen that shows pictures. */
export class TilesPage {
  readonly faults: string[] = [];
  readonly layers = new TileLayers<Source>((source, error) => {
    this.faults.push(`${source.name}: ${error instanceof Error ? error.message : String(error)}`);
  });
  readonly #sources = new Map<string, Source>();

  #detach: () => void;

  constructor(container: HTMLElement) {
    this.#detach = this.layers.attach(container);
  }

  /** The page puts the picture elsewhere. */
  move(container: HTMLElement): void {
    this.#detach();
    this.#detach = this.layers.attach(container);
  }

  /** Tiles of one colour each, sent for the picture `content`; all pictures up to `told` are known of. */
  async pixels(
    source: string,
    surface: SurfaceSize,
    colours: Record<number, [number, number, number]>,
    [content, told]: readonly [number, number],
  ): Promise<void> {
    const packed = packPaletteTiles(
      Object.entries(colours).map(([index, colour]) => {
        const { width, height } = tileRect(surface, Number(index));
        return {
          index: Number(index),
          colours: Uint8Array.from(colour),
          pixels: new Uint8Array(width * height),
        };
      }),
    );
    const { tiles } = packed;
    const deflated = await deflate(packed.bytes);
    const moment = { contentRtp: content, toldRtp: told };
    this.send(source, {
      type: 'pixels',
      track: 0,
      surface,
      tiles,
      colours: packed.colours,
      deflated,
      ...moment,
    });
  }

  /** Through the bytes of the wire. */
  send(source: string, message: Parameters<typeof encodeTiles>[0]): void {
    this.layers.receive(this.#sourceOf(source), decodeTiles(encodeTiles(message)));
  }

  changed(source: string, rtp: number, tiles: number[] | 'all'): void {
    this.send(source, { type: 'changed', track: 0, rtp, tiles });
  }
  same(
    source: string,
    surface: SurfaceSize,
    tiles: number[],
    [content, told]: readonly [number, number],
  ): void {
    this.send(source, { type: 'same', track: 0, surface, tiles, contentRtp: content, toldRtp: told });
  }
  shown(source: string, rtp: number): void {
    this.layers.shown(this.#sourceOf(source), 0, rtp);
  }
  coming(source: string, rtp: number): void {
    this.layers.coming(this.#sourceOf(source), 0, rtp);
  }
  keep(source: string): void {
    this.layers.keep(this.#sourceOf(source));
  }

  /** The one overlay that lies over the picture. */
  get canvases(): HTMLCanvasElement[] {
    return [...document.querySelectorAll<HTMLCanvasElement>('canvas[data-testid=tiles]')];
  }

  /** The colour at a place of the overlay as hexadecimal RGBA; empty when it is hidden or not there. */
  at(x: number, y: number): string {
    const [canvas] = this.canvases;
    if (!canvas || getComputedStyle(canvas).visibility === 'hidden') return '';
    const data = canvas.getContext('2d')?.getImageData(x, y, 1, 1).data ?? [];
    return [...data].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  }

  #sourceOf(name: string): Source {
    const source = this.#sources.get(name) ?? { name };
    this.#sources.set(name, source);
    return source;
  }
}

async function deflate(bytes: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([Uint8Array.from(bytes)])
    .stream()
    .pipeThrough(new CompressionStream('deflate-raw'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

declare global {
  interface Window {
    tiles: TilesPage;
  }
}

const container = document.querySelector<HTMLElement>('#picture');
if (container) window.tiles = new TilesPage(container);
