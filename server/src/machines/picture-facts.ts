import { GuruError, MAX_THUMBNAIL_SIDE, type ThumbnailType } from '@guruconnect/shared';
import { readJpeg } from './read-jpeg.ts';
import { readWebp } from './read-webp.ts';

export interface PictureFacts {
  readonly mimeType: ThumbnailType;
  readonly width: number;
  readonly height: number;
}

/**
 * What the bytes are, by themselves: whatever a request says of them, browsers are told this. Throws `invalid-message`
 * for all but a whole WebP or JPEG picture of a thumbnail's size.
 */
export function pictureFacts(bytes: Uint8Array): PictureFacts {
  const webp = readWebp(bytes);
  const size = webp ?? readJpeg(bytes);
  if (!size) throw GuruError.invalid('This is no WebP or JPEG picture.');
  const { width, height } = size;
  if (Math.min(width, height) < 1 || Math.max(width, height) > MAX_THUMBNAIL_SIDE) {
    throw GuruError.invalid(`The picture is larger than ${MAX_THUMBNAIL_SIDE} x ${MAX_THUMBNAIL_SIDE}.`);
  }
  return { mimeType: webp ? 'image/webp' : 'image/jpeg', width, height };
}
