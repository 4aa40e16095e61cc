import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { NativeAddon, NativeFrame } from '../addon.d.ts';
import { type PaintClient, startPaintClient } from './support/paint-client.ts';
import { psnr } from './support/picture.ts';
import { loadProbe, type Probe } from './support/probe.ts';
import { loadFreshAddon, type Recorder, record } from './support/recorder.ts';
import { startXServer, type XServer } from './support/x-server.ts';

const WIDTH = 1280;
const HEIGHT = 720;

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
  server = await startXServer(`${WIDTH}x${HEIGHT}`);
  paint = await startPaintClient(server);
});

afterEach(async () => {
  recorder?.capture.close();
  recorder = undefined;
  await paint.stop();
  await server.kill();
});

/** Luma quality of the last of these frames against what the screen holds now. */
async function quality(frames: readonly NativeFrame[]): Promise<number> {
  const truth = probe.convert(await server.readPixels(), WIDTH, HEIGHT).subarray(0, WIDTH * HEIGHT);
  const decoder = probe.openDecoder();
  const pictures = frames.map((frame) => decoder.decode(frame.data));
  const last = pictures.at(-1);
  if (!last) throw new Error('the last frame does not decode');
  return psnr(last.y, truth);
}

it.each([
  [4_000_000, 1],
  [8_000_000, 1],
  [8_000_000, 3],
])(
  'text is near-lossless two seconds after it appeared, at %i bit/s, coded by %i threads',
  async (bitrate, threads) => {
    recorder = record(addon, server.display, { bitrate, threads, refinements: 25, minQp: 12, maxQp: 51 });
    await recorder.nextFrame();
    await paint.text(50);
    await recorder.nextFrame((frame) => frame.damagedPixels > 0);
    await wait(2000);
    const frames = recorder.frames();
    expect(await quality(frames)).toBeGreaterThanOrEqual(42);
    const refinements = frames.filter((frame) => frame.refinement);
    // No refinement takes longer than half a second on a link of this rate, nor all of them more than two.
    const bits = refinements.map((frame) => frame.data.length * 8);
    expect(Math.max(...bits)).toBeLessThan(bitrate / 2);
    expect(bits.reduce((sum, b) => sum + b, 0)).toBeLessThan(bitrate * 2);
  },
);
