import { MODIFIER, USAGE_OF_CODE } from '@guruconnect/shared';
import axe from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type Harness, startHarness } from './build-harness.ts';
import type {} from './harness.tsx';

const VIEWPORT = { width: 1440, height: 900 };
/** 1280 x 720 in that window: as wide as it is, with bars of 45 pixels above and below. */
const FIT = { top: 45, scale: 1440 / 1280 };

let harness: Harness;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  [harness, browser] = await Promise.all([
    startHarness(),
    chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] }),
  ]);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await harness?.close();
});
afterEach(async () => {
  await page?.context().close();
});

async function open(query = '', options: BrowserContextOptions = {}): Promise<void> {
  const context = await browser.newContext({ viewport: VIEWPORT, ...options });
  page = await context.newPage();
  await page.goto(`${harness.url}${query}`);
}

const state = (wanted: string) =>
  page.waitForFunction((kind) => window.__guruViewer?.state === kind, wanted, { timeout: 15_000 });
const picture = () => page.waitForFunction(() => window.__guruViewer?.firstFrameAtMs !== undefined);
/** Clears what was received, acts, and gives what was received until `count` messages of the kind came. */
async function received(types: readonly string[], count: number, act: () => Promise<unknown>) {
  await page.evaluate(() => window.server.agent.received.splice(0));
  await act();
  const enough = ([kinds, wanted]: [readonly string[], number]) =>
    window.server.agent.received.filter((one) => kinds.includes(one.type)).length >= wanted;
  await page.waitForFunction(enough, [types, count] as [readonly string[], number], { timeout: 5_000 });
  const all = await page.evaluate(() => window.server.agent.received);
  return all.filter((one) => types.includes(one.type));
}
async function openLive(query = '', options: BrowserContextOptions = {}): Promise<void> {
  await open(query, options);
  await state('live');
  await picture();
}

async function chooseSize(name: string): Promise<void> {
  await page.getByRole('button', { name: 'Displays and size' }).click();
  await page.getByRole('menuitemradio', { name }).click();
  // The keyboard goes back to the stage once the menu is gone.
  await page.getByRole('menu').waitFor({ state: 'detached' });
}

it('shows the picture, and hits every corner pixel in fit and at actual size', async () => {
  await openLive();
  const corners = [
    [0, 0],
    [1279, 0],
    [0, 719],
    [1279, 719],
  ] as const;
  for (const [x, y] of corners) {
    const click = () => page.mouse.click((x + 0.5) * FIT.scale, FIT.top + (y + 0.5) * FIT.scale);
    const buttons = await received(['button'], 2, click);
    expect(buttons).toMatchObject([
      { display: 0, x, y, button: 0, down: true },
      { x, y, button: 0, down: false },
    ]);
  }
  await chooseSize('Actual size (100 %)');
  for (const [x, y] of corners) {
    // Centred: bars of 80 pixels at the sides, 90 above and below.
    const buttons = await received(['button'], 2, () => page.mouse.click(80.5 + x, 90.5 + y));
    expect(buttons).toMatchObject([
      { x, y, down: true },
      { x, y, down: false },
    ]);
  }
});

it('pans a picture that is larger than the window, and still hits its last pixel', async () => {
  await openLive('', { viewport: { width: 800, height: 500 } });
  await chooseSize('Actual size (100 %)');
  const stage = page.getByTestId('stage');
  await page.mouse.move(780, 480);
  await page.waitForFunction(() => {
    const element = document.querySelector('[data-testid=stage]');
    return element && element.scrollLeft + element.clientWidth >= 1280 && element.scrollTop > 0;
  });
  await stage.evaluate((element) => element.scrollTo(10_000, 10_000));
  const box = await page.getByTestId('picture').boundingBox();
  if (!box) throw new Error('The picture has no box.');
  const last = { x: box.x + 1279.5, y: box.y + 719.5 };
  const buttons = await received(['button'], 2, () => page.mouse.click(last.x, last.y));
  expect(buttons).toMatchObject([
    { x: 1279, y: 719 },
    { x: 1279, y: 719 },
  ]);
});

