import type { Browser, CDPSession, Page } from 'playwright-core';
import { signInPage } from '../../e2e/support/sign-in-page.ts';

/** How the Access tab does in a browser that has nothing of it yet. */
export interface AccessFigures {
  /** From entering the address until rows, counts and search field are there. */
  readonly usableMs: number;
  /** Everything that came over the wire until then, as it was compressed. */
  readonly bytes: number;
  readonly requests: number;
  readonly scrolling: readonly ScrollFigures[];
}

export interface ScrollFigures {
  readonly pxPerSecond: number;
  readonly framesPerSecond: number;
  readonly frameP95Ms: number;
  readonly longestFrameMs: number;
  /** Work of the page's main thread for a frame; without the time that other processes took from it. */
  readonly cpuMsPerFrame: number;
  /** Rows in the document at the end, whatever the length of the list. */
  readonly rowsDrawn: number;
}

const SPEEDS = [2_000, 6_000] as const;
const SCROLL_SECONDS = 4;

/** Opens Access as somebody who was never there, then turns the wheel through the list. */
export async function measureAccess(
  browser: Browser,
  options: { url: string; user: { username: string; password: string } },
): Promise<AccessFigures> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  try {
    const page = await context.newPage();
    await signInPage(page, options.url, options.user);
    await page.goto('about:blank');
    const cdp = await context.newCDPSession(page);
    const opened = await openAccess(page, cdp, options.url);
    await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
    const scrolling = [];
    for (const speed of SPEEDS) scrolling.push(await scroll(page, cdp, speed));
    return { ...opened, scrolling };
  } finally {
    await context.close();
  }
}

async function openAccess(page: Page, cdp: CDPSession, url: string) {
  let bytes = 0;
  let requests = 0;
  await cdp.send('Network.enable');
  await cdp.send('Network.clearBrowserCache');
  cdp.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength;
    requests += 1;
  });
  cdp.on('Network.webSocketFrameReceived', ({ response }) => {
    bytes += response.payloadData.length;
  });
  const begun = Date.now();
  await page.goto(`${url}/app/access`, { waitUntil: 'commit' });
  await page.waitForFunction(
    () =>
      document.querySelectorAll('[role=row] [role=gridcell] bdi').length > 20 &&
      document.querySelector('nav[aria-label="Groups of machines"] a') !== null &&
      document.querySelector('input[role=combobox]') !== null,
  );
  return { usableMs: Date.now() - begun, bytes, requests };
}

async function scroll(page: Page, cdp: CDPSession, pxPerSecond: number): Promise<ScrollFigures> {
  // What loads beside the list has its time first.
  await page.waitForTimeout(1_000);
  await page.evaluate(COUNT_FRAMES);
  const before = await taskMs(cdp);
  await cdp.send('Input.synthesizeScrollGesture', {
    x: 900,
    y: 600,
    yDistance: -pxPerSecond * SCROLL_SECONDS,
    speed: pxPerSecond,
    gestureSourceType: 'mouse',
    preventFling: true,
  });
  const after = await taskMs(cdp);
  const frames = await page.evaluate(() => {
    const noted = window.guruFrames ?? [];
    delete window.guruFrames;
    return noted;
  });
  const rowsDrawn = await page.locator('[role=row]').count();
  const sorted = frames.toSorted((left, right) => left - right);
  const total = frames.reduce((sum, ms) => sum + ms, 0);
  return {
    pxPerSecond,
    framesPerSecond: round((1_000 * frames.length) / total),
    frameP95Ms: round(sorted[Math.floor(sorted.length * 0.95)] ?? 0),
    longestFrameMs: round(sorted.at(-1) ?? 0),
    cpuMsPerFrame: round((after - before) / frames.length),
    rowsDrawn,
  };
}

/** Runs in the page: notes how long each frame took. Text, since the loader would add names that a page lacks. */
const COUNT_FRAMES = `{
  const frames = (window.guruFrames = []);
  let last = performance.now();
  const note = (at) => {
    if (window.guruFrames !== frames) return;
    if (at > last) frames.push(at - last);
    last = at;
    requestAnimationFrame(note);
  };
  requestAnimationFrame(note);
}`;

async function taskMs(cdp: CDPSession): Promise<number> {
  const { metrics } = await cdp.send('Performance.getMetrics');
  return 1_000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0);
}

const round = (value: number) => Math.round(value * 10) / 10;

declare global {
  interface Window {
    guruFrames?: number[] | undefined;
  }
}
