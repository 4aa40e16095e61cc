import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startWineMachine, type WineMachine } from '../../../../tools/windows/wine-machine.ts';
import { nalTypes } from '../support/h264.ts';
import { type PaintClient, startPaintClient } from '../support/paint-client.ts';
import { distance, rgbAt } from '../support/picture.ts';
import { loadProbe, type Planes, type Probe } from '../support/probe.ts';
import { isType, type Recorder } from '../support/recorder.ts';
import { type RemoteAddon, startRemoteAddon } from './support/remote-addon.ts';

const WIDTH = 800;
const HEIGHT = 600;

let probe: Probe;
let machine: WineMachine;
let paint: PaintClient;
let addon: RemoteAddon;

beforeAll(async () => {
  probe = await loadProbe();
  machine = await startWineMachine({ width: WIDTH, height: HEIGHT, windowManager: false });
  paint = await startPaintClient(machine.desktop);
  addon = await startRemoteAddon(machine.wine);
});
afterEach(() => addon.close().catch(() => {}));
afterAll(async () => {
  await addon?.end();
  await paint?.stop();
  await machine?.close();
});

/** Decodes everything so far and gives the last picture. */
function lastPicture(of: Recorder): Planes {
  const decoder = probe.openDecoder();
  let last: Planes | null = null;
  for (const frame of of.frames()) last = decoder.decode(frame.data) ?? last;
  if (!last) throw new Error('nothing was decoded');
  return last;
}

const page = (colour: number) => paint.fill(0, 0, WIDTH, HEIGHT, colour);
const isGreenAt = (picture: Planes, x: number, y: number) => distance(rgbAt(picture, x, y), 0x00aa00) <= 12;