it('follows a drag out of the window and sends its end', async () => {
  await openLive();
  const messages = await received(['button'], 2, async () => {
    await page.mouse.move(700, 400);
    await page.mouse.down();
    await page.mouse.move(1500, 1000, { steps: 5 });
    await page.mouse.up();
  });
  expect(messages[1]).toMatchObject({ down: false, x: 1279, y: 719 });
});

it('sends the wheel in notches, with the place of the pointer', async () => {
  await openLive();
  await page.mouse.move(720, 450);
  const [wheel] = await received(['wheel'], 1, () => page.mouse.wheel(0, 120));
  expect(wheel).toMatchObject({ x: 640, y: 360, dx: 0, dy: 120 });
});

it('sends keys with usage, character and modifiers, and releases all of them when the page is left', async () => {
  await openLive();
  const keys = await received(['key'], 6, async () => {
    await page.keyboard.press('Tab');
    await page.keyboard.down('Shift');
    await page.keyboard.press('KeyA');
    await page.keyboard.up('Shift');
  });
  expect(
    keys.map((one) => one.type === 'key' && [one.usage, one.down, one.codePoint, one.modifiers]),
  ).toEqual([
    [USAGE_OF_CODE.Tab, true, 0, 0],
    [USAGE_OF_CODE.Tab, false, 0, 0],
    [USAGE_OF_CODE.ShiftLeft, true, 0, MODIFIER.shift],
    [USAGE_OF_CODE.KeyA, true, 65, MODIFIER.shift],
    [USAGE_OF_CODE.KeyA, false, 65, MODIFIER.shift],
    [USAGE_OF_CODE.ShiftLeft, false, 0, 0],
  ]);
  const left = await received(['key', 'release-all'], 2, async () => {
    await page.keyboard.down('ControlLeft');
    await page.evaluate(() => window.dispatchEvent(new Event('blur')));
  });
  expect(left.map((one) => one.type)).toEqual(['key', 'release-all']);
  // The key that is still down here is not pressed there any more, so its release is not sent.
  const after = await received(['key'], 2, async () => {
    await page.keyboard.up('ControlLeft');
    await page.keyboard.press('KeyB');
  });
  expect(after.map((one) => one.type === 'key' && one.usage)).toEqual([
    USAGE_OF_CODE.KeyB,
    USAGE_OF_CODE.KeyB,
  ]);
});

it('sends text that an input method makes', async () => {
  await openLive();
  const devtools = await page.context().newCDPSession(page);
  const [text] = await received(['text'], 1, async () => {
    await devtools.send('Input.imeSetComposition', { text: 'にほ', selectionStart: 2, selectionEnd: 2 });
    await devtools.send('Input.insertText', { text: '日本' });
  });
  expect(text).toMatchObject({ text: '日本' });
});

it('leaves the keyboard to the toolbar after its shortcut, and Escape gives it back', async () => {
  await openLive();
  await page.keyboard.press('Control+Alt+Shift+KeyT');
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
  expect(await focused()).toBe('View only');
  await page.keyboard.press('ArrowRight');
  expect(await focused()).toBe('Displays and size');
  await page.keyboard.press('Escape');
  expect(await focused()).toContain('Keyboard of FRONT-DESK-3');
});

it('sends special keys from the menu and gives the keyboard back', async () => {
  await openLive();
  await page.getByRole('button', { name: 'Special keys' }).click();
  const keys = await received(['key'], 4, () => page.getByRole('menuitem', { name: 'Alt + Tab' }).click());
  expect(keys.map((one) => one.type === 'key' && [one.usage, one.down])).toEqual([
    [USAGE_OF_CODE.AltLeft, true],
    [USAGE_OF_CODE.Tab, true],
    [USAGE_OF_CODE.Tab, false],
    [USAGE_OF_CODE.AltLeft, false],
  ]);
  await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA');
  await page.getByRole('button', { name: 'Special keys' }).click();
  await page.getByRole('menuitem', { name: 'Ctrl + Alt + Del' }).click();
  await page.waitForFunction(() => window.server.agent.told.some((one) => one.type === 'special-keys'));
});

it('waits for consent, shows a refusal, asks again, and goes live', async () => {
  await open('?consent=ask');
  await state('asking');
  await page.getByText('Waiting for the person at the machine to answer').waitFor();
  // A connection may stand ready, but nothing is shown.
  expect(await page.locator('video').count()).toBe(0);
  await page.evaluate(() => window.server.answerConsent('refuse'));
  await page.getByRole('button', { name: 'Ask again' }).click();
  await state('asking');
  await page.evaluate(() => window.server.answerConsent('control'));
  await state('live');
  await picture();
});

