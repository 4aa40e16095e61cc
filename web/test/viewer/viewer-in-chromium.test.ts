import { MODIFIER, USAGE_OF_CODE } from '@guruconnect/shared';
import axe from 'axe-core';
import { expect, it } from 'vitest';
import { viewerInChromium } from './viewer-in-chromium.ts';

/** 1280 x 720 in a window of 1440 x 900: as wide as it is, with bars of 45 pixels above and below. */
const FIT = { top: 45, scale: 1440 / 1280 };

const viewer = viewerInChromium();

it('shows the picture, and hits every corner pixel in fit and at actual size', async () => {
  await viewer.openLive();
  const corners = [
    [0, 0],
    [1279, 0],
    [0, 719],
    [1279, 719],
  ] as const;
  for (const [x, y] of corners) {
    const click = () => viewer.page.mouse.click((x + 0.5) * FIT.scale, FIT.top + (y + 0.5) * FIT.scale);
    const buttons = await viewer.received(['button'], 2, click);
    expect(buttons).toMatchObject([
      { display: 0, x, y, button: 0, down: true },
      { x, y, button: 0, down: false },
    ]);
  }
  await viewer.chooseSize('Actual size (100 %)');
  for (const [x, y] of corners) {
    // Centred: bars of 80 pixels at the sides, 90 above and below.
    const buttons = await viewer.received(['button'], 2, () => viewer.page.mouse.click(80.5 + x, 90.5 + y));
    expect(buttons).toMatchObject([
      { x, y, down: true },
      { x, y, down: false },
    ]);
  }
});

it('pans a picture that is larger than the window, and still hits its last pixel', async () => {
  await viewer.openLive('', { viewport: { width: 800, height: 500 } });
  await viewer.chooseSize('Actual size (100 %)');
  const stage = viewer.page.getByTestId('stage');
  await viewer.page.mouse.move(780, 480);
  await viewer.page.waitForFunction(() => {
    const element = document.querySelector('[data-testid=stage]');
    return element && element.scrollLeft + element.clientWidth >= 1280 && element.scrollTop > 0;
  });
  await stage.evaluate((element) => element.scrollTo(10_000, 10_000));
  const box = await viewer.page.getByTestId('picture').boundingBox();
  if (!box) throw new Error('The picture has no box.');
  const last = { x: box.x + 1279.5, y: box.y + 719.5 };
  const buttons = await viewer.received(['button'], 2, () => viewer.page.mouse.click(last.x, last.y));
  expect(buttons).toMatchObject([
    { x: 1279, y: 719 },
    { x: 1279, y: 719 },
  ]);
});

it('follows a drag out of the window and sends its end', async () => {
  await viewer.openLive();
  const messages = await viewer.received(['button'], 2, async () => {
    await viewer.page.mouse.move(700, 400);
    await viewer.page.mouse.down();
    await viewer.page.mouse.move(1500, 1000, { steps: 5 });
    await viewer.page.mouse.up();
  });
  expect(messages[1]).toMatchObject({ down: false, x: 1279, y: 719 });
});

it('sends the wheel in notches, with the place of the pointer', async () => {
  await viewer.openLive();
  await viewer.page.mouse.move(720, 450);
  const [wheel] = await viewer.received(['wheel'], 1, () => viewer.page.mouse.wheel(0, 120));
  expect(wheel).toMatchObject({ x: 640, y: 360, dx: 0, dy: 120 });
});

