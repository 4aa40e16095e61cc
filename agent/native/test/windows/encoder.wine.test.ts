import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { startWineMachine, type WineMachine } from '../../../../tools/windows/wine-machine.ts';
import { type PaintClient, startPaintClient } from '../support/paint-client.ts';
import { loadProbe } from '../support/probe.ts';
import { isType, type Recorder } from '../support/recorder.ts';
import { type RemoteAddon, startRemoteAddon } from './support/remote-addon.ts';

const WIDTH = 800;
const HEIGHT = 600;

let machine: WineMachine;
let paint: PaintClient;
let addon: RemoteAddon;

beforeAll(async () => {
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

const changed = (at: number) => paint.fill((at * 40) % 700, 100, 100, 100, 0x112233 * ((at % 5) + 1));
const nextEncoder = (recorder: Recorder) => recorder.next(isType('encoder'));

it('has no H.264 encoder in Media Foundation, goes on with OpenH264 and says why', async () => {
  const recorder = await addon.open({ encoder: 'media-foundation' });
  expect(await nextEncoder(recorder)).toEqual({
    type: 'encoder',
    name: 'OpenH264',
    reason: 'Media Foundation is being tried',
  });
  const told = nextEncoder(recorder);
  let isTold = false;
  void told.then(() => {
    isTold = true;
  });
  for (let at = 0; !isTold; at += 1) {
    await changed(at);
    await addon.clock();
  }
  expect(await told).toEqual({
    type: 'encoder',
    name: 'OpenH264',
    reason: 'Media Foundation: Windows has no H.264 encoder',
  });
  // Still a picture of the session, and none of its frames but the first was a key frame.
  await paint.fill(0, 0, WIDTH, HEIGHT, 0x00aa00);
  await recorder.nextFrame();
  expect(recorder.frames().map((frame) => frame.keyFrame)).toEqual(
    recorder.frames().map((_, at) => at === 0),
  );
  const decoder = (await loadProbe()).openDecoder();
  for (const frame of recorder.frames()) expect(decoder.decode(frame.data)).not.toBeNull();
});

it.each([['auto'], ['openh264'], [undefined]] as const)('is OpenH264 when asked for %s', async (encoder) => {
  const recorder = await addon.open(encoder === undefined ? {} : { encoder });
  expect(await nextEncoder(recorder)).toEqual({ type: 'encoder', name: 'OpenH264', reason: '' });
});

it('is not anything else', async () => {
  await expect(addon.open({ encoder: 'vp8' as 'auto' })).rejects.toThrow("encoder must be 'auto'");
});