it('captures nothing when only viewing was allowed', async () => {
  await openLive('?consent=view');
  await page.getByText('View only').waitFor();
  await page.mouse.click(700, 450);
  await page.keyboard.press('KeyA');
  await page.mouse.wheel(0, 120);
  // Two heartbeats that were sent afterwards have arrived, so anything before them would have, too.
  const pings = await page.evaluate(() => window.server.agent.pings);
  await page.waitForFunction((before) => window.server.agent.pings >= before + 2, pings);
  expect(await page.evaluate(() => window.server.agent.received)).toEqual([]);
});

it('gives control up and takes it with the view-only switch', async () => {
  await openLive();
  const released = await received(['release-all'], 1, () =>
    page.getByRole('button', { name: 'View only' }).click(),
  );
  expect(released.length).toBeGreaterThan(0);
  await page.waitForFunction(() => window.server.asked.some((one) => one.name === 'control:release'));
  await page.getByRole('button', { name: 'View only', pressed: true }).click();
  await page.waitForFunction(() => window.server.asked.some((one) => one.name === 'control:take'));
  const keys = await received(['key'], 2, () => page.keyboard.press('KeyC'));
  expect(keys).toHaveLength(2);
});

it('shows nothing any more when consent is withdrawn, and no old picture when it is given again', async () => {
  await openLive();
  await page.evaluate(() => window.server.answerConsent('refuse'));
  await page.getByText('The person at the machine declined').waitFor();
  expect(await page.evaluate(() => document.querySelectorAll('video, canvas').length)).toBe(0);
  expect(await page.evaluate(() => window.server.agent.livePeers)).toEqual([]);
});

it('tells who has taken control, and takes it back', async () => {
  await openLive();
  await page.evaluate(() => window.server.otherTakesControl());
  await page.getByText('Anna Berger has control').waitFor();
  await page.getByRole('button', { name: 'Take control' }).click();
  await page.getByText('Anna Berger has control').waitFor({ state: 'detached' });
});

it('reconnects by itself when the peer dies, keeping the last picture, and input works again', async () => {
  await openLive();
  const first = await page.evaluate(() => window.__guruViewer?.peerId);
  await page.evaluate(() => {
    const { agent } = window.server;
    const [peerId] = agent.livePeers;
    if (peerId) agent.kill(peerId);
  });
  await page.waitForFunction((old) => {
    const viewer = window.__guruViewer;
    return viewer?.state === 'live' && viewer.peerId !== old;
  }, first);
  const requests = await page.evaluate(() =>
    window.server.asked.filter((one) => one.name === 'peer:request'),
  );
  expect(requests[1]?.payload).toMatchObject({ replaces: first });
  const keys = await received(['key'], 2, () => page.keyboard.press('KeyD'));
  // Ids start anew with each peer.
  expect(keys[0]?.inputId).toBeLessThan(10);
  await page.waitForFunction(() => document.querySelectorAll('video').length === 1);
});

it('notices within three seconds that a machine has hung, and says so', async () => {
  await openLive();
  const before = Date.now();
  await page.evaluate(() => {
    window.server.agent.isMute = true;
    window.server.change({ endpoint: { kind: 'lost', agentId: window.server.view.id, since: 1 } });
  });
  await page.getByText('Reconnecting…').waitFor();
  expect(Date.now() - before).toBeLessThan(3_000);
  await page.getByText('The computer lost its connection').waitFor();
  expect(await page.locator('video').evaluate((video: HTMLVideoElement) => video.videoWidth)).toBeGreaterThan(
    0,
  );
  await page.evaluate(() => {
    window.server.agent.isMute = false;
    window.server.change({ endpoint: { kind: 'agent', agentId: window.server.view.id, since: 2 } });
  });
  await state('live');
});

