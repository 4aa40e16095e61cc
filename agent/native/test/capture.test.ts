import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
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
  server = await startXServer('800x600');
  paint = await startPaintClient(server);
});

afterEach(async () => {
  recorder?.capture.close();
  recorder = undefined;
  await paint.stop();
  await server.kill();
});

/** Decodes everything so far and gives the last picture. */
function lastPicture(of: Recorder): Planes {
  const decoder = probe.openDecoder();
  let last: Planes | null = null;
  for (const frame of of.frames()) last = decoder.decode(frame.data) ?? last;
  if (!last) throw new Error('nothing was decoded');
  return last;
}

describe('listing displays', () => {
  it('tells the one screen of a virtual server', () => {
    expect(addon.listDisplays(server.display)).toEqual([
      { id: 'screen', name: 'screen', x: 0, y: 0, width: 800, height: 600, primary: expect.any(Boolean) },
    ]);
  });

  it('throws a clear error without a server', () => {
    expect(() => addon.listDisplays(':59999')).toThrow("cannot open the X display ':59999'");
  });
});

describe('opening a capture', () => {
  const open = (change: object) => () =>
    addon.openCapture(
      {
        ...{ display: server.display, displayId: 'screen', bitrate: 1e6, maxFps: 30 },
        ...({ content: 'screen', minQp: 12, maxQp: 40, refinements: 0, scale: 1, ...change } as const),
      },
      () => {},
    );

  it('refuses a monitor that does not exist', () => {
    expect(open({ displayId: 'HDMI-7' })).toThrow("no monitor 'HDMI-7'");
  });

  it.each([
    [{ bitrate: 0 }, 'bitrate'],
    [{ maxFps: Number.NaN }, 'maxFps'],
    [{ minQp: 30, maxQp: 20 }, 'minQp'],
    [{ scale: 2 }, 'scale'],
    [{ content: 'cartoon' }, 'content'],
  ])('refuses %o', (change, named) => {
    expect(open(change)).toThrow(named);
  });
});

describe('a capture', () => {
  it('starts with a key frame that shows the whole screen', async () => {
    await paint.fill(0, 0, 800, 600, 0x336699);
    recorder = record(addon, server.display);
    const frame = await recorder.nextFrame();
    expect(frame).toMatchObject({ keyFrame: true, frameId: 1, width: 800, height: 600, refinement: false });
    expect(frame.damagedPixels).toBe(800 * 600);
    expect(nalTypes(frame.data)).toEqual([7, 8, 5]);
    expect(distance(rgbAt(lastPicture(recorder), 400, 300), 0x336699)).toBeLessThanOrEqual(4);
  });

  it('sends what changed, and only that changes', async () => {
    await paint.fill(0, 0, 800, 600, 0xffffff);
    const recording = record(addon, server.display);
    recorder = recording;
    const paintAndSee = async (colour: number) => {
      await paint.fill(101, 203, 33, 17, colour);
      return recording.nextFrame((one) => one.damagedPixels > 0);
    };
    await recorder.nextFrame();
    // The window's own appearance may be told late, and is then one change with the first that we make.
    let frame = await paintAndSee(0x1122cc);
    for (let tries = 0; tries < 5 && frame.damagedPixels !== 33 * 17; tries += 1) {
      frame = await paintAndSee(tries % 2 === 0 ? 0xcc2211 : 0x1122cc);
    }
    frame = await paintAndSee(0x22cc11);
    frame = await paintAndSee(0xcc2211);
    expect(frame.damagedPixels).toBe(33 * 17);
    expect(frame.keyFrame).toBe(false);
    const picture = lastPicture(recorder);
    expect(distance(rgbAt(picture, 118, 210), 0xcc2211)).toBeLessThanOrEqual(12);
    expect(distance(rgbAt(picture, 80, 210), 0xffffff)).toBeLessThanOrEqual(4);
    expect(distance(rgbAt(picture, 118, 240), 0xffffff)).toBeLessThanOrEqual(4);
  });

  it('tells times on the clock of the process', async () => {
    const before = Number(process.hrtime.bigint()) / 1e6;
    recorder = record(addon, server.display);
    const frame = await recorder.nextFrame();
    expect(frame.capturedAtMs).toBeGreaterThan(before);
    expect(frame.capturedAtMs).toBeLessThan(Number(process.hrtime.bigint()) / 1e6);
    expect(frame.grabMs).toBeGreaterThan(0);
    expect(frame.convertMs).toBeGreaterThan(0);
    expect(frame.encodeMs).toBeGreaterThan(0);
  });

  it('merges changes that come faster than the frame rate and loses none', async () => {
    await paint.fill(0, 0, 800, 600, 0xffffff);
    recorder = record(addon, server.display, { maxFps: 5 });
    await recorder.nextFrame();
    await paint.sync();
    const framesBefore = recorder.frames().length;
    for (let x = 0; x < 40; x += 1) await paint.fill(x * 20, 0, 16, 16, 0x000000);
    await paint.fill(700, 500, 64, 64, 0x00aa00);
    await recorder.nextFrame(() => recorder !== undefined && isGreenAt(lastPicture(recorder), 730, 530));
    expect(recorder.frames().length - framesBefore).toBeLessThanOrEqual(3);
  });

  it('encodes the still surface at once when a key frame is asked for', async () => {
    recorder = record(addon, server.display);
    await recorder.nextFrame();
    await paint.fill(10, 10, 50, 50, 0x00aa00);
    await recorder.nextFrame();
    recorder.capture.requestKeyFrame();
    const frame = await recorder.nextFrame((f) => f.keyFrame);
    expect(frame.damagedPixels).toBe(0);
    expect(nalTypes(frame.data)).toEqual([7, 8, 5]);
    const alone = probe.openDecoder().decode(frame.data);
    expect(alone && isGreenAt(alone, 30, 30)).toBe(true);
  });

  it('begins anew with a key frame after a pause, with what was drawn meanwhile', async () => {
    recorder = record(addon, server.display);
    await recorder.nextFrame();
    recorder.capture.pause();
    await paint.fill(0, 0, 800, 600, 0x00aa00);
    const framesWhenPaused = recorder.frames().length;
    recorder.capture.resume();
    const frame = await recorder.nextFrame((f) => f.keyFrame && f.frameId > framesWhenPaused);
    expect(frame.damagedPixels).toBe(800 * 600);
    expect(isGreenAt(lastPicture(recorder), 400, 300)).toBe(true);
  });

  it('goes on without a key frame after a change of content and of the quantiser range', async () => {
    recorder = record(addon, server.display);
    await recorder.nextFrame();
    recorder.capture.configure({ content: 'motion', minQp: 20, maxQp: 30 });
    await paint.fill(0, 0, 400, 300, 0x00aa00);
    const frame = await recorder.nextFrame((f) => f.damagedPixels >= 400 * 300);
    expect(frame.keyFrame).toBe(false);
    expect(isGreenAt(lastPicture(recorder), 200, 150)).toBe(true);
    expect(() => recorder?.capture.configure({ maxFps: -1 })).toThrow('maxFps');
  });
});

function isGreenAt(picture: Planes, x: number, y: number): boolean {
  return distance(rgbAt(picture, x, y), 0x00aa00) <= 12;
}
