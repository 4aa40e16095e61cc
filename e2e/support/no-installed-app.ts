import type { BrowserContext, Page } from 'playwright-core';

declare global {
  interface Window {
    guruOpened?: string[];
  }
}

/**
 * A browser that knows no program for our addresses, as one on Windows without the installed agent: it does nothing.
 * Chromium on Linux asks whether to open any address of another program, and takes no more input meanwhile.
 */
export async function withoutInstalledApp(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    Object.defineProperty(HTMLIFrameElement.prototype, 'src', {
      set(address: string) {
        window.guruOpened = [...(window.guruOpened ?? []), address];
      },
    });
  });
}

/** The addresses of other programs that the page opened. */
export function openedAddresses(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => window.guruOpened ?? []);
}
