import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, test } from 'vitest';
import { Cleanup } from '../tools/stack/cleanup.ts';
import { Lab } from './support/network/lab.ts';
import { startRig } from './support/network/lab-rig.ts';
import type { NatRig } from './support/network/nat-case.ts';
import { namespacesUnavailable } from './support/network-namespace.ts';
import { ROOT } from './support/stage.ts';
import { openViewer, untilLive } from './support/technician-page.ts';
import { until } from './support/until.ts';

const unavailable = namespacesUnavailable();
if (unavailable) console.warn(`Not trying bad lines: ${unavailable}.`);
const GOOD = { rate: 20_000_000, delayMs: 10, loss: 0, cut: false, burst: { enter: 0, leave: 0, loss: 0 } };

describe.skipIf(unavailable !== undefined)('on a bad line', () => {
  const cleanup = new Cleanup();
  let rig: NatRig;
  let viewer: Page;

  beforeAll(async () => {
    const lab = await Lab.create();
    cleanup.defer(() => lab.close());
    rig = await startRig(ROOT, cleanup, lab);
  });
  afterAll(() => cleanup.run());
  beforeEach(async () => {
    await rig.lab.link.set(GOOD);
    viewer = await openViewer(rig.context, rig.url, rig.sessionId);
    await untilLive(viewer);
    await viewer.mouse.move(640, 360);
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') {
      const seen = await viewer.evaluate(() => `${window.__guruViewer?.state}: ${document.body.innerText}`);
      console.error(`${rig.agent.output.slice(-6_000)}\n--- viewer\n${seen}`);
    }
    await viewer.close();
  });

  /** A key pressed in the viewer turns the upper half of the remote screen, and the picture shows it. */
  async function expectLoop(timeoutMs: number): Promise<void> {
    await until(
      'the picture answers a key',
      async () => {
        const before = await brightness(viewer);
        await viewer.keyboard.press('a');
        const turned = async () => Math.abs((await brightness(viewer)) - before) > 128;
        return until('it turns', turned, 1_500).then(
          () => true,
          () => false,
        );
      },
      timeoutMs,
    );
  }

  test.each([
    ['1 Mbit/s, 80 ms, 1 % loss', { rate: 1_000_000, delayMs: 40, loss: 0.01 }],
    ['300 kbit/s, 200 ms', { rate: 300_000, delayMs: 100 }],
    ['5 Mbit/s with 5 % loss in bursts', { rate: 5_000_000, burst: { enter: 0.0105, leave: 0.2, loss: 1 } }],
  ])('%s: the screen still answers and its text still scrolls (V1, V9)', async (_name, shape) => {
    await rig.lab.link.set(shape);
    await expectLoop(10_000);
    const before = await framesShown(viewer);
    await until('10 more pictures', async () => (await framesShown(viewer)) >= before + 10, 10_000);
  });

  test('a cut of 2 s: the picture is back soon after the line (V9)', async () => {
    await rig.lab.link.set({ cut: true });
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    await rig.lab.link.set({ cut: false });
    const start = performance.now();
    await expectLoop(10_000);
    console.log(`answers ${Math.round(performance.now() - start)} ms after a cut of 2 s`);
  });

  test.each([
    ['agent', () => rig.lab.moveAgent()],
    ['viewer', () => rig.lab.moveViewer()],
  ])('the %s gets another address: it goes on without being asked (V9)', async (who, move) => {
    await move();
    const start = performance.now();
    await expectLoop(20_000);
    console.log(`answers ${Math.round(performance.now() - start)} ms after the ${who} moved`);
    await untilLive(viewer, 10_000);
  });
});

/** Of the half that keys turn, 0 to 255, in the video whose picture is on the screen. */
function brightness(page: Page): Promise<number> {
  return page.evaluate(() => {
    // The newest lies first; until it has a picture, an older one shows.
    const video = [...document.querySelectorAll('video')].find(({ videoWidth }) => videoWidth > 0);
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [1, 1];
    const context = canvas.getContext('2d');
    if (!video || !context) return 0;
    context.drawImage(video, video.videoWidth / 2, video.videoHeight / 4, 1, 1, 0, 0, 1, 1);
    return context.getImageData(0, 0, 1, 1).data[1] ?? 0;
  });
}

function framesShown(page: Page): Promise<number> {
  return page.evaluate(
    () => document.querySelector('video')?.getVideoPlaybackQuality().totalVideoFrames ?? 0,
  );
}
