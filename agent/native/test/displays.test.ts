import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { NativeAddon } from '../addon.d.ts';
import { nalTypes, parseSps, splitNals } from './support/h264.ts';
import { type PaintClient, startPaintClient } from './support/paint-client.ts';
import { isType, loadFreshAddon, type Recorder, record } from './support/recorder.ts';
import { sleeps, threads } from './support/threads.ts';
import { startXServer, type XServer } from './support/x-server.ts';

const run = promisify(execFile);

let addon: NativeAddon;
let server: XServer;
let paint: PaintClient;
let recorder: Recorder | undefined;

beforeAll(async () => {
  addon = await loadFreshAddon();
}, 120_000);

beforeEach(async () => {
  server = await startXServer('1280x800');
  paint = await startPaintClient(server);
});

afterEach(async () => {
  recorder?.capture.close();
  recorder = undefined;
  await paint.stop();
  await server.kill();
});

/** A virtual server has one mode only, but RandR 1.5 splits its screen into monitors as one likes. */
const deleteMonitor = (name: string) => run('xrandr', ['--delmonitor', name], { env: server.env });

/** A busy X server may still tell of the empty desktop's own painting; after this, what changes is what we change. */
async function untilCalm(of: Recorder, x: number): Promise<void> {
  for (let height = 1; ; height += 1) {
    await paint.fill(x, 40, 10, height, 0x336600 + height);
    let area: number;
    // A smaller one is that of a round before; a larger one has swallowed this round's.
    do area = (await of.nextFrame()).damagedPixels;
    while (area < 10 * height);
    if (area === 10 * height) return;
  }
}

it('lists the monitors there are', async () => {
  await paint.setMonitor('left', 0, 0, 640, 800);
  await paint.setMonitor('right', 640, 0, 640, 720);
  const displays = addon.listDisplays(server.display);
  expect(displays).toContainEqual({
    ...displays[0],
    id: 'right',
    name: 'right',
    x: 640,
    width: 640,
    height: 720,
  });
});

it('captures one monitor by its rectangle, at an even size', async () => {
  await paint.setMonitor('odd', 640, 0, 639, 401);
  recorder = record(addon, server.display, {}, 'odd');
  expect(await recorder.nextFrame()).toMatchObject({ width: 638, height: 400, damagedPixels: 638 * 400 });
});

it('sees only its own monitor', async () => {
  await paint.setMonitor('right', 640, 0, 640, 800);
  recorder = record(addon, server.display, {}, 'right');
  await untilCalm(recorder, 650);
  await paint.fill(600, 100, 60, 30, 0x00aa00);
  expect(await recorder.nextFrame()).toMatchObject({ damagedPixels: 20 * 30 });
});

it('two monitors of one server are captured at once, each by its own changes', async () => {
  await paint.setMonitor('left', 0, 0, 640, 800);
  await paint.setMonitor('right', 640, 0, 640, 720);
  recorder = record(addon, server.display, {}, 'left');
  const right = record(addon, server.display, {}, 'right');
  try {
    await untilCalm(recorder, 10);
    await untilCalm(right, 650);
    const before = right.frames().length;
    for (let x = 0; x < 20; x += 1) await paint.fill(700 + x * 10, 100, 10, 10, 0x00aa00);
    await right.nextFrame();
    await paint.fill(10, 10, 30, 30, 0x00aa00);
    expect(await recorder.nextFrame()).toMatchObject({ damagedPixels: 900 });
    const drawn = () =>
      right
        .frames()
        .slice(before)
        .reduce((sum, frame) => sum + frame.damagedPixels, 0);
    while (drawn() < 20 * 100) await right.nextFrame();
    expect(drawn()).toBe(20 * 100);
  } finally {
    right.capture.close();
  }
});

it('does not even wake up while only another monitor changes', async () => {
  await paint.setMonitor('left', 0, 0, 640, 800);
  const before = new Set(threads());
  recorder = record(addon, server.display, {}, 'left');
  const started = threads().filter((thread) => !before.has(thread));
  await recorder.nextFrame((frame) => frame.keyFrame);
  await untilCalm(recorder, 50);
  // From here on everything beside us counts as changed.
  await paint.fill(640, 0, 640, 800, 0x336699);
  recorder.capture.requestKeyFrame();
  await recorder.nextFrame((frame) => frame.keyFrame);
  const sleepsBefore = started.map(sleeps);
  for (let n = 0; n < 100; n += 1) await paint.fill(650 + n, n, 200, 200, 0x00aa00 + n);
  await paint.sync();
  // A hundred changes; the answer to the key frame may still have woken it once or twice.
  for (const [index, thread] of started.entries()) {
    expect(sleeps(thread) - (sleepsBefore[index] ?? 0)).toBeLessThan(5);
  }
  await paint.fill(10, 10, 30, 30, 0x00aa00);
  expect(await recorder.nextFrame()).toMatchObject({ damagedPixels: 900 });
});

it('follows its monitor to another size with a key frame', async () => {
  await paint.setMonitor('grows', 0, 0, 640, 400);
  recorder = record(addon, server.display, {}, 'grows');
  await recorder.nextFrame();
  await paint.setMonitor('grows', 100, 0, 1024, 768);
  await recorder.next(isType('displays-changed'));
  const frame = await recorder.nextFrame((f) => f.width === 1024);
  expect(frame).toMatchObject({ height: 768, keyFrame: true, damagedPixels: 1024 * 768 });
  expect(nalTypes(frame.data)).toEqual([7, 8, 5]);
  expect(parseSps(splitNals(frame.data)[0] ?? Buffer.alloc(0))).toMatchObject({ width: 1024, height: 768 });
});

it('tells of other monitors too, without a key frame', async () => {
  await paint.setMonitor('mine', 0, 0, 640, 400);
  recorder = record(addon, server.display, {}, 'mine');
  await recorder.nextFrame();
  await paint.setMonitor('other', 700, 0, 300, 300);
  await recorder.next(isType('displays-changed'));
  recorder.capture.requestKeyFrame();
  expect(await recorder.nextFrame()).toMatchObject({ frameId: 2, width: 640, height: 400 });
});

it('ends when its monitor goes away', async () => {
  await paint.setMonitor('extra', 0, 0, 640, 400);
  recorder = record(addon, server.display, {}, 'extra');
  await recorder.nextFrame();
  await deleteMonitor('extra');
  expect(await recorder.next(isType('closed'))).toMatchObject({ reason: "the monitor 'extra' is gone" });
});
