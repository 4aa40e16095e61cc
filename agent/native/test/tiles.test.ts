import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { NativeAddon, NativeFrame, NativeTile, NativeTileRequest, NativeTiles } from '../addon.d.ts';
import { type PaintClient, startPaintClient } from './support/paint-client.ts';
import { isType, loadFreshAddon, type Recorder, record } from './support/recorder.ts';
import { startXServer, type XServer } from './support/x-server.ts';

const WIDTH = 642;
const HEIGHT = 402;
const COLUMNS = 11;
const ALL = Array.from({ length: COLUMNS * 7 }, (_, tile) => tile);
const ANY = { id: 1, tiles: ALL, limit: 1000, coarse: false };

let addon: NativeAddon;
let server: XServer;
let paint: PaintClient;
let recorder: Recorder;

beforeAll(async () => {
  addon = await loadFreshAddon();
}, 120_000);

beforeEach(async () => {
  server = await startXServer(`${WIDTH}x${HEIGHT}`);
  paint = await startPaintClient(server);
  await paint.fill(0, 0, WIDTH, HEIGHT, 0x202020);
});

afterEach(async () => {
  recorder.capture.close();
  await paint.stop();
  await server.kill();
});

async function start(settings: Parameters<typeof record>[2] = {}): Promise<void> {
  recorder = record(addon, server.display, settings);
  await recorder.nextFrame();
}

const answer = (): Promise<NativeTiles> => recorder.next(isType('tiles'));

/** Asks again while the screen still has news from before. */
async function ask(request: NativeTileRequest): Promise<NativeTiles> {
  for (;;) {
    recorder.capture.requestTiles(request);
    const answered = await answer();
    if (!answered.abandoned) return answered;
  }
}

/** Thin coloured lines, about what a letter is made of. */
async function scribble(x: number, y: number, rgb: number): Promise<void> {
  for (let line = 0; line < 5; line += 1) await paint.fill(x + 3 * line, y, 1, 12, rgb + line);
}

function changedTiles(frame: NativeFrame): number[] {
  const bits = frame.tiles?.changed ?? Buffer.alloc(0);
  return ALL.filter((tile) => ((bits[tile >> 3] ?? 0) >> (tile & 7)) & 1);
}

/** The tile's pixels as the true screen has them, RGB. */
function cut(screen: Buffer, index: number): number[] {
  const rgb: number[] = [];
  const [left, top] = [(index % COLUMNS) * 64, Math.floor(index / COLUMNS) * 64];
  for (let y = top; y < Math.min(top + 64, HEIGHT); y += 1) {
    for (let x = left; x < Math.min(left + 64, WIDTH); x += 1) {
      const at = 4 * (y * WIDTH + x);
      rgb.push(screen[at + 2] ?? 0, screen[at + 1] ?? 0, screen[at] ?? 0);
    }
  }
  return rgb;
}

function rgbOf({ colours, pixels }: NativeTile): number[] {
  if (colours.length === 0) return [...pixels];
  return [...pixels].flatMap((number) => [...colours.subarray(3 * number, 3 * number + 3)]);
}

it('hands over tiles with coloured detail bit by bit, and no others', async () => {
  await scribble(70, 10, 0xff2200);
  await scribble(620, 390, 0x0066ff);
  await scribble(300, 200, 0xffffff);
  await start();
  const { tiles, ...rest } = await ask({ ...ANY, id: 7 });
  expect(rest).toMatchObject({ id: 7, surfaceWidth: WIDTH, surfaceHeight: HEIGHT, abandoned: false });
  expect(rest.frameId).toBe(recorder.frames().at(-1)?.frameId);
  expect(tiles.map(({ index }) => index)).toEqual([1, 6 * COLUMNS + 9]);
  expect([...tiles.map(({ index }) => index), ...rest.plain].sort((a, b) => a - b)).toEqual(ALL);
  await paint.sync();
  const screen = await server.readPixels();
  for (const tile of tiles) expect(rgbOf(tile), `tile ${tile.index}`).toEqual(cut(screen, tile.index));
});

it('hands over the small tiles at the edges, too', async () => {
  await scribble(625, 393, 0xff2200);
  await paint.fill(640, 386, 1, 12, 0xff2200);
  await start();
  const corner = (await ask(ANY)).tiles.at(-1);
  expect(corner?.index).toBe(ALL.length - 1);
  expect(corner && rgbOf(corner)).toEqual(cut(await server.readPixels(), ALL.length - 1));
});

