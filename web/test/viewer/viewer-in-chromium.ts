import type { InputMessage } from '@guruconnect/shared';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { type Harness, startHarness } from './build-harness.ts';
import type {} from './harness.tsx';

const VIEWPORT = { width: 1440, height: 900 };

/** The viewer of the test that runs, in a real browser, and ways to see what its agent received. */
export interface ViewerInChromium {
  readonly page: Page;
  open(query?: string, options?: BrowserContextOptions): Promise<void>;
  /** Opens it and waits for the first picture. */
  openLive(query?: string, options?: BrowserContextOptions): Promise<void>;
  state(wanted: string): Promise<unknown>;
  picture(): Promise<unknown>;
  /** Clears what was received, acts, and gives what was received until `count` messages of the kinds came. */
  received(types: readonly string[], count: number, act: () => Promise<unknown>): Promise<InputMessage[]>;
  /** Brings the toolbar back, which stays as long as it has the focus. */
  showToolbar(): Promise<void>;
  chooseSize(name: string): Promise<void>;
}

/** Builds the harness for the tests of the file that calls; each test opens a page of its own. */
export function viewerInChromium(): ViewerInChromium {
  let harness: Harness;
  let browser: Browser;
  let page: Page | undefined;
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
  const viewer: ViewerInChromium = {
    get page() {
      if (!page) throw new Error('No page is open.');
      return page;
    },
    open: async (query = '', options = {}) => {
      const context = await browser.newContext({ viewport: VIEWPORT, ...options });
      page = await context.newPage();
      await page.goto(`${harness.url}${query}`);
    },
    openLive: async (query, options) => {
      await viewer.open(query, options);
      await viewer.state('live');
      await viewer.picture();
    },
    state: (wanted) =>
      viewer.page.waitForFunction((kind) => window.__guruViewer?.state === kind, wanted, { timeout: 15_000 }),
    picture: () => viewer.page.waitForFunction(() => window.__guruViewer?.firstFrameAtMs !== undefined),
    received: (types, count, act) => received(viewer.page, types, count, act),
    showToolbar: async () => {
      await viewer.page.getByTestId('keyboard').focus();
      await viewer.page.keyboard.press('Control+Alt+Shift+KeyT');
    },
    chooseSize: async (name) => {
      await viewer.showToolbar();
      await viewer.page.getByRole('button', { name: 'Displays and size' }).click();
      await viewer.page.getByRole('menuitemradio', { name }).click();
      await viewer.page.getByRole('menu').waitFor({ state: 'detached' });
    },
  };
  return viewer;
}

async function received(
  page: Page,
  types: readonly string[],
  count: number,
  act: () => Promise<unknown>,
): Promise<InputMessage[]> {
  await page.evaluate(() => window.server.agent.received.splice(0));
  await act();
  const enough = ([kinds, wanted]: [readonly string[], number]) =>
    window.server.agent.received.filter((one) => kinds.includes(one.type)).length >= wanted;
  await page.waitForFunction(enough, [types, count] as [readonly string[], number], { timeout: 5_000 });
  const all = await page.evaluate(() => window.server.agent.received);
  return all.filter((one) => types.includes(one.type));
}
