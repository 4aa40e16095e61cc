import type { BrowserContext, Page } from 'playwright-core';
import type { ViewerDebugSurface } from '../../web/src/features/viewer/debug-surface.ts';

declare global {
  interface Window {
    __guruViewer?: ViewerDebugSurface;
    /** Every data channel of the page's peers by label, put there by {@link exposeChannels}. */
    guruChannels?: Map<string, RTCDataChannel>;
    /** How many tracks the page's peers were given. */
    guruTracks?: number;
  }
}

/** Presses Generate code on the Support page and reads the digits off the card. */
export async function generateCode(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Generate code', exact: true }).click();
  const card = page.getByRole('heading', { name: 'Read this code to the end user' }).locator('..');
  const text = await card
    .getByText(/^\d{3}\s\d{3}$/)
    .first()
    .textContent();
  const code = text?.replace(/\D/g, '') ?? '';
  if (code.length !== 6) throw new Error(`The card shows no code but "${text}".`);
  return code;
}

/** Clicks Join or View of the first session in the list with Ctrl and returns the tab that opens. */
export async function openSession(page: Page, action: 'Join' | 'View' = 'Join'): Promise<Page> {
  const opened = page.context().waitForEvent('page');
  await page
    .getByRole('link', { name: new RegExp(`^${action} `) })
    .first()
    .click({ modifiers: ['ControlOrMeta'] });
  const viewer = await opened;
  // As a person goes to the new tab: one that stays behind draws, and takes the mouse, once a second at times.
  await viewer.bringToFront();
  return viewer;
}

/** Opens the viewer by its address. */
export async function openViewer(
  context: BrowserContext,
  origin: string,
  sessionId: string,
  mode: 'control' | 'view' = 'control',
): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${origin}/app/session/${sessionId}?mode=${mode}`);
  return page;
}

/** Waits until the viewer shows a live picture. */
export async function untilLive(viewer: Page, timeout = 20_000): Promise<void> {
  await viewer.waitForFunction(
    () => window.__guruViewer?.state === 'live' && window.__guruViewer.firstFrameAtMs !== undefined,
    undefined,
    { timeout },
  );
}

/** The keyboard goes to the remote desktop from now on; a click on its middle does it, as for a person. */
export async function focusStage(viewer: Page): Promise<void> {
  // Beneath the one that is shown there may be that of a peer which has just come up.
  const box = await viewer.locator('video').first().boundingBox();
  if (!box) throw new Error('The viewer shows no video.');
  await viewer.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
}

/**
 * Presses keys that the viewer takes for itself. What lies over the picture and has just been closed gives the focus
 * back a moment later: only then it is the stage's to keep.
 */
export async function pressInStage(viewer: Page, keys: string): Promise<void> {
  await viewer.locator('[data-radix-popper-content-wrapper]').waitFor({ state: 'detached' });
  await viewer.evaluate(() => new Promise((resolve) => setTimeout(() => setTimeout(resolve))));
  await viewer.getByTestId('keyboard').focus();
  await viewer.keyboard.press(keys);
}

/** Brings the viewer's toolbar up by its keys. It hides by itself, but not while the focus is in it. */
export function showToolbar(viewer: Page): Promise<void> {
  return pressInStage(viewer, 'Control+Alt+Shift+KeyT');
}

/** Where a pixel of the remote desktop is on the viewer's page, whatever the scale. */
export async function placeOf(viewer: Page, x: number, y: number): Promise<{ x: number; y: number }> {
  return viewer.evaluate(
    ([px, py]) => {
      const video = document.querySelector('video');
      if (!video) throw new Error('The viewer shows no video.');
      const box = video.getBoundingClientRect();
      const scale = Math.min(box.width / video.videoWidth, box.height / video.videoHeight);
      const left = box.left + (box.width - video.videoWidth * scale) / 2;
      const top = box.top + (box.height - video.videoHeight * scale) / 2;
      return { x: left + (px + 0.5) * scale, y: top + (py + 0.5) * scale };
    },
    [x, y] as const,
  );
}

/** Lets a test send bytes that the page itself would not: call before the page is opened. */
export async function exposeChannels(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const channels = new Map<string, RTCDataChannel>();
    window.guruChannels = channels;
    window.guruTracks = 0;
    const Native = window.RTCPeerConnection;
    window.RTCPeerConnection = class extends Native {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        this.addEventListener('datachannel', ({ channel }) => channels.set(channel.label, channel));
        this.addEventListener('track', () => {
          window.guruTracks = (window.guruTracks ?? 0) + 1;
        });
      }
    };
  });
}
