/** What is drawn small and written, away from the page; the source is given away with the message. */
export interface SmallPictureOrder {
  readonly source: VideoFrame | ImageBitmap;
  readonly width: number;
  readonly height: number;
  readonly maxBytes: number;
}

/** Browsers that cannot write the first write PNG instead. */
const TYPES = ['image/webp', 'image/jpeg'];
const QUALITY = 0.7;

self.addEventListener('message', ({ data }: MessageEvent<SmallPictureOrder>) => {
  // A picture that cannot be made is none: nobody waits for it.
  write(data).then(
    (picture) => self.postMessage(picture),
    () => self.postMessage(undefined),
  );
});

async function write({
  source,
  width,
  height,
  maxBytes,
}: SmallPictureOrder): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { alpha: false });
  if (!context) return undefined;
  context.imageSmoothingQuality = 'high';
  context.drawImage(source, 0, 0, width, height);
  source.close();
  for (const type of TYPES) {
    const blob = await canvas.convertToBlob({ type, quality: QUALITY });
    if (blob.type === type && blob.size <= maxBytes) return new Uint8Array(await blob.arrayBuffer());
  }
  return undefined;
}
