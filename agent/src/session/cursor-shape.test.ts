import { describe, expect, it } from 'vitest';
import { fitCursor, isInvisible } from './cursor-shape.ts';

function shape(width: number, height: number, pixel: (x: number, y: number) => readonly number[]) {
  const rgba = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) rgba.set(pixel(x, y), (y * width + x) * 4);
  return { width, height, hotspotX: width - 1, hotspotY: 5, rgba };
}

describe('a pointer picture', () => {
  it('is left alone when it is small enough', () => {
    const small = shape(128, 128, () => [1, 2, 3, 255]);
    expect(fitCursor(small)).toBe(small);
  });

  it('is made smaller by whole factors, its colours weighed by their opacity', () => {
    const large = shape(256, 130, (x) => (x % 2 === 0 ? [200, 100, 50, 255] : [0, 0, 0, 0]));
    const fitted = fitCursor(large);
    expect(fitted).toMatchObject({ width: 128, height: 65, hotspotX: 127, hotspotY: 2 });
    expect([...fitted.rgba.subarray(0, 4)]).toEqual([200, 100, 50, 128]);
  });

  it('is invisible when nothing of it is opaque', () => {
    expect(isInvisible(shape(4, 4, () => [9, 9, 9, 0]))).toBe(true);
    expect(isInvisible(shape(4, 4, (x, y) => [0, 0, 0, x + y === 6 ? 1 : 0]))).toBe(false);
  });
});
