import { USAGE_OF_CODE } from '@guruconnect/shared';
import { expect, it } from 'vitest';
import { viewerInChromium } from './viewer-in-chromium.ts';

const viewer = viewerInChromium();

const told = (type: string) =>
  viewer.page.evaluate((kind) => window.server.agent.told.filter((one) => one.type === kind), type);
const untilTold = (type: string, count = 1) =>
  viewer.page.waitForFunction(
    ([kind, wanted]) => window.server.agent.told.filter((one) => one.type === kind).length >= wanted,
    [type, count] as [string, number],
  );
/** Waits until the picture of a track is drawn with that size. */
const untilDrawn = (track: number, width: number) =>
  viewer.page.waitForFunction(
    ([number, wanted]) =>
      document.querySelector<HTMLVideoElement>(`[data-testid=display-${number}] video`)?.videoWidth ===
      wanted,
    [track, width] as [number, number],
  );
const boxOf = async (testId: string) => {
  const box = await viewer.page.getByTestId(testId).boundingBox();
  if (!box) throw new Error(`${testId} is not drawn.`);
  return box;
};

it('shows all displays as they stand, and the pointer lands on the right one of them', async () => {
  await viewer.openLive();
  await viewer.chooseSize('All displays');
  await untilDrawn(1, 1024);
  // HDMI-1 stands left of the primary one, 100 pixels lower: 2304 x 868 in all, 1440 pixels wide here.
  const [primary, left] = await Promise.all([boxOf('display-0'), boxOf('display-1')]);
  const scale = 1440 / 2304;
  expect(left).toMatchObject({ x: 0, width: 640, height: 480 });
  expect(primary.x).toBe(640);
  expect(left.y - primary.y).toBe(Math.round(100 * scale));
  for (const [box, display, width, height] of [
    [primary, 0, 1280, 720],
    [left, 1, 1024, 768],
  ] as const) {
    for (const [x, y] of [
      [0, 0],
      [width - 1, 0],
      [width - 1, height - 1],
      [321, 123],
    ] as const) {
      const place = [
        box.x + ((x + 0.5) * box.width) / width,
        box.y + ((y + 0.5) * box.height) / height,
      ] as const;
      const buttons = await viewer.received(['button'], 2, () => viewer.page.mouse.click(...place));
      expect(buttons[0]).toMatchObject({ display, x, y, down: true });
    }
  }
});

it('switches displays by keys and tells the machine of none of them', async () => {
  await viewer.openLive();
  const keys = await viewer.received(['key'], 2, async () => {
    await viewer.page.keyboard.press('Control+Alt+Shift+Digit2');
    await untilDrawn(0, 1024);
    await viewer.page.keyboard.press('KeyA');
  });
  const usages = keys.map((one) => one.type === 'key' && one.usage);
  expect(usages).toContain(USAGE_OF_CODE.KeyA);
  expect(usages).not.toContain(USAGE_OF_CODE.Digit2);
  const buttons = await viewer.received(['button'], 2, () => viewer.page.mouse.click(720, 450));
  expect(buttons[0]).toMatchObject({ display: 1, x: 512, y: 384 });
  await viewer.page.keyboard.press('Control+Alt+Shift+Digit0');
  await untilTold('show-displays');
  expect(await told('show-displays')).toEqual([{ type: 'show-displays', displays: [0, 1] }]);
});

it('gets a new connection when the old one has too few tracks, and asks it for all displays', async () => {
  await viewer.open('?tracks=1');
  await viewer.state('live');
  await viewer.picture();
  const first = await viewer.page.evaluate(() => window.__guruViewer?.peerId);
  await viewer.page.evaluate(() => {
    window.server.agent.tracks = 2;
  });
  await viewer.chooseSize('All displays');
  await viewer.page.waitForFunction((old) => window.__guruViewer?.peerId !== old, first);
  await untilDrawn(1, 1024);
});

it('remembers the size of each display and the quality, and tells each new connection', async () => {
  await viewer.openLive();
  await viewer.chooseSize('Double size (200 %)');
  await expect.poll(async () => (await boxOf('picture')).width).toBe(2560);
  await viewer.page.keyboard.press('Control+Alt+Shift+Digit2');
  await expect.poll(async () => (await boxOf('picture')).width).toBe(1200);
  await viewer.showToolbar();
  await viewer.page.getByRole('button', { name: 'Connection quality' }).click();
  await viewer.page.getByRole('radio', { name: /Sharp text/ }).check();
  await untilTold('set-quality');
  const first = await viewer.page.evaluate(() => window.__guruViewer?.peerId);
  await viewer.page.evaluate(() => {
    const { agent } = window.server;
    agent.told.splice(0);
    agent.kill(agent.livePeers[0] ?? '');
  });
  await viewer.page.waitForFunction((old) => {
    const now = window.__guruViewer;
    return now?.state === 'live' && now.peerId !== old;
  }, first);
  await untilTold('set-quality');
  expect(await told('set-quality')).toEqual([{ type: 'set-quality', mode: 'sharp-text' }]);
  await untilTold('select-display');
  await viewer.page.reload();
  // The page has another machine in it now, of which the browser warns.
  await viewer.page.getByRole('button', { name: 'Trust this computer from now on' }).click();
  await viewer.picture();
  await expect.poll(async () => (await boxOf('picture')).width).toBe(2560);
  await untilTold('set-quality');
});

