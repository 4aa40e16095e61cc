import { MAX_THUMBNAIL_BYTES, MAX_THUMBNAIL_SIDE } from '@guruconnect/shared';
import type { SmallPictureOrder } from './small-picture-worker.ts';

const WIDTH = 320;
/** A page that is busy for so long is not waited for. */
const IDLE_TIMEOUT_MS = 10_000;

/**
 * What the video shows, at most 320 pixels wide; undefined without one. The page only takes hold of the frame, which is
 * over in 0.1 ms, while it has nothing else to do; scaling and writing it is a worker's.
 */
export async function smallPicture(
  video: () => HTMLVideoElement | undefined,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  await untilIdle();
  const shown = video();
  if (!shown || !isShowing(shown)) return undefined;
  const size = smallSize(shown.videoWidth, shown.videoHeight);
  const source = await frameOf(shown);
  return written({ source, ...size, maxBytes: MAX_THUMBNAIL_BYTES });
}

/** Not every browser gives frames away; those copy the picture, which takes longer. */
async function frameOf(video: HTMLVideoElement): Promise<VideoFrame | ImageBitmap> {
  return typeof VideoFrame === 'function' ? new VideoFrame(video) : createImageBitmap(video);
}

function written(order: SmallPictureOrder): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const worker = new Worker(new URL('./small-picture-worker.ts', import.meta.url), { type: 'module' });
  return new Promise<Uint8Array<ArrayBuffer> | undefined>((resolve, reject) => {
    worker.addEventListener('message', ({ data }: MessageEvent<Uint8Array<ArrayBuffer> | undefined>) =>
      resolve(data),
    );
    worker.addEventListener('error', () => reject(new Error('No picture could be made.')));
    worker.postMessage(order, [order.source]);
  }).finally(() => worker.terminate());
}

/** In the same proportions, never larger. */
export function smallSize(width: number, height: number): { width: number; height: number } {
  const scale = Math.min(1, WIDTH / width, MAX_THUMBNAIL_SIDE / height);
  const scaled = (side: number) => Math.max(1, Math.round(side * scale));
  return { width: scaled(width), height: scaled(height) };
}

/** The last picture of a connection that is over is no picture of now, and a hidden tab may show an old one. */
function isShowing({ srcObject, videoWidth, readyState }: HTMLVideoElement): boolean {
  const isAlive = srcObject instanceof MediaStream && srcObject.active;
  const isSeen = document.visibilityState === 'visible';
  return isAlive && isSeen && videoWidth > 0 && readyState >= HTMLMediaElement.HAVE_CURRENT_DATA;
}

function untilIdle(): Promise<void> {
  return new Promise((resolve) => {
    // Not in every browser.
    if ('requestIdleCallback' in window) requestIdleCallback(() => resolve(), { timeout: IDLE_TIMEOUT_MS });
    else setTimeout(resolve, 0);
  });
}
