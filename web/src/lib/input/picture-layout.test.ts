import { describe, expect, it } from 'vitest';
import { clampZoom, layoutPicture, toClientPoint, toDisplayPixel } from './picture-layout.ts';

const HD = { width: 1280, height: 720 };

describe('layoutPicture', () => {
  it('fits a wide picture with bars above and below', () => {
    expect(layoutPicture({ width: 640, height: 640 }, HD, 'fit', 1)).toEqual({
      left: 0,
      top: 140,
      width: 640,
      height: 360,
    });
  });

  it('fits a picture into a wide stage with bars left and right', () => {
    expect(layoutPicture({ width: 1920, height: 720 }, HD, 'fit', 1)).toEqual({
      left: 320,
      top: 0,
      width: 1280,
      height: 720,
    });
  });

  it('gives one device pixel to each remote pixel at actual size', () => {
    expect(layoutPicture({ width: 1000, height: 500 }, HD, 'actual', 2)).toEqual({
      left: 180,
      top: 70,
      width: 640,
      height: 360,
    });
  });

  it('gives four device pixels to each remote pixel at 200 %, and multiplies by the zoom', () => {
    expect(layoutPicture({ width: 1000, height: 500 }, HD, 'double', 2)).toMatchObject({
      width: 1280,
      height: 720,
    });
    expect(layoutPicture({ width: 640, height: 360 }, HD, 'fit', 1, 3)).toEqual({
      left: 0,
      top: 0,
      width: 1920,
      height: 1080,
    });
  });

  it('starts at the corner when the picture is larger than the stage', () => {
    expect(layoutPicture({ width: 390, height: 700 }, HD, 'actual', 1)).toEqual({
      left: 0,
      top: 0,
      width: 1280,
      height: 720,
    });
  });

  it('puts every edge on a device pixel', () => {
    const box = layoutPicture({ width: 1001, height: 777 }, { width: 1366, height: 768 }, 'fit', 1.5);
    for (const edge of [box.left, box.top, box.width, box.height]) {
      expect(edge * 1.5).toBeCloseTo(Math.round(edge * 1.5), 9);
    }
  });

  it('draws nothing while the size is not known', () => {
    expect(layoutPicture(HD, { width: 0, height: 0 }, 'fit', 1).width).toBe(0);
  });
});

describe('clampZoom', () => {
  const stage = { width: 640, height: 360 };

  it('never shrinks the picture below its scale, nor makes a remote pixel larger than four', () => {
    expect(clampZoom(0.4, stage, HD, 'fit', 1)).toBe(1);
    expect(clampZoom(3, stage, HD, 'fit', 1)).toBe(3);
    expect(clampZoom(100, stage, HD, 'fit', 1)).toBe(8);
    expect(clampZoom(100, { width: 12_800, height: 7_200 }, HD, 'fit', 1)).toBe(1);
    expect(clampZoom(Number.NaN, stage, HD, 'fit', 1)).toBe(1);
  });
});

describe.each([
  ['fit, bars above and below', { width: 1440, height: 900 }, HD, 'fit', 1],
  ['fit, bars at the sides', { width: 1440, height: 600 }, HD, 'fit', 1],
  ['fit on a phone', { width: 390, height: 844 }, { width: 1920, height: 1080 }, 'fit', 3],
  ['fit, odd sizes', { width: 1001, height: 777 }, { width: 1366, height: 768 }, 'fit', 1.25],
  ['actual size', { width: 1440, height: 900 }, HD, 'actual', 1],
  ['actual size, dense screen', { width: 1440, height: 900 }, { width: 1920, height: 1080 }, 'actual', 2],
] as const)('pointer mapping (%s)', (_name, stage, display, mode, ratio) => {
  const inStage = layoutPicture(stage, display, mode, ratio);
  // The stage may be anywhere in the window, and scrolled.
  const box = { ...inStage, left: inStage.left + 7, top: inStage.top - 13 };
  const right = box.left + box.width;
  const bottom = box.top + box.height;

  it('reaches all four corner pixels', () => {
    const inside = 0.01;
    expect(toDisplayPixel({ x: box.left + inside, y: box.top + inside }, box, display)).toEqual({
      x: 0,
      y: 0,
      distance: 0,
    });
    expect(toDisplayPixel({ x: right - inside, y: bottom - inside }, box, display)).toEqual({
      x: display.width - 1,
      y: display.height - 1,
      distance: 0,
    });
    expect(toDisplayPixel({ x: right - inside, y: box.top }, box, display)).toMatchObject({
      x: display.width - 1,
      y: 0,
    });
    expect(toDisplayPixel({ x: box.left, y: bottom - inside }, box, display)).toMatchObject({
      x: 0,
      y: display.height - 1,
    });
  });

  it('keeps points outside at the nearest edge and tells how far they are', () => {
    expect(toDisplayPixel({ x: box.left - 30, y: bottom + 50 }, box, display)).toEqual({
      x: 0,
      y: display.height - 1,
      distance: 50,
    });
  });

  it('finds each pixel again from its centre', () => {
    for (const x of [0, 1, 100, display.width / 2, display.width - 2, display.width - 1]) {
      for (const y of [0, 1, 99, display.height - 1]) {
        const at = toClientPoint({ x, y }, box, display);
        expect(toDisplayPixel(at, box, display)).toEqual({ x, y, distance: 0 });
      }
    }
  });
});
