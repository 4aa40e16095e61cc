import { expect, it } from 'vitest';
import { BAR_BANDS, isTorn, type Picture, readBarCodes } from './bar-code.ts';
import { stageOfThisFile } from './stage.ts';
import { runXProgram, screenShot } from './x-programs.ts';

const stage = stageOfThisFile();

it.each(['gradient', 'text'])(
  'each band of a %s frame on the screen carries the frame number',
  async (mode) => {
    const desktop = await stage.startDesktop({ width: 1280, height: 720, windowManager: false });
    const source = await runXProgram(desktop, 'frame-source', [mode, '20']);
    await source.waitFor(/^frame 5 /m);
    const picture = await screenShot(desktop);
    const codes = readBarCodes(picture);
    expect(codes).toEqual(Array.from({ length: BAR_BANDS }, () => codes[0]));
    expect(codes[0]).toBeGreaterThanOrEqual(5);
    expect(isTorn(codes)).toBe(false);
  },
);

it('a picture made of two frames counts as torn', async () => {
  const desktop = await stage.startDesktop({ width: 800, height: 600, windowManager: false });
  const source = await runXProgram(desktop, 'frame-source', ['gradient', '20']);
  await source.waitFor(/^frame 3 /m);
  const early = await screenShot(desktop);
  await source.waitFor(/^frame 30 /m);
  const late = await screenShot(desktop);
  const half = (early.rgba.length / 2) & ~3;
  const torn: Picture = {
    ...early,
    rgba: Uint8Array.from([...early.rgba.slice(0, half), ...late.rgba.slice(half)]),
  };
  expect(isTorn(readBarCodes(torn))).toBe(true);
});

it('click targets stand in the corners of the true screen', async () => {
  const desktop = await stage.startDesktop({ width: 640, height: 480 });
  await runXProgram(desktop, 'click-targets');
  const { rgba, width, height } = await screenShot(desktop);
  const colour = (x: number, y: number) => [...rgba.slice((y * width + x) * 4, (y * width + x) * 4 + 3)];
  expect(colour(0, 0)).toEqual([0xdc, 0x26, 0x26]);
  expect(colour(width - 1, height - 16)).toEqual([0xd9, 0x77, 0x06]);
  expect(colour(16, 16)).toEqual([0x80, 0x80, 0x80]);
});
