import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Harness, startHarness } from './build-harness.ts';
import type {} from './harness.tsx';

let harness: Harness;
let browser: Browser;
let context: BrowserContext;
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
beforeEach(async () => {
  context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
  page = await context.newPage();
});
afterEach(() => context.close());

const open = (query = '') => page.goto(`${harness.url}${query}`);
const live = () =>
  page.waitForFunction(
    () => window.__guruViewer?.state === 'live' && window.__guruViewer.firstFrameAtMs !== undefined,
  );
const shown = () =>
  page.evaluate(() => ({
    words: window.__guruViewer?.words,
    firstFrame: window.__guruViewer?.firstFrameAtMs,
    pictures: document.querySelectorAll('video, canvas').length,
    sent: window.server.agent.received.length,
  }));

it('shows the words that the agent has', async () => {
  await open();
  await live();
  const [viewer, agent] = await page.evaluate(() => [
    window.__guruViewer?.words,
    window.server.agent.words.at(-1),
  ]);
  expect(viewer).toHaveLength(3);
  expect(agent).toEqual(viewer);
});

it.each([
  ['no-commit', 'left out the proof'],
  ['plain-hello', 'left out the proof'],
  ['other-promise', 'keys of the other end were exchanged'],
  ['other-signature', 'signed another connection'],
])('shows an alarm and never a picture when the agent comes with %s', async (tampering, text) => {
  await open(`?tampering=${tampering}`);
  await page.getByRole('alert').getByText(text).waitFor();
  expect(await page.evaluate(() => window.__guruViewer?.state)).toBe('alarm');
  // Long enough for a picture, were there one: the agent of this page paints all the time.
  await page.waitForFunction((until) => performance.now() > until, 1_500);
  expect(await shown()).toEqual({ words: undefined, firstFrame: undefined, pictures: 0, sent: 0 });
});

it('knows an agent again after a reload, and raises the alarm when it is another', async () => {
  await open();
  await live();
  // The agent of this page has a new key each time: a reload meets another one.
  await page.reload();
  await page.getByText('This is not the computer you met before').waitFor();
  expect(await shown()).toMatchObject({ words: undefined, firstFrame: undefined, pictures: 0 });
  await page.getByRole('button', { name: 'Trust this computer from now on' }).click();
  await live();
});

it('says so when the agent refuses this browser, and asks for consent anew', async () => {
  await open();
  await live();
  await page.evaluate(() => window.server.agent.refuse('key-changed'));
  await page.getByText('The computer did not trust this browser').waitFor();
  await page.getByRole('button', { name: 'Ask again' }).click();
  await page.waitForFunction(() => window.server.asked.some((one) => one.name === 'session:leave'));
  await live();
});

it('says so when the browser keeps no keys', async () => {
  await context.addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('No storage here.', 'SecurityError');
    };
  });
  await open();
  await page.getByText('The browser keeps no keys for this page').waitFor();
  expect(await shown()).toMatchObject({ firstFrame: undefined, pictures: 0 });
});

it('has one key for all of its tabs', async () => {
  await open();
  await live();
  const keyOf = (tab: Page) =>
    tab.evaluate(() => {
      const request = window.server.asked.find((one) => one.name === 'peer:request');
      return (request?.payload as { browserKey?: string } | undefined)?.browserKey;
    });
  const other = await context.newPage();
  await other.goto(harness.url);
  await other.waitForFunction(() => window.server.asked.some((one) => one.name === 'peer:request'));
  expect(await keyOf(page)).toMatch(/^[A-Za-z0-9_-]{87}$/);
  expect(await keyOf(other)).toBe(await keyOf(page));
});

it('hands a key over to the channel, sealed, a moment after it was pressed', async () => {
  await context.addInitScript(() => {
    const native = RTCDataChannel.prototype.send;
    let pressedMs = 0;
    const took: number[] = [];
    (window as unknown as { sealing: number[] }).sealing = took;
    window.addEventListener(
      'keydown',
      () => {
        pressedMs = performance.now();
      },
      true,
    );
    RTCDataChannel.prototype.send = function (this: RTCDataChannel, data: never) {
      if (this.label === 'input' && pressedMs > 0) {
        took.push(performance.now() - pressedMs);
        pressedMs = 0;
      }
      native.call(this, data);
    };
  });
  await open();
  await live();
  await page.locator('textarea').first().focus();
  for (let at = 0; at < 40; at += 1) await page.keyboard.press('KeyA');
  await page.waitForFunction(() => window.server.agent.received.length >= 80);
  const took = await page.evaluate(() => (window as unknown as { sealing: number[] }).sealing);
  const sorted = took.toSorted((a, b) => a - b);
  expect(sorted.length).toBeGreaterThanOrEqual(40);
  // About 0.3 ms from the event to the channel on an idle machine; the limit leaves room for a busy one.
  expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThan(5);
});
