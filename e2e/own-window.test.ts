import type { BrowserContext, Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import type { Desktop } from '../tools/stack/desktop.ts';
import type { ManagedProcess } from '../tools/stack/managed-process.ts';
import { newPerson } from './support/launch-browser.ts';
import { findButton, pressButton } from './support/own-window.ts';
import { signInPage } from './support/sign-in-page.ts';
import type { Stack } from './support/stack.ts';
import { stageOfThisFile } from './support/stage.ts';
import { openViewer, untilLive } from './support/technician-page.ts';
import { until } from './support/until.ts';
import { pressAtTheMachine } from './support/x-programs.ts';

const stage = stageOfThisFile();
let stack: Stack;
let desktop: Desktop;
let context: BrowserContext;
let agent: ManagedProcess;
let viewer: Page;

beforeAll(async () => {
  stack = await stage.startStack();
  desktop = await stage.startDesktop({ width: 1280, height: 720, windowManager: false });
  const browser = await stage.launchBrowser();
  context = await newPerson(browser, { viewport: { width: 1280, height: 720 } });
  await signInPage(await context.newPage(), stack.url, stack.adminUser);
  const session = await stack.createSession({});
  agent = await stage.startAgent({ server: stack.url, code: session.code, desktop, windows: true });
  viewer = await openViewer(context, stack.url, session.id);
});

test('without a guest panel the agent asks in a window of its own (E4, S3)', async () => {
  await until(
    'the question is on the screen',
    async () => (await findButton(desktop, 'allow')) !== undefined,
  );
  expect(await viewer.evaluate(() => window.__guruViewer?.state)).toBe('asking');
  await pressAtTheMachine(desktop, 'Tab', 'Tab', 'Tab', 'Return');
  await untilLive(viewer);
  expect(await findButton(desktop, 'allow')).toBeUndefined();
});

test('its banner shows the same safety words as the viewer, and Stop ends the session (R3, E4)', async () => {
  await until('the banner is on the screen', async () => (await findButton(desktop, 'stop')) !== undefined);
  const said = await agent.waitFor(/^Safety words with .+: (.+)$/m, 5_000);
  const words = await viewer.evaluate(() => window.__guruViewer?.words);
  expect(words?.join(' ')).toBe(said[1]);
  await pressButton(desktop, 'stop');
  await viewer.getByText('The session has ended').waitFor();
  expect((await agent.ended).code).toBe(0);
  expect(await findButton(desktop, 'stop')).toBeUndefined();
});
