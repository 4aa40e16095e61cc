import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { NativeAddon } from '../addon.d.ts';
import { type PaintClient, startPaintClient } from './support/paint-client.ts';
import { isType, loadFreshAddon, type Recorder, record } from './support/recorder.ts';
import { sleeps, threads } from './support/threads.ts';
import { startXServer, type XServer } from './support/x-server.ts';

/** Long against the 80 ms between refinements; the only way to see that nothing happens is to look for a while. */
const QUIET_MS = 500;

let addon: NativeAddon;
let server: XServer;
let paint: PaintClient;
let recorder: Recorder | undefined;

beforeAll(async () => {
  addon = await loadFreshAddon();
}, 120_000);

beforeEach(async () => {
  server = await startXServer('800x600');
  paint = await startPaintClient(server);
});

afterEach(async () => {
  recorder?.capture.close();
  recorder = undefined;
  await paint.stop();
  await server.kill();
});

describe('a still screen', () => {
  it('is refined as often as asked, and then its thread does not even wake up', async () => {
    await paint.text(40);
    const before = new Set(threads());
    recorder = record(addon, server.display, { refinements: 4, bitrate: 2_000_000, minQp: 10 });
    const started = threads().filter((thread) => !before.has(thread));
    await recorder.nextFrame();
    for (let n = 0; n < 4; n += 1) expect((await recorder.nextFrame()).refinement).toBe(true);
    await paint.sync();
    const frames = recorder.frames().length;
    const sleepsBefore = started.map(sleeps);
    await wait(QUIET_MS);
    expect(recorder.frames().length).toBe(frames);
    expect(started.length).toBeGreaterThan(0);
    expect(started.map(sleeps)).toEqual(sleepsBefore);
  });

  it('is refined again after the next change', async () => {
    recorder = record(addon, server.display, { refinements: 2, bitrate: 2_000_000 });
    await recorder.nextFrame((frame) => frame.refinement);
    await paint.fill(0, 0, 300, 300, 0xcc8811);
    await recorder.nextFrame((frame) => frame.damagedPixels > 0);
    const refined = await recorder.nextFrame();
    expect(refined).toMatchObject({ refinement: true, damagedPixels: 0 });
  });

  it('stays silent while the pointer moves over it', async () => {
    recorder = record(addon, server.display);
    await recorder.nextFrame();
    await paint.sync();
    const frames = recorder.frames().length;
    for (let x = 0; x < 20; x += 1) await paint.movePointer(100 + x * 10, 300);
    await recorder.next(isType('cursor-position'));
    await wait(QUIET_MS);
    expect(recorder.frames().length).toBe(frames);
  });
});