it('goes on without the server, and resumes a broken peer when it is back', async () => {
  await openLive();
  await page.evaluate(() => window.server.setOnline(false));
  await page.getByText('Server unreachable').waitFor();
  expect(await received(['key'], 2, () => page.keyboard.press('KeyE'))).toHaveLength(2);
  await page.evaluate(() => window.server.agent.kill(window.server.agent.livePeers[0] ?? ''));
  await page.getByText('The server cannot be reached').waitFor();
  // The last picture is still there: its marked corner is red, not black.
  const corner = await page
    .locator('[data-testid=picture] canvas:not([data-testid=tiles])')
    .evaluate((canvas: HTMLCanvasElement) => [
      ...(canvas.getContext('2d')?.getImageData(4, 4, 1, 1).data ?? []),
    ]);
  expect(corner[0]).toBeGreaterThan(150);
  expect(corner[1]).toBeLessThan(110);
  await page.evaluate(() => window.server.setOnline(true));
  await state('live');
  await page.locator('[data-testid=picture] canvas:not([data-testid=tiles])').waitFor({ state: 'detached' });
});

it('ends after a question, and says why', async () => {
  await openLive();
  await page.getByRole('button', { name: 'End session' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'End session' }).click();
  await page.getByText('The session has ended').waitFor();
  await page.getByText('Ended by the technician').waitFor();
  expect(await page.evaluate(() => window.server.agent.livePeers)).toEqual([]);
});

it('draws the remote pointer as its own, and where it went by itself', async () => {
  await openLive();
  const style = () => page.getByTestId('picture').evaluate((element) => element.style.cursor);
  await page.evaluate(() => {
    const rgba = new Uint8Array(24 * 24 * 4).fill(255);
    const shape = {
      type: 'shape',
      shapeId: 7,
      width: 24,
      height: 24,
      hotspotX: 4,
      hotspotY: 5,
      rgba,
    } as const;
    window.server.agent.showCursor(shape);
  });
  await expect.poll(style).toMatch(/^url\("data:image\/png;base64,.*"\) 4 5, default$/);
  await page.evaluate(() => window.server.agent.showCursor({ type: 'hidden' }));
  await expect.poll(style).toBe('none');
  await page.evaluate(() => window.server.agent.showCursor({ type: 'use', shapeId: 7 }));
  await expect.poll(style).toContain('4 5');
  await page.evaluate(() => window.server.agent.showCursor({ type: 'position', display: 0, x: 640, y: 360 }));
  const ghost = page.getByTestId('picture').locator('img');
  await ghost.waitFor();
  const box = await ghost.boundingBox();
  expect(box?.x).toBeCloseTo(720.5 - 4, 0);
  await page.mouse.move(100, 100);
  await ghost.waitFor({ state: 'detached' });
});

it('clicks with a tap, right-clicks with a long press and offers the keys a phone lacks', async () => {
  await openLive('', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  const devtools = await page.context().newCDPSession(page);
  const touch = (type: 'touchStart' | 'touchEnd') =>
    devtools.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: type === 'touchEnd' ? [] : [{ x: 195, y: 400 }],
    });
  const tap = await received(['button'], 2, async () => {
    await touch('touchStart');
    await touch('touchEnd');
  });
  expect(tap).toMatchObject([
    { button: 0, down: true },
    { button: 0, down: false },
  ]);
  const hold = await received(['button'], 2, () => touch('touchStart'));
  expect(hold).toMatchObject([
    { button: 2, down: true },
    { button: 2, down: false },
  ]);
  await touch('touchEnd');
  await page.getByRole('button', { name: 'Ctrl, for the next key' }).tap();
  const keys = await received(['key'], 4, () => page.getByRole('button', { name: 'Del', exact: true }).tap());
  expect(keys.map((one) => one.type === 'key' && one.usage)).toEqual([
    USAGE_OF_CODE.ControlLeft,
    USAGE_OF_CODE.Delete,
    USAGE_OF_CODE.Delete,
    USAGE_OF_CODE.ControlLeft,
  ]);
});

it.each(['light', 'dark'])('has no serious accessibility findings (%s)', async (theme) => {
  await openLive(`?theme=${theme}`);
  await page.getByRole('button', { name: 'Connection quality' }).click();
  await page.evaluate(axe.source);
  const findings = await page.evaluate(async () => {
    const { axe: checker } = window as unknown as { axe: typeof import('axe-core') };
    const { violations } = await checker.run();
    return violations
      .filter((one) => one.impact === 'serious' || one.impact === 'critical')
      .map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(' ')}`);
  });
  expect(findings).toEqual([]);
});