it('sends keys with usage, character and modifiers, and releases all of them when the page is left', async () => {
  await viewer.openLive();
  const keys = await viewer.received(['key'], 6, async () => {
    await viewer.page.keyboard.press('Tab');
    await viewer.page.keyboard.down('Shift');
    await viewer.page.keyboard.press('KeyA');
    await viewer.page.keyboard.up('Shift');
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
  const left = await viewer.received(['key', 'release-all'], 2, async () => {
    await viewer.page.keyboard.down('ControlLeft');
    await viewer.page.evaluate(() => window.dispatchEvent(new Event('blur')));
  });
  expect(left.map((one) => one.type)).toEqual(['key', 'release-all']);
  // The key that is still down here is not pressed there any more, so its release is not sent.
  const after = await viewer.received(['key'], 2, async () => {
    await viewer.page.keyboard.up('ControlLeft');
    await viewer.page.keyboard.press('KeyB');
  });
  expect(after.map((one) => one.type === 'key' && one.usage)).toEqual([
    USAGE_OF_CODE.KeyB,
    USAGE_OF_CODE.KeyB,
  ]);
});

it('sends text that an input method makes', async () => {
  await viewer.openLive();
  const devtools = await viewer.page.context().newCDPSession(viewer.page);
  const [text] = await viewer.received(['text'], 1, async () => {
    await devtools.send('Input.imeSetComposition', { text: 'にほ', selectionStart: 2, selectionEnd: 2 });
    await devtools.send('Input.insertText', { text: '日本' });
  });
  expect(text).toMatchObject({ text: '日本' });
});

it('leaves the keyboard to the toolbar after its shortcut, and Escape gives it back', async () => {
  await viewer.openLive();
  await viewer.page.keyboard.press('Control+Alt+Shift+KeyT');
  const focused = () => viewer.page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
  expect(await focused()).toBe('View only');
  await viewer.page.keyboard.press('ArrowRight');
  expect(await focused()).toBe('Displays and size');
  await viewer.page.keyboard.press('Escape');
  expect(await focused()).toContain('Keyboard of FRONT-DESK-3');
});

it('sends special keys from the menu and gives the keyboard back', async () => {
  await viewer.openLive();
  await viewer.page.getByRole('button', { name: 'Special keys' }).click();
  const keys = await viewer.received(['key'], 4, () =>
    viewer.page.getByRole('menuitem', { name: 'Alt + Tab' }).click(),
  );
  expect(keys.map((one) => one.type === 'key' && [one.usage, one.down])).toEqual([
    [USAGE_OF_CODE.AltLeft, true],
    [USAGE_OF_CODE.Tab, true],
    [USAGE_OF_CODE.Tab, false],
    [USAGE_OF_CODE.AltLeft, false],
  ]);
  await viewer.page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA');
  await viewer.page.getByRole('button', { name: 'Special keys' }).click();
  await viewer.page.getByRole('menuitem', { name: 'Ctrl + Alt + Del' }).click();
  await viewer.page.waitForFunction(() =>
    window.server.agent.told.some((one) => one.type === 'special-keys'),
  );
});

it('waits for consent, shows a refusal, asks again, and goes live', async () => {
  await viewer.open('?consent=ask');
  await viewer.state('asking');
  await viewer.page.getByText('Waiting for the person at the machine to answer').waitFor();
  // A connection may stand ready, but nothing is shown.
  expect(await viewer.page.locator('video').count()).toBe(0);
  await viewer.page.evaluate(() => window.server.answerConsent('refuse'));
  await viewer.page.getByRole('button', { name: 'Ask again' }).click();
  await viewer.state('asking');
  await viewer.page.evaluate(() => window.server.answerConsent('control'));
  await viewer.state('live');
  await viewer.picture();
});

it('captures nothing when only viewing was allowed', async () => {
  await viewer.openLive('?consent=view');
  await viewer.page.getByText('View only').waitFor();
  await viewer.page.mouse.click(700, 450);
  await viewer.page.keyboard.press('KeyA');
  await viewer.page.mouse.wheel(0, 120);
  // Two heartbeats that were sent afterwards have arrived, so anything before them would have, too.
  const pings = await viewer.page.evaluate(() => window.server.agent.pings);
  await viewer.page.waitForFunction((before) => window.server.agent.pings >= before + 2, pings);
  expect(await viewer.page.evaluate(() => window.server.agent.received)).toEqual([]);
});

it('gives control up and takes it with the view-only switch', async () => {
  await viewer.openLive();
  const released = await viewer.received(['release-all'], 1, () =>
    viewer.page.getByRole('button', { name: 'View only' }).click(),
  );
  expect(released.length).toBeGreaterThan(0);
  await viewer.page.waitForFunction(() => window.server.asked.some((one) => one.name === 'control:release'));
  await viewer.page.getByRole('button', { name: 'View only', pressed: true }).click();
  await viewer.page.waitForFunction(() => window.server.asked.some((one) => one.name === 'control:take'));
  const keys = await viewer.received(['key'], 2, () => viewer.page.keyboard.press('KeyC'));
  expect(keys).toHaveLength(2);
});

it('shows nothing any more when consent is withdrawn, and no old picture when it is given again', async () => {
  await viewer.openLive();
  await viewer.page.evaluate(() => window.server.answerConsent('refuse'));
  await viewer.page.getByText('The person at the machine declined').waitFor();
  expect(await viewer.page.evaluate(() => document.querySelectorAll('video, canvas').length)).toBe(0);
  expect(await viewer.page.evaluate(() => window.server.agent.livePeers)).toEqual([]);
});

it('tells who has taken control, and takes it back', async () => {
  await viewer.openLive();
  await viewer.page.evaluate(() => window.server.otherTakesControl());
  await viewer.page.getByText('Anna Berger has control').waitFor();
  await viewer.page.getByRole('button', { name: 'Take control' }).click();
  await viewer.page.getByText('Anna Berger has control').waitFor({ state: 'detached' });
});

it('reconnects by itself when the peer dies, keeping the last picture, and input works again', async () => {
  await viewer.openLive();
  const first = await viewer.page.evaluate(() => window.__guruViewer?.peerId);
  await viewer.page.evaluate(() => {
    const { agent } = window.server;
    const [peerId] = agent.livePeers;
    if (peerId) agent.kill(peerId);
  });
  await viewer.page.waitForFunction((old) => {
    const viewer = window.__guruViewer;
    return viewer?.state === 'live' && viewer.peerId !== old;
  }, first);
  const requests = await viewer.page.evaluate(() =>
    window.server.asked.filter((one) => one.name === 'peer:request'),
  );
  expect(requests[1]?.payload).toMatchObject({ replaces: first });
  const keys = await viewer.received(['key'], 2, () => viewer.page.keyboard.press('KeyD'));
  // Ids start anew with each peer.
  expect(keys[0]?.inputId).toBeLessThan(10);
  await viewer.page.waitForFunction(() => document.querySelectorAll('video').length === 1);
});

it('notices within three seconds that a machine has hung, and says so', async () => {
  await viewer.openLive();
  const before = Date.now();
  await viewer.page.evaluate(() => {
    window.server.agent.isMute = true;
    window.server.change({ endpoint: { kind: 'lost', agentId: window.server.view.id, since: 1 } });
  });
  await viewer.page.getByText('Reconnecting…').waitFor();
  expect(Date.now() - before).toBeLessThan(3_000);
  await viewer.page.getByText('The computer lost its connection').waitFor();
  expect(
    await viewer.page.locator('video').evaluate((video: HTMLVideoElement) => video.videoWidth),
  ).toBeGreaterThan(0);
  await viewer.page.evaluate(() => {
    window.server.agent.isMute = false;
    window.server.change({ endpoint: { kind: 'agent', agentId: window.server.view.id, since: 2 } });
  });
  await viewer.state('live');
});

it('goes on without the server, and resumes a broken peer when it is back', async () => {
  await viewer.openLive();
  await viewer.page.evaluate(() => window.server.setOnline(false));
  await viewer.page.getByText('Server unreachable').waitFor();
  expect(await viewer.received(['key'], 2, () => viewer.page.keyboard.press('KeyE'))).toHaveLength(2);
  await viewer.page.evaluate(() => window.server.agent.kill(window.server.agent.livePeers[0] ?? ''));
  await viewer.page.getByText('The server cannot be reached').waitFor();
  // The last picture is still there: its marked corner is red, not black.
  const corner = await viewer.page
    .locator('[data-testid=picture] canvas:not([data-testid=tiles])')
    .evaluate((canvas: HTMLCanvasElement) => [
      ...(canvas.getContext('2d')?.getImageData(4, 4, 1, 1).data ?? []),
    ]);
  expect(corner[0]).toBeGreaterThan(150);
  expect(corner[1]).toBeLessThan(110);
  await viewer.page.evaluate(() => window.server.setOnline(true));
  await viewer.state('live');
  await viewer.page
    .locator('[data-testid=picture] canvas:not([data-testid=tiles])')
    .waitFor({ state: 'detached' });
});

it('ends after a question, and says why', async () => {
  await viewer.openLive();
  await viewer.page.getByRole('button', { name: 'End session' }).click();
  await viewer.page.getByRole('alertdialog').getByRole('button', { name: 'End session' }).click();
  await viewer.page.getByText('The session has ended').waitFor();
  await viewer.page.getByText('Ended by the technician').waitFor();
  expect(await viewer.page.evaluate(() => window.server.agent.livePeers)).toEqual([]);
});

it('draws the remote pointer as its own, and where it went by itself', async () => {
  await viewer.openLive();
  const style = () => viewer.page.getByTestId('picture').evaluate((element) => element.style.cursor);
  await viewer.page.evaluate(() => {
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
  await viewer.page.evaluate(() => window.server.agent.showCursor({ type: 'hidden' }));
  await expect.poll(style).toBe('none');
  await viewer.page.evaluate(() => window.server.agent.showCursor({ type: 'use', shapeId: 7 }));
  await expect.poll(style).toContain('4 5');
  await viewer.page.evaluate(() =>
    window.server.agent.showCursor({ type: 'position', display: 0, x: 640, y: 360 }),
  );
  const ghost = viewer.page.getByTestId('picture').locator('img');
  await ghost.waitFor();
  const box = await ghost.boundingBox();
  expect(box?.x).toBeCloseTo(720.5 - 4, 0);
  await viewer.page.mouse.move(100, 100);
  await ghost.waitFor({ state: 'detached' });
});

it('clicks with a tap, right-clicks with a long press and offers the keys a phone lacks', async () => {
  await viewer.openLive('', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  const devtools = await viewer.page.context().newCDPSession(viewer.page);
  const touch = (type: 'touchStart' | 'touchEnd') =>
    devtools.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: type === 'touchEnd' ? [] : [{ x: 195, y: 400 }],
    });
  const tap = await viewer.received(['button'], 2, async () => {
    await touch('touchStart');
    await touch('touchEnd');
  });
  expect(tap).toMatchObject([
    { button: 0, down: true },
    { button: 0, down: false },
  ]);
  const hold = await viewer.received(['button'], 2, () => touch('touchStart'));
  expect(hold).toMatchObject([
    { button: 2, down: true },
    { button: 2, down: false },
  ]);
  await touch('touchEnd');
  await viewer.page.getByRole('button', { name: 'Ctrl, for the next key' }).tap();
  const keys = await viewer.received(['key'], 4, () =>
    viewer.page.getByRole('button', { name: 'Del', exact: true }).tap(),
  );
  expect(keys.map((one) => one.type === 'key' && one.usage)).toEqual([
    USAGE_OF_CODE.ControlLeft,
    USAGE_OF_CODE.Delete,
    USAGE_OF_CODE.Delete,
    USAGE_OF_CODE.ControlLeft,
  ]);
});

it.each(['light', 'dark'])('has no serious accessibility findings (%s)', async (theme) => {
  await viewer.openLive(`?theme=${theme}`);
  await viewer.page.getByRole('button', { name: 'Connection quality' }).click();
  await viewer.page.evaluate(axe.source);
  const findings = await viewer.page.evaluate(async () => {
    const { axe: checker } = window as unknown as { axe: typeof import('axe-core') };
    const { violations } = await checker.run();
    return violations
      .filter((one) => one.impact === 'serious' || one.impact === 'critical')
      .map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(' ')}`);
  });
  expect(findings).toEqual([]);
});
