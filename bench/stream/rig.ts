import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { Stack } from '../../e2e/support/stack.ts';
import { probePictures } from '../../e2e/support/viewer-picture.ts';
import type { Desktop } from '../../tools/stack/desktop.ts';
import type { ManagedProcess } from '../../tools/stack/managed-process.ts';
import type { ViewerDebugSurface } from '../../web/src/features/viewer/debug-surface.ts';
import type { BenchOptions } from '../support/report.ts';
import { installProbe } from './page-probe.ts';

/** Everything real that the figures of one size are taken on. */
export interface Rig {
  readonly options: BenchOptions;
  readonly stack: Stack;
  readonly desktop: Desktop;
  readonly agent: ManagedProcess;
  readonly browser: Browser;
  readonly context: BrowserContext;
  /** The technician's Support page. */
  readonly dashboard: Page;
  readonly session: { readonly id: string; readonly code: string };
  /** The technician's viewer, with control, its probe installed. */
  viewer: Page;
}

declare global {
  interface Window {
    __guruViewer?: ViewerDebugSurface;
  }
}

/** Opens a viewer in a tab of its own and waits for its first picture. */
export async function openViewer(
  context: BrowserContext,
  origin: string,
  sessionId: string,
  mode: 'control' | 'view' = 'control',
): Promise<Page> {
  const page = await context.newPage();
  await probePictures(page);
  await page.goto(`${origin}/app/session/${sessionId}?mode=${mode}`);
  await untilLive(page);
  return page;
}

export async function untilLive(page: Page): Promise<void> {
  await page.waitForFunction(() => window.__guruViewer?.firstFrameAtMs !== undefined, undefined, {
    timeout: 20_000,
  });
  await installProbe(page);
  await page.bringToFront();
  await page.getByRole('application').or(page.locator('video')).first().hover();
}

/** Lets the picture run or rest for a while: the thing that is measured is what happens meanwhile. */
export function elapse(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Media bytes that the viewer has received so far. */
export async function bytesReceived(page: Page): Promise<number> {
  return (await received(page)).bytes;
}

/** What the viewer's browser has received and decoded so far. */
export async function received(page: Page): Promise<{ bytes: number; decoded: number }> {
  return page.evaluate(async () => {
    const counters = (await window.__guruViewer?.stats())?.counters;
    return { bytes: counters?.bytesReceived ?? 0, decoded: counters?.framesDecoded ?? 0 };
  });
}
