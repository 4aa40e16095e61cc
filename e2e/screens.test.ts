import type { Browser, BrowserContext, Page } from 'playwright-core';
import { beforeAll, describe, test } from 'vitest';
import type { Desktop } from '../tools/stack/desktop.ts';
import { joinAsGuest } from './support/guest-page.ts';
import { inspectScreen } from './support/inspect-screen.ts';
import { newPerson } from './support/launch-browser.ts';
import { signInPage } from './support/sign-in-page.ts';
import type { Stack } from './support/stack.ts';
import { stageOfThisFile } from './support/stage.ts';
import { pressInStage, showToolbar, untilLive } from './support/technician-page.ts';

const SIZES = [
  { width: 1440, height: 900 },
  { width: 768, height: 1024 },
  { width: 390, height: 844 },
] as const;

const stage = stageOfThisFile();
let stack: Stack;
let desktop: Desktop;
let browser: Browser;
let live: { id: string; code: string };

beforeAll(async () => {
  stack = await stage.startStack();
  desktop = await stage.startDesktop({ width: 1280, height: 720 });
  desktop.run('xterm', ['-geometry', '80x24+60+60']);
  browser = await stage.launchBrowser();
  live = await stack.createSession({ name: 'Front desk', consentRequired: false, visibility: 'company' });
  await stage.startAgent({ server: stack.url, code: live.code, desktop });
  await stack.createSession({ name: 'Ticket 4711: printer is on fire, third floor', visibility: 'company' });
  const technician = await stack.createUser('technician');
  const theirs = await stack.signIn(technician);
  await stack.createSession({ name: 'Their own', visibility: 'company' }, theirs);
});

describe.each(SIZES)('at $width x $height', (viewport) => {
  describe.each(['light', 'dark'] as const)('%s', (colorScheme) => {
    const person = () => newPerson(browser, { viewport, colorScheme, isMobile: viewport.width < 500 });
    const check = (page: Page, name: string) =>
      inspectScreen(page, `${name}-${viewport.width}-${colorScheme}`);

    test('the portal and the guest panel', async () => {
      const context = await person();
      const page = await context.newPage();
      await page.goto(`${stack.url}/`);
      await page.getByLabel('Digit 1 of 6').waitFor();
      await check(page, 'portal');
      await page.getByLabel('Digit 1 of 6').click();
      await page.keyboard.type('000000');
      await page.getByRole('button', { name: 'Connect' }).click();
      await page
        .getByText(/This code is not valid/)
        .first()
        .waitFor();
      await check(page, 'portal-wrong-code');
      const waiting = await stack.createSession({ visibility: 'private' });
      await joinAsGuest(page, stack.url, waiting.code);
      await check(page, 'guest-panel');
      const technician = await signedIn(context);
      await stack.admin.call('endSession', { params: { sessionId: waiting.id } });
      await page.getByText('The session has ended').waitFor();
      await check(page, 'guest-ended');
      await technician.close();
      await context.close();
    });

    test('sign-in, Support and Settings', async () => {
      const context = await person();
      const page = await context.newPage();
      await page.goto(`${stack.url}/app/login`);
      await page.getByLabel('User name').waitFor();
      await check(page, 'login');
      await signInPage(page, stack.url, stack.adminUser);
      await page.getByRole('link', { name: /^Join Front desk/ }).waitFor();
      await check(page, 'support');
      await page.getByRole('button', { name: 'Generate a code with options' }).click();
      await page.getByRole('dialog').waitFor();
      await check(page, 'support-dialog');
      await page.keyboard.press('Escape');
      for (const [part, sign] of SETTINGS) {
        await page.goto(`${stack.url}/app/settings/${part}`);
        await page.getByText(sign).first().waitFor();
        await check(page, `settings-${part}`);
      }
      await context.close();
    });

    test('the viewer', async () => {
      const context = await person();
      // Somebody new to the machine, also at a second try: it knows each participant by one browser.
      const page = await signedIn(context, await stack.createUser('technician'));
      await page.goto(`${stack.url}/app/session/${live.id}?mode=view`);
      await untilLive(page);
      await check(page, 'viewer');
      for (const [button, name] of VIEWER_PARTS) {
        await showToolbar(page);
        await page.getByRole('button', { name: button }).click();
        await check(page, `viewer-${name}`);
        await page.keyboard.press('Escape');
      }
      await pressInStage(page, 'Control+Alt+Shift+KeyH');
      await page.getByRole('region', { name: 'Statistics' }).waitFor();
      await check(page, 'viewer-statistics');
      await showToolbar(page);
      await page.getByRole('button', { name: 'Leave' }).click();
      await page.getByText('You left the session').waitFor();
      await context.close();
    });
  });
});

const VIEWER_PARTS = [
  ['Displays and size', 'displays'],
  ['Connection quality', 'quality'],
  ['Security of the connection', 'security'],
] as const;

type Credentials = Parameters<typeof signInPage>[2];

const SETTINGS = [
  ['appearance', /Theme/],
  ['account', /Password/],
  ['technicians', /Technician 1/],
  ['teams', /New team/],
  ['deployment', /Company name/],
  ['audit', /login\.succeeded/],
] as const;

async function signedIn(context: BrowserContext, user: Credentials = stack.adminUser): Promise<Page> {
  const page = await context.newPage();
  await signInPage(page, stack.url, user);
  return page;
}
