import type { BrowserContext, Page } from 'playwright-core';

declare global {
  interface Window {
    /** How the pictures began that the page gave to its decoders, put there by {@link keepDecodedPictures}. */
    guruDecoded?: number[][];
  }
}

/** Has the page keep the first 32 bytes of each picture that it decodes itself: call before the page is opened. */
export async function keepDecodedPictures(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const pictures: number[][] = [];
    window.guruDecoded = pictures;
    const decode = VideoDecoder.prototype.decode;
    VideoDecoder.prototype.decode = function (chunk) {
      const bytes = new Uint8Array(chunk.byteLength);
      chunk.copyTo(bytes);
      pictures.push([...bytes.subarray(0, 32)]);
      decode.call(this, chunk);
    };
  });
}

/** How the decoded pictures began, the oldest first; without those too short to be told from chance. */
export async function decodedPictures(page: Page): Promise<Buffer[]> {
  const pictures = await page.evaluate(() => window.guruDecoded ?? []);
  return pictures.filter((bytes) => bytes.length >= 16).map((bytes) => Buffer.from(bytes));
}
