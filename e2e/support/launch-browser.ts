import { type Browser, type BrowserContext, chromium } from 'playwright-core';

/** Debian's Chromium, or the one that is named. */
export const EXECUTABLE = process.env.GURU_CHROMIUM ?? '/usr/bin/chromium';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // A test looks at several tabs at once: none of them may be slowed down for being in the background.
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
];

/** Starts the real browser without a window. */
export function launchBrowser(flags: readonly string[] = []): Promise<Browser> {
  return chromium.launch({ executablePath: EXECUTABLE, args: [...FLAGS, ...flags] });
}

/** {@link launchBrowser} by a script that runs {@link EXECUTABLE} somewhere; whoever asked stops it on a signal. */
export function launchBrowserBy(script: string, flags: readonly string[] = []): Promise<Browser> {
  return chromium.launch({
    executablePath: script,
    args: [...FLAGS, ...flags],
    // Playwright would end our process before the rest is undone.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
}

export interface PersonOptions {
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly colorScheme?: 'light' | 'dark';
  readonly permissions?: readonly string[];
  /** A touch screen and a mobile's page width. */
  readonly isMobile?: boolean;
  /** What the browser says it is; what it is by default. */
  readonly userAgent?: string;
}

/** A person with a browser of their own: cookies and storage are shared with nobody. */
export function newPerson(browser: Browser, options: PersonOptions = {}): Promise<BrowserContext> {
  const { viewport = { width: 1440, height: 900 }, colorScheme = 'light', permissions = [] } = options;
  return browser.newContext({
    viewport: { ...viewport },
    colorScheme,
    permissions: [...permissions],
    isMobile: options.isMobile ?? false,
    hasTouch: options.isMobile ?? false,
    ...(options.userAgent === undefined ? {} : { userAgent: options.userAgent }),
  });
}
