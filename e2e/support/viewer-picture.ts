import type { BrowserContext, Page } from 'playwright-core';
import type { Picture } from './bar-code.ts';

/** Counts what reaches a page's peers, and keeps an eye on what lies over the picture. */
export interface PictureProbe {
  /** Bytes of everything on all of the page's connections, of their video, and of their `tiles` channels. */
  bytes(): Promise<{ all: number; video: number; tiles: number }>;
  /** What the person sees at the display's own size: the video with the tiles over it. */
  composite(): { width: number; height: number; base64: string };
  /** Follows every picture from now on: how many had a tile over them that is not of that picture. */
  watch(): void;
  watched(): { pictures: number; covered: number; stale: number };
}

declare global {
  interface Window {
    guruPicture?: PictureProbe;
  }
}

/** Call before the page is opened. */
export async function probePictures(context: BrowserContext | Page): Promise<void> {
  // tsx names functions by this helper, which the page does not have.
  await context.addInitScript('globalThis.__name ??= (named) => named');
  await context.addInitScript(installInPage);
}

/** The viewer's pixels now. */
export async function viewerPicture(page: Page): Promise<Picture> {
  const seen = await page.evaluate(() => window.guruPicture?.composite());
  if (!seen) throw new Error('The page has no probe.');
  return { width: seen.width, height: seen.height, rgba: Buffer.from(seen.base64, 'base64') };
}

/** Self-contained: it is sent to the page as text. */
function installInPage(): void {
  const peers: RTCPeerConnection[] = [];
  const Native = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Native {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      peers.push(this);
    }
  };
  const seen = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const over = document.createElement('canvas').getContext('2d', { willReadFrequently: true });

  const tiles = (): HTMLCanvasElement | undefined => {
    const canvas = document.querySelector<HTMLCanvasElement>('canvas[data-testid=tiles]');
    if (!canvas || canvas.width === 0 || getComputedStyle(canvas).visibility !== 'visible') return undefined;
    return canvas;
  };
  const draw = (context: CanvasRenderingContext2D | null, source: CanvasImageSource | undefined): void => {
    const video = document.querySelector('video');
    const canvas = document.querySelector<HTMLCanvasElement>('canvas[data-testid=tiles]');
    if (!context || !video) throw new Error('The viewer shows no video.');
    const width = canvas?.width || video.videoWidth;
    const height = canvas?.height || video.videoHeight;
    if (context.canvas.width !== width || context.canvas.height !== height) {
      Object.assign(context.canvas, { width, height });
    }
    if (source) context.drawImage(source, 0, 0, width, height);
    else context.clearRect(0, 0, width, height);
  };

  /** Whether the mean brightness under a covered block is another than that of what covers it. */
  const isStale = (picture: ImageData, cover: ImageData): boolean | undefined => {
    const side = 32;
    let covered: boolean | undefined;
    for (let top = 0; top + side <= picture.height; top += side) {
      for (let left = 0; left + side <= picture.width; left += side) {
        let [difference, count] = [0, 0];
        for (let y = top; y < top + side; y += 2) {
          for (let x = left; x < left + side; x += 2) {
            const at = 4 * (y * picture.width + x);
            if (cover.data[at + 3] !== 255) continue;
            count += 1;
            for (let channel = 0; channel < 3; channel += 1) {
              difference += (cover.data[at + channel] ?? 0) - (picture.data[at + channel] ?? 0);
            }
          }
        }
        if (count === 0) continue;
        covered ??= false;
        if (Math.abs(difference) / (3 * count) > 12) return true;
      }
    }
    return covered;
  };

  let watching: { pictures: number; covered: number; stale: number } | undefined;
  const follow = (video: HTMLVideoElement): void => {
    video.requestVideoFrameCallback(() => {
      if (!watching) return;
      watching.pictures += 1;
      draw(seen, video);
      draw(over, undefined);
      const cover = tiles();
      if (cover) {
        draw(over, cover);
        const whole = [0, 0, cover.width, cover.height] as const;
        const picture = seen?.getImageData(...whole);
        const covering = over?.getImageData(...whole);
        const stale = picture && covering && isStale(picture, covering);
        if (stale !== undefined) watching.covered += 1;
        if (stale) watching.stale += 1;
      }
      follow(video);
    });
  };

  window.guruPicture = {
    async bytes() {
      let [all, video, ofTiles] = [0, 0, 0];
      for (const peer of peers) {
        if (peer.connectionState !== 'connected') continue;
        for (const entry of (await peer.getStats()).values()) {
          if (entry.type === 'transport') all += entry.bytesReceived ?? 0;
          if (entry.type === 'inbound-rtp') video += entry.bytesReceived + entry.headerBytesReceived;
          if (entry.type === 'data-channel' && entry.label === 'tiles') ofTiles += entry.bytesReceived ?? 0;
        }
      }
      return { all, video, tiles: ofTiles };
    },
    composite() {
      const video = document.querySelector('video');
      draw(seen, video ?? undefined);
      const cover = tiles();
      if (cover) seen?.drawImage(cover, 0, 0);
      const { width = 0, height = 0 } = seen?.canvas ?? {};
      const data = seen?.getImageData(0, 0, width, height).data ?? new Uint8ClampedArray();
      let text = '';
      for (let at = 0; at < data.length; at += 32_768) {
        text += String.fromCharCode(...data.subarray(at, at + 32_768));
      }
      return { width, height, base64: btoa(text) };
    },
    watch() {
      const video = document.querySelector('video');
      watching = { pictures: 0, covered: 0, stale: 0 };
      if (video) follow(video);
    },
    watched() {
      const result = watching ?? { pictures: 0, covered: 0, stale: 0 };
      watching = undefined;
      return result;
    },
  };
}

/** Peak signal-to-noise ratio in dB over RGB within a rectangle; infinite when it is the same. */
export function psnrWithin(
  seen: Picture,
  truth: Picture,
  area: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
): number {
  let squares = 0;
  for (let y = area.y; y < area.y + area.height; y += 1) {
    for (let x = area.x; x < area.x + area.width; x += 1) {
      for (let channel = 0; channel < 3; channel += 1) {
        const at = 4 * (y * truth.width + x) + channel;
        squares += ((seen.rgba[at] ?? 0) - (truth.rgba[at] ?? 0)) ** 2;
      }
    }
  }
  const mean = squares / (3 * area.width * area.height);
  return squares === 0 ? Number.POSITIVE_INFINITY : 10 * Math.log10(255 ** 2 / mean);
}