describe('the addon on Windows', () => {
  it('tells the screen as Windows calls it', async () => {
    expect(await addon.listDisplays()).toEqual([
      {
        id: '\\\\.\\DISPLAY1',
        name: expect.stringContaining('DISPLAY1'),
        ...{ x: 0, y: 0, width: WIDTH, height: HEIGHT, primary: true },
      },
    ]);
  });

  it('refuses a monitor that does not exist', async () => {
    await expect(addon.open({}, '\\\\.\\DISPLAY7')).rejects.toThrow("no monitor '\\\\.\\DISPLAY7'");
  });

  it('starts with a key frame that shows the whole screen', async () => {
    await paint.fill(0, 0, WIDTH, HEIGHT, 0x336699);
    await paint.fill(600, 400, 200, 200, 0xee8800);
    const recorder = await addon.open();
    const frame = await recorder.nextFrame();
    expect(frame).toMatchObject({ keyFrame: true, frameId: 1, width: WIDTH, height: HEIGHT });
    expect(frame.damagedPixels).toBe(WIDTH * HEIGHT);
    expect(nalTypes(frame.data)).toEqual([7, 8, 5]);
    const picture = lastPicture(recorder);
    expect(distance(rgbAt(picture, 300, 300), 0x336699)).toBeLessThanOrEqual(4);
    expect(distance(rgbAt(picture, 700, 500), 0xee8800)).toBeLessThanOrEqual(4);
  });

  it('tells times on the clock of the process', async () => {
    const before = await addon.clock();
    const recorder = await addon.open();
    const frame = await recorder.nextFrame();
    expect(frame.capturedAtMs).toBeGreaterThan(before);
    expect(frame.capturedAtMs).toBeLessThan(await addon.clock());
    expect(frame.grabMs).toBeGreaterThan(0);
  });

  it('sends what changed, and only that changes', async () => {
    await page(0xffffff);
    const recorder = await addon.open();
    await recorder.nextFrame();
    await paint.fill(101, 203, 33, 17, 0xcc2211);
    const frame = await recorder.nextFrame();
    expect(frame.keyFrame).toBe(false);
    // Tiles of 64 pixels, the rows that changed: columns 64 to 191, rows 203 to 219.
    expect(frame.damagedPixels).toBe(128 * 17);
    expect([...(frame.tiles?.changed ?? [])].flatMap((byte, at) => (byte === 0 ? [] : [[at, byte]]))).toEqual(
      [
        // Tiles 40 and 41 of 13 a row: row 3, columns 1 and 2.
        [5, 0b11],
      ],
    );
    const picture = lastPicture(recorder);
    expect(distance(rgbAt(picture, 118, 210), 0xcc2211)).toBeLessThanOrEqual(12);
    expect(distance(rgbAt(picture, 80, 210), 0xffffff)).toBeLessThanOrEqual(4);
    expect(distance(rgbAt(picture, 118, 240), 0xffffff)).toBeLessThanOrEqual(4);
  });

  it('keeps to the frame rate and loses nothing of what comes faster', async () => {
    await page(0xffffff);
    const recorder = await addon.open({ maxFps: 5 });
    await recorder.nextFrame();
    const before = recorder.frames().length;
    for (let x = 0; x < 40; x += 1) await paint.fill(x * 20, 0, 16, 16, 0x000000);
    await paint.fill(700, 500, 64, 64, 0x00aa00);
    await recorder.nextFrame(() => isGreenAt(lastPicture(recorder), 730, 530));
    expect(recorder.frames().length - before).toBeLessThanOrEqual(3);
  });

  it('makes no key frame of a screen that changed altogether', async () => {
    await paint.text(40);
    const recorder = await addon.open();
    await recorder.nextFrame();
    await page(0x00aa00);
    const frame = await recorder.nextFrame(() => isGreenAt(lastPicture(recorder), 400, 300));
    expect(frame.keyFrame).toBe(false);
  });

  it('encodes the still surface at once when a key frame is asked for', async () => {
    await page(0x00aa00);
    const recorder = await addon.open();
    await recorder.nextFrame();
    recorder.capture.requestKeyFrame();
    const frame = await recorder.nextFrame((one) => one.keyFrame && one.frameId > 1);
    expect(frame.damagedPixels).toBe(0);
    const alone = probe.openDecoder().decode(frame.data);
    expect(alone && isGreenAt(alone, 400, 300)).toBe(true);
  });

  it('begins anew with a key frame after a pause, with what was drawn meanwhile', async () => {
    await page(0xffffff);
    const recorder = await addon.open();
    await recorder.nextFrame();
    recorder.capture.pause();
    await addon.clock();
    const before = recorder.frames().length;
    await page(0x00aa00);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(recorder.frames().length).toBe(before);
    recorder.capture.resume();
    const frame = await recorder.nextFrame();
    expect(frame.keyFrame).toBe(true);
    expect(isGreenAt(lastPicture(recorder), 400, 300)).toBe(true);
  });

  it('refines what was coded coarsely until it is sharp, and then falls silent', async () => {
    await paint.text(40);
    const recorder = await addon.open({ refinements: 20, bitrate: 500_000 });
    const first = await recorder.nextFrame();
    const refined = await recorder.nextFrame((frame) => frame.refinement && frame.qp < first.qp);
    expect(refined.damagedPixels).toBe(0);
  });

  it('shrinks the picture as it is told', async () => {
    await page(0x00aa00);
    const recorder = await addon.open({ scale: 0.5 });
    expect(await recorder.nextFrame()).toMatchObject({ width: WIDTH / 2, height: HEIGHT / 2 });
    expect(isGreenAt(lastPicture(recorder), 200, 150)).toBe(true);
  });

  it('gives exact tiles of what the video blurs', async () => {
    await page(0xffffff);
    // Red lines on blue, a pixel wide: 4:2:0 cannot show them.
    for (let x = 0; x < 64; x += 2) await paint.fill(x, 0, 1, 64, 0xff0000);
    for (let x = 1; x < 64; x += 2) await paint.fill(x, 0, 1, 64, 0x0000ff);
    const recorder = await addon.open();
    await recorder.nextFrame();
    recorder.capture.requestTiles({ id: 7, tiles: [0, 40], limit: 5, coarse: false });
    const answer = await recorder.next(isType('tiles'));
    expect(answer).toMatchObject({ id: 7, abandoned: false, surfaceWidth: WIDTH, plain: [40] });
    const [tile] = answer.tiles;
    expect(tile?.index).toBe(0);
    expect([...(tile?.colours ?? [])]).toEqual([255, 0, 0, 0, 0, 255]);
    expect([...(tile?.pixels.subarray(0, 4) ?? [])]).toEqual([0, 1, 0, 1]);
  });

  it('has ended its thread once it is closed', async () => {
    const recorder = await addon.open({ maxFps: 60 });
    await recorder.nextFrame();
    await addon.close();
    const before = recorder.events.length;
    await page(0xff00ff);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(recorder.events.length).toBe(before);
    await addon.close();
  });
});