it('names the same pixels by the same hash, and others by another', async () => {
  await start();
  const hashes: number[] = [];
  for (const rgb of [0xff2200, 0x00ff22, 0xff2200]) {
    await scribble(70, 10, rgb);
    await recorder.nextFrame((frame) => changedTiles(frame).includes(1));
    hashes.push((await ask({ ...ANY, tiles: [1] })).tiles[0]?.hash ?? Number.NaN);
  }
  expect(hashes[2]).toBe(hashes[0]);
  expect(hashes[1]).not.toBe(hashes[0]);
  expect(hashes.every(Number.isSafeInteger)).toBe(true);
});

it('hands over a tile of many colours as RGB', async () => {
  for (let y = 0; y < 20; y += 1) {
    for (let x = 0; x < 20; x += 1) await paint.fill(2 * x, 3 * y, 1, 2, (x * 12) | ((255 - y * 12) << 16));
  }
  await start();
  const [tile] = (await ask({ ...ANY, tiles: [0] })).tiles;
  expect(tile?.colours.length).toBe(0);
  expect(tile && rgbOf(tile)).toEqual(cut(await server.readPixels(), 0));
});

it('looks at tiles in the order asked for, and stops when it has found enough', async () => {
  for (const x of [10, 80, 150, 210]) await scribble(x, 10, 0xff2200);
  await start();
  const { tiles, plain } = await ask({ ...ANY, tiles: [5, 3, 1, 0, 2], limit: 2 });
  expect(tiles.map(({ index }) => index)).toEqual([3, 1]);
  expect(plain).toEqual([5]);
});

it('takes black on white only while the video is coarse', async () => {
  await paint.fill(0, 0, WIDTH, HEIGHT, 0xffffff);
  for (let line = 0; line < 5; line += 1) await paint.fill(70 + 4 * line, 10, 1, 12, 0);
  await start();
  expect(await ask({ ...ANY, tiles: [0, 1] })).toMatchObject({ tiles: [], plain: [0, 1] });
  expect(await ask({ ...ANY, tiles: [0, 1], coarse: true })).toMatchObject({
    tiles: [{ index: 1 }],
    plain: [0],
  });
});

it('counts tiles in pixels of the display when the picture is scaled', async () => {
  await scribble(620, 390, 0xff2200);
  await start({ scale: 0.5 });
  const { tiles, surfaceWidth } = await ask(ANY);
  expect(surfaceWidth).toBe(WIDTH);
  expect(tiles.map(({ index }) => index)).toEqual([6 * COLUMNS + 9]);
});

it('waits for the refinements, and tells what changed with each frame', async () => {
  await start({ refinements: 3 });
  // What was painted before may still be on its way as news.
  await ask(ANY);
  await scribble(330, 70, 0xff2200);
  const change = await recorder.nextFrame((frame) => changedTiles(frame).length > 0);
  expect(change.tiles).toMatchObject({ surfaceWidth: WIDTH, surfaceHeight: HEIGHT });
  expect(changedTiles(change)).toEqual([COLUMNS + 5]);
  const { frameId, tiles } = await ask(ANY);
  expect(tiles.map(({ index }) => index)).toEqual([COLUMNS + 5]);
  const after = recorder.frames().filter((frame) => frame.frameId > change.frameId && frame.refinement);
  expect(after.length).toBeGreaterThan(0);
  expect(after.every((frame) => frame.frameId <= frameId)).toBe(true);
  for (const frame of after) expect(changedTiles(frame)).toEqual([]);
});

it('gives a request up when the screen changes, when another comes, and while it is paused', async () => {
  await start({ refinements: 1000 });
  recorder.capture.requestTiles({ ...ANY, id: 1 });
  recorder.capture.requestTiles({ ...ANY, id: 2 });
  expect(await answer()).toMatchObject({ id: 1, abandoned: true, tiles: [], plain: [] });
  await paint.fill(0, 0, 10, 10, 0xff0000);
  expect(await answer()).toMatchObject({ id: 2, abandoned: true });
  recorder.capture.pause();
  recorder.capture.requestTiles({ ...ANY, id: 3 });
  expect(await answer()).toMatchObject({ id: 3, abandoned: true });
});

it('refuses requests that are none', async () => {
  await start();
  const { capture } = recorder;
  for (const wrong of [
    { ...ANY, tiles: 'all' },
    { ...ANY, tiles: [-1] },
    { ...ANY, limit: 1e9 },
    { ...ANY, id: '1' },
  ]) {
    expect(() => capture.requestTiles(wrong as never)).toThrow();
  }
  expect(await ask({ ...ANY, tiles: [60_000] })).toMatchObject({ tiles: [], plain: [], abandoned: false });
});
