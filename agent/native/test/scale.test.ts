import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { NativeAddon } from '../addon.d.ts';
import { nalTypes } from './support/h264.ts';
import { type PaintClient, startPaintClient } from './support/paint-client.ts';
import { distance, rgbAt } from './support/picture.ts';
import { loadProbe, type Planes, type Probe } from './support/probe.ts';
import { loadFreshAddon, type Recorder, record } from './support/recorder.ts';
import { startXServer, type XServer } from './support/x-server.ts';

let addon: NativeAddon;
let probe: Probe;
let server: XServer;
let paint: PaintClient;
let recorder: Recorder | undefined;

beforeAll(async () => {
  addon = await loadFreshAddon();
  probe = await loadProbe();
}, 120_000);

beforeEach(async () => {
  server = await startXServer('802x602');
  paint = await startPaintClient(server);
  await paint.fill(0, 0, 802, 602, 0xffffff);
});

afterEach(async () => {
  recorder?.capture.close();
  recorder = undefined;
  await paint.stop();
  await server.kill();
});

function lastPicture(of: Recorder): Planes {
  const decoder = probe.openDecoder();
  let last: Planes | null = null;
  for (const frame of of.frames()) last = decoder.decode(frame.data) ?? last;
  if (!last) throw new Error('nothing was decoded');
  return last;
}

it.each([
  [1, 802, 602],
  [0.75, 602, 452],
  [0.5, 402, 302],
  [0.3, 240, 180],
])(
  'a capture at scale %d has an even size near it and shows the same in its places',
  async (scale, width, height) => {
    await paint.fill(0, 0, 401, 301, 0x00aa00);
    recorder = record(addon, server.display, { scale });
    const first = await recorder.nextFrame();
    expect(first).toMatchObject({ width, height, keyFrame: true, damagedPixels: width * height });
    await paint.fill(401, 301, 401, 301, 0xcc2211);
    await recorder.nextFrame((frame) => frame.damagedPixels > 0);
    const picture = lastPicture(recorder);
    const at = (x: number, y: number) => rgbAt(picture, Math.floor(x * width), Math.floor(y * height));
    expect(distance(at(0.02, 0.02), 0x00aa00)).toBeLessThanOrEqual(12);
    expect(distance(at(0.48, 0.48), 0x00aa00)).toBeLessThanOrEqual(12);
    expect(distance(at(0.52, 0.48), 0xffffff)).toBeLessThanOrEqual(12);
    expect(distance(at(0.52, 0.52), 0xcc2211)).toBeLessThanOrEqual(12);
    expect(distance(at(0.98, 0.98), 0xcc2211)).toBeLessThanOrEqual(12);
  },
);

it('another scale goes on with a key frame of the new size, and back', async () => {
  recorder = record(addon, server.display);
  await recorder.nextFrame();
  recorder.capture.configure({ scale: 0.5 });
  const small = await recorder.nextFrame((frame) => frame.width === 402);
  expect(small).toMatchObject({ height: 302, keyFrame: true, damagedPixels: 402 * 302 });
  expect(nalTypes(small.data)).toEqual([7, 8, 5]);
  recorder.capture.configure({ scale: 1 });
  expect(await recorder.nextFrame((frame) => frame.width === 802)).toMatchObject({
    keyFrame: true,
    height: 602,
  });
});

it('a fine pattern becomes its average rather than a part of it', async () => {
  recorder = record(addon, server.display, { scale: 0.5 });
  await recorder.nextFrame();
  for (let x = 0; x < 200; x += 2) await paint.fill(x, 0, 1, 200, 0x000000);
  await paint.sync();
  recorder.capture.requestKeyFrame();
  await recorder.nextFrame((frame) => frame.keyFrame);
  expect(distance(rgbAt(lastPicture(recorder), 50, 50), 0x808080)).toBeLessThanOrEqual(12);
});