it('shows the statistics by keys, and clicks go through them', async () => {
  await viewer.openLive();
  await viewer.page.evaluate(() =>
    window.server.agent.say({
      type: 'stream',
      track: 0,
      display: 0,
      width: 960,
      height: 540,
      bitrate: 800_000,
      maxFps: 15,
      content: 'screen',
      mode: 'auto',
      limitedBy: 'network',
    }),
  );
  await viewer.page.keyboard.press('Control+Alt+Shift+KeyH');
  const overlay = viewer.page.getByRole('region', { name: 'Statistics' });
  await overlay.getByText('960 × 540, text').waitFor();
  await overlay.getByText('the network').waitFor();
  await overlay.getByText('Direct, UDP').waitFor();
  const box = await overlay.boundingBox();
  if (!box) throw new Error('The statistics are not drawn.');
  const buttons = await viewer.received(['button'], 2, () => viewer.page.mouse.click(box.x + 20, box.y + 20));
  expect(buttons).toHaveLength(2);
  await viewer.page.keyboard.press('Control+Alt+Shift+KeyH');
  await overlay.waitFor({ state: 'detached' });
});

it('tells the words that the person at the machine sees', async () => {
  await viewer.openLive();
  await viewer.showToolbar();
  await viewer.page.getByRole('button', { name: 'Security of the connection' }).click();
  const [words = []] = await viewer.page.evaluate(() => window.server.agent.words);
  expect(words).toHaveLength(3);
  await viewer.page.getByText(words.join(' ')).waitFor();
});

it('reports how well the picture came when it ends', async () => {
  await viewer.openLive();
  const readAtMs = () =>
    viewer.page.evaluate(async () => {
      const counters = (await window.__guruViewer?.stats())?.counters;
      return counters?.path ? counters.atMs : undefined;
    });
  await expect.poll(readAtMs).toBeDefined();
  const first = (await readAtMs()) ?? 0;
  // A report says something from a second on.
  await expect.poll(readAtMs, { timeout: 5_000 }).toBeGreaterThan(first + 1_500);
  await viewer.showToolbar();
  await viewer.page.getByRole('button', { name: 'Leave' }).click();
  await viewer.page.waitForFunction(() => window.server.asked.some((one) => one.name === 'quality:report'));
  const reports = await viewer.page.evaluate(() =>
    window.server.asked.filter((one) => one.name === 'quality:report'),
  );
  expect(reports[0]?.payload).toMatchObject({ path: 'direct', freezes: 0 });
});

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/** Two fingers that move apart around a point, and are lifted. */
async function spread(x: number, y: number, steps: readonly number[]): Promise<void> {
  const devtools = await viewer.page.context().newCDPSession(viewer.page);
  const dispatch = (type: 'touchStart' | 'touchMove' | 'touchEnd', apart?: number) =>
    devtools.send('Input.dispatchTouchEvent', {
      type,
      touchPoints:
        apart === undefined
          ? []
          : [
              { x: x - apart / 2, y, id: 1 },
              { x: x + apart / 2, y, id: 2 },
            ],
    });
  for (const [index, apart] of steps.entries())
    await dispatch(index === 0 ? 'touchStart' : 'touchMove', apart);
  await dispatch('touchEnd');
}

it('zooms with two fingers, keeps what is under them, and still hits the right pixel', async () => {
  await viewer.openLive('', PHONE);
  const before = await boxOf('picture');
  const middle = { x: before.x + before.width / 4, y: before.y + before.height / 2 };
  await spread(middle.x, middle.y, [60, 90, 120, 150, 180]);
  await expect.poll(async () => Math.round((await boxOf('picture')).width)).toBe(390 * 3);
  const zoomed = await boxOf('picture');
  expect((middle.x - zoomed.x) / zoomed.width).toBeCloseTo(0.25, 1);
  const taps = await viewer.received(['button'], 2, () => viewer.page.touchscreen.tap(200, 400));
  const at = {
    x: Math.floor(((200 - zoomed.x) / zoomed.width) * 1280),
    y: Math.floor(((400 - zoomed.y) / zoomed.height) * 720),
  };
  expect(taps[0]).toMatchObject({ ...at, down: true });
  await viewer.page.getByRole('button', { name: 'Reset the zoom of' }).tap();
  await expect.poll(async () => (await boxOf('picture')).width).toBe(before.width);
});

it('zooms here for a pinch on a trackpad, and lets Ctrl and the wheel through to the machine', async () => {
  await viewer.openLive();
  await viewer.page.mouse.move(720, 450);
  const pinch = () =>
    viewer.page.getByTestId('picture').evaluate((element) =>
      element.dispatchEvent(
        new WheelEvent('wheel', {
          deltaY: -50,
          ctrlKey: true,
          clientX: 720,
          clientY: 450,
          bubbles: true,
          cancelable: true,
        }),
      ),
    );
  await pinch();
  await expect.poll(async () => (await boxOf('picture')).width).toBeGreaterThan(2_000);
  const [key, wheel] = await viewer.received(['key', 'wheel'], 2, async () => {
    await viewer.page.keyboard.down('Control');
    await viewer.page.mouse.wheel(0, 120);
  });
  expect([key?.type, wheel?.type]).toEqual(['key', 'wheel']);
  await viewer.page.keyboard.up('Control');
});
