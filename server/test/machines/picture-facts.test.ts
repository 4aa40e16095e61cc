import { MAX_THUMBNAIL_SIDE } from '@guruconnect/shared';
import { describe, expect, it } from 'vitest';
import { pictureFacts } from '../../src/machines/picture-facts.ts';
import { extendedChunk, jpegOf, lossyChunk, type PictureName, picture, webpOf } from './support/pictures.ts';

const SIZE = { width: 32, height: 20 };
const text = (value: string) => new TextEncoder().encode(value);
const joined = (...parts: Uint8Array[]) => new Uint8Array(Buffer.concat(parts));

describe('what the bytes of a picture are', () => {
  it.each(['lossy.webp', 'alpha.webp', 'lossless.webp'] as const)('%s of a browser is a WebP', (name) => {
    expect(pictureFacts(picture(name))).toEqual({ mimeType: 'image/webp', ...SIZE });
  });

  it('a JPEG of a browser is one', () => {
    expect(pictureFacts(picture('plain.jpg'))).toEqual({ mimeType: 'image/jpeg', ...SIZE });
  });

  it('a WebP of its simplest form is one', () => {
    expect(pictureFacts(webpOf(lossyChunk(320, 180)))).toMatchObject({ width: 320, height: 180 });
  });

  it('the largest that is taken is 480 on both sides', () => {
    const side = MAX_THUMBNAIL_SIDE;
    for (const make of [jpegOf, (width: number, height: number) => webpOf(lossyChunk(width, height))]) {
      expect(pictureFacts(make(side, side))).toMatchObject({ width: side, height: side });
      for (const [width, height] of [
        [side + 1, 20],
        [20, side + 1],
        [0, 20],
        [20, 0],
      ] as const) {
        expect(() => pictureFacts(make(width, height))).toThrow('larger');
      }
    }
  });

  const lossy = picture('lossy.webp');
  const HOSTILE: Record<string, Uint8Array> = {
    nothing: new Uint8Array(),
    'a PNG': picture('plain.png'),
    'an SVG': text('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
    'a page': text('<!doctype html><script>alert(1)</script>'),
    'a GIF': text('GIF89a\u0001\u0000\u0001\u0000'),
    'a WebP with a page behind it': joined(lossy, text('<script>alert(1)</script>')),
    'a WebP whose length includes a page': webpOf(lossyChunk(32, 20), ['EXIF', text('<script>')]),
    'a WebP with an unknown chunk': webpOf(['junk', text('junk')], lossyChunk(32, 20)),
    'a WebP of sound': joined(text('RIFF'), new Uint8Array([4, 0, 0, 0]), text('WAVE')),
    'a WebP with nothing in it': webpOf(),
    'a WebP of two pictures': webpOf(lossyChunk(32, 20), lossyChunk(32, 20)),
    'an animation': webpOf(extendedChunk(0b10, 32, 20), lossyChunk(32, 20)),
    'a WebP that claims to be smaller than its picture': webpOf(
      extendedChunk(0, 32, 20),
      lossyChunk(16_000, 16_000),
    ),
    'a WebP whose header comes late': webpOf(lossyChunk(32, 20), extendedChunk(0, 32, 20)),
    'a frame that is no key frame': webpOf(['VP8 ', new Uint8Array(14).fill(1)]),
    'a page behind a JPEG': joined(picture('plain.jpg'), text('<script>')),
    'a JPEG without a frame': new Uint8Array([0xff, 0xd8, 0xff, 0xda, 0, 2, 0xff, 0xd9]),
  };
  it.each(Object.entries(HOSTILE))('%s is none', (_, bytes) => {
    expect(() => pictureFacts(bytes)).toThrow(expect.objectContaining({ code: 'invalid-message' }));
  });

  it.each(['lossy.webp', 'alpha.webp', 'lossless.webp', 'plain.jpg'] satisfies PictureName[])(
    '%s cut off anywhere is none',
    (name) => {
      const whole = picture(name);
      for (let end = 0; end < whole.length; end += 1) {
        expect(() => pictureFacts(whole.subarray(0, end)), String(end)).toThrow('no WebP or JPEG');
      }
    },
  );

  it('reads past no end, whatever bytes there are', () => {
    const seeds = [picture('alpha.webp'), picture('plain.jpg'), webpOf(lossyChunk(32, 20))];
    for (const seed of seeds) {
      for (let at = 0; at < seed.length; at += 1) {
        for (const value of [0x00, 0x7f, 0xff]) {
          const changed = seed.slice();
          changed[at] = value;
          try {
            const { width, height } = pictureFacts(changed);
            expect(Math.max(width, height)).toBeLessThanOrEqual(MAX_THUMBNAIL_SIDE);
          } catch (error) {
            expect(error).toMatchObject({ code: 'invalid-message' });
          }
        }
      }
    }
  });
});
