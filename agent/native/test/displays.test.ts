import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { NativeAddon } from '../addon.d.ts';
import { nalTypes, parseSps, splitNals } from './support/h264.ts';
import { isType, loadFreshAddon, type Recorder, record } from './support/recorder.ts';
import { startXServer, type XServer } from './support/x-server.ts';

const run = promisify(execFile);

let addon: NativeAddon;
let server: XServer;
let recorder: Recorder;

beforeAll(async () => {
  addon = await loadFreshAddon();
}, 120_000);

beforeEach(async () => {
  server = await startXServer('1280x800');
  recorder = record(addon, server.display);
  await recorder.nextFrame();
});

afterEach(async () => {
  recorder.capture.close();
  await server.kill();
});

const xrandr = (...args: string[]) => run('xrandr', args, { env: server.env });

it('follows the screen to another size with a key frame', async () => {
  await xrandr('--output', 'screen', '--mode', '1024x768');
  await recorder.next(isType('displays-changed'));
  const frame = await recorder.nextFrame((f) => f.width === 1024);
  expect(frame).toMatchObject({ width: 1024, height: 768, keyFrame: true, damagedPixels: 1024 * 768 });
  expect(nalTypes(frame.data)).toEqual([7, 8, 5]);
  expect(parseSps(splitNals(frame.data)[0] ?? Buffer.alloc(0))).toMatchObject({ width: 1024, height: 768 });
  expect(addon.listDisplays(server.display)[0]).toMatchObject({ width: 1024, height: 768 });
});

it('captures one monitor of several by its rectangle, at an even size', async () => {
  await xrandr('--setmonitor', 'left', '640/100x800/100+0+0', 'none');
  await xrandr('--setmonitor', 'right', '639/100x801/100+640+0', 'none');
  const displays = addon.listDisplays(server.display);
  expect(displays.map(({ id, x }) => [id, x])).toContainEqual(['left', 0]);
  const target = displays.find(({ id }) => id === 'left');
  expect(target).toMatchObject({ width: 640, height: 800 });
  let close = (): void => {};
  const frame = await new Promise<{ width: number; height: number }>((resolve) => {
    const options = { display: server.display, displayId: 'left', bitrate: 1e6, maxFps: 30 };
    const capture = addon.openCapture(
      { ...options, content: 'screen', minQp: 12, maxQp: 40, refinements: 0 },
      (event) => event.type === 'frame' && resolve(event),
    );
    close = () => capture.close();
  });
  close();
  expect(frame).toMatchObject({ width: 640, height: 800 });
});

it('ends when its monitor goes away', async () => {
  await xrandr('--setmonitor', 'extra', '640/100x400/100+0+0', 'none');
  const ended = new Promise<string>((resolve) => {
    const options = { display: server.display, displayId: 'extra', bitrate: 1e6, maxFps: 30 };
    addon.openCapture({ ...options, content: 'screen', minQp: 12, maxQp: 40, refinements: 0 }, (event) => {
      if (event.type === 'closed') resolve(event.reason);
    });
  });
  await xrandr('--delmonitor', 'extra');
  await xrandr('--output', 'screen', '--mode', '1024x768');
  expect(await ended).toBe("the monitor 'extra' is gone");
});
