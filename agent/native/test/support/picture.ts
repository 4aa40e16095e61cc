import type { Planes } from './probe.ts';

export type Rgb = readonly [red: number, green: number, blue: number];

/** What a viewer sees at one pixel: BT.709, limited range, back to full-range RGB. */
export function rgbAt(planes: Planes, x: number, y: number): Rgb {
  const luma = ((planes.y[y * planes.width + x] ?? 0) - 16) * (255 / 219);
  const chroma = (y >> 1) * (planes.width >> 1) + (x >> 1);
  const cb = ((planes.u[chroma] ?? 0) - 128) * (255 / 224);
  const cr = ((planes.v[chroma] ?? 0) - 128) * (255 / 224);
  return [luma + 1.5748 * cr, luma - 0.1873 * cb - 0.4681 * cr, luma + 1.8556 * cb];
}

/** The largest difference in any channel. */
export function distance(rgb: Rgb, expected: number): number {
  const wanted = [(expected >> 16) & 255, (expected >> 8) & 255, expected & 255];
  return Math.max(...rgb.map((channel, index) => Math.abs(channel - (wanted[index] ?? 0))));
}

/** Peak signal to noise ratio in dB, infinite for equal planes. */
export function psnr(a: Buffer, b: Buffer): number {
  let squares = 0;
  for (let i = 0; i < a.length; i += 1) squares += ((a[i] ?? 0) - (b[i] ?? 0)) ** 2;
  return 10 * Math.log10((255 * 255 * a.length) / squares);
}

export function solidBgra(width: number, height: number, rgb: number): Buffer {
  const pixel = Buffer.from([rgb & 255, (rgb >> 8) & 255, (rgb >> 16) & 255, 0]);
  return Buffer.alloc(width * height * 4, pixel);
}

/** Small dark marks on white, about as busy as text; `page` selects what is written. */
export function textBgra(width: number, height: number, page: number): Buffer {
  const picture = Buffer.alloc(width * height * 4, 255);
  for (let y = 0; y < height; y += 1) {
    if (y % 14 >= 9) continue;
    for (let x = 0; x < width; x += 1) {
      if (x % 8 >= 6 || (hash(x >> 3, y / 14, page) & 7) === 0) continue;
      if ((hash(x >> 1, y >> 1, page) & 3) === 0)
        picture.fill(0, (y * width + x) * 4, (y * width + x) * 4 + 3);
    }
  }
  return picture;
}

/** Words of regular letters on white with empty space between them; `page` selects what is written. */
export function pageBgra(width: number, height: number, page: number): Buffer {
  const picture = Buffer.alloc(width * height * 4, 255);
  for (let y = 0; y < height; y += 1) {
    if (y % 16 >= 10) continue;
    for (let x = 0; x < width; x += 1) {
      const letter = hash(x >> 3, y >> 4, page) % 40;
      if (letter >= 26 || (x & 7) >= 6 || (hash(letter, (x & 7) >> 1, (y % 16) >> 1) & 3) !== 0) continue;
      picture.fill(0, (y * width + x) * 4, (y * width + x) * 4 + 3);
    }
  }
  return picture;
}

/** A pan over one grainy picture: every frame differs everywhere and can be predicted from the one before. */
export function movingBgra(width: number, height: number, frame: number): Buffer {
  const picture = Buffer.alloc(width * height * 4);
  for (let row = 0; row < height; row += 1) {
    const y = row + frame * 3;
    for (let column = 0; column < width; column += 1) {
      const x = column + frame * 5;
      const at = (row * width + column) * 4;
      const grain = hash(x, y, 1) & 15;
      picture[at] = 128 + 90 * Math.sin(x / 20) + grain;
      picture[at + 1] = 128 + 90 * Math.sin(y / 13) + grain;
      picture[at + 2] = 128 + 60 * Math.cos((x + y) / 31) + grain;
    }
  }
  return picture;
}

function hash(a: number, b: number, c: number): number {
  let h =
    Math.imul(Math.trunc(a), 0x9e3779b1) ^
    Math.imul(Math.trunc(b), 0x85ebca6b) ^
    Math.imul(c + 1, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  return (h ^ (h >>> 13)) >>> 0;
}
