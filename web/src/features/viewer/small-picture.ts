import { MAX_THUMBNAIL_BYTES, MAX_THUMBNAIL_SIDE } from '@guruconnect/shared';

const WIDTH = 320;
/** Browsers that cannot write the first write PNG instead. */
const TYPES = ['image/webp', 'image/jpeg'];
const QUALITY = 0.7;
/** A page that is busy for so long is not waited for. */
const IDLE_TIMEOUT_MS = 10_000;

/** What the video shows, at most 320 pixels wide, made while the page has nothing else to do; undefined without one. */
export async function smallPicture(
  video: () => HTMLVideoElement | undefined,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  await untilIdle();
  const source = video();
  if (!source || !isShowing(source)) return undefined;
  const { width, height } = smallSize(source.videoWidth, source.videoHeight);
  const bitmap = await createImageBitmap(source, {
    resizeWidth: width,
    resizeHeight: height,
    resizeQuality: 'medium',
  });
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext('2d', { alpha: false })?.drawImage(bitmap, 0, 0);
  bitmap.close();
  for (const type of TYPES) {
    const blob = await canvas.convertToBlob({ type, quality: QUALITY });
    if (blob.type === type && blob.size <= MAX_THUMBNAIL_BYTES)
      return new Uint8Array(await blob.arrayBuffer());
  }
  return undefined;
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
