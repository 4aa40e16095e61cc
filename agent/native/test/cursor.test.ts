import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { NativeAddon, NativeCursorPosition, NativeCursorShape } from '../addon.d.ts';
import { type PaintClient, startPaintClient } from './support/paint-client.ts';
import { isType, loadFreshAddon, type Recorder, record } from './support/recorder.ts';
import { startXServer, type XServer } from './support/x-server.ts';

const XC_WATCH = 150;

let addon: NativeAddon;
let server: XServer;
let paint: PaintClient;
let recorder: Recorder;

beforeAll(async () => {
  addon = await loadFreshAddon();
}, 120_000);

beforeEach(async () => {
  server = await startXServer('800x600');
  paint = await startPaintClient(server);
  recorder = record(addon, server.display);
});

afterEach(async () => {
  recorder.capture.close();
  await paint.stop();
  await server.kill();
});

it('tells the shape at the start and when it changes', async () => {
  const first = await recorder.next(isType('cursor-shape'));
  expect(first.rgba.length).toBe(first.width * first.height * 4);
  await paint.setCursor(XC_WATCH);
  const watch = await recorder.next(
    (event): event is NativeCursorShape =>
      event.type === 'cursor-shape' && !event.rgba.equals(first.rgba) && isVisible(event),
  );
  expect(watch.rgba.length).toBe(watch.width * watch.height * 4);
  expect(watch.hotspotX).toBeLessThan(watch.width);
  expect(watch.hotspotY).toBeLessThan(watch.height);
});

it('tells where the pointer went, last of all where it stays', async () => {
  await recorder.nextFrame();
  for (let x = 0; x < 50; x += 1) await paint.movePointer(100 + x, 200);
  const at =
    (x: number, y: number) =>
    (event: { type: string }): event is NativeCursorPosition =>
      event.type === 'cursor-position' &&
      (event as NativeCursorPosition).x === x &&
      (event as NativeCursorPosition).y === y;
  expect(await recorder.next(at(149, 200))).toMatchObject({ x: 149, y: 200 });
});

// The server hides the pointer for a moment while it takes a new shape.
const isVisible = (shape: NativeCursorShape): boolean =>
  shape.rgba.some((byte, index) => index % 4 === 3 && byte > 0);
