import type { BrowserContext, Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import type { Desktop } from '../tools/stack/desktop.ts';
import type { ManagedProcess } from '../tools/stack/managed-process.ts';
import { newPerson } from './support/launch-browser.ts';
import { signInPage } from './support/sign-in-page.ts';
import type { Stack } from './support/stack.ts';
import { stageOfThisFile } from './support/stage.ts';
import { openViewer, untilLive } from './support/technician-page.ts';
import { until } from './support/until.ts';
import { pressAtTheMachine, screenShot } from './support/x-programs.ts';

const stage = stageOfThisFile();
let stack: Stack;
let desktop: Desktop;
let context: BrowserContext;
let agent: ManagedProcess;
let viewer: Page;

/** The ground of the buttons in the agent's windows. */
const COLOUR = { allow: [0x0d, 0x6f, 0x7d], stop: [0xb3, 0x26, 0x1e] } as const;

/** The middle of everything on the screen that has exactly this colour. */
async function findColour([red, green, blue]: readonly [number, number, number]) {
  const { width, rgba } = await screenShot(desktop);
  const found: { x: number; y: number }[] = [];
  for (let at = 0; at < rgba.length; at += 4) {
    if (rgba[at] === red && rgba[at + 1] === green && rgba[at + 2] === blue) {
      found.push({ x: (at / 4) % width, y: Math.floor(at / 4 / width) });
    }
  }
  const middle = found[Math.floor(found.length / 2)];
  if (!middle) return undefined;
  const xs = found.map(({ x }) => x);
  return { x: Math.round((Math.min(...xs) + Math.max(...xs)) / 2), y: middle.y };
}

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
  await until('the question is on the screen', async () => (await findColour(COLOUR.allow)) !== undefined);
  expect(await viewer.evaluate(() => window.__guruViewer?.state)).toBe('asking');
  await pressAtTheMachine(desktop, 'Tab', 'Tab', 'Tab', 'Return');
  await untilLive(viewer);
  expect(await findColour(COLOUR.allow)).toBeUndefined();
});

test('its banner shows the same safety words as the viewer, and Stop ends the session (R3, E4)', async () => {
  await until('the banner is on the screen', async () => (await findColour(COLOUR.stop)) !== undefined);
  const said = await agent.waitFor(/^Safety words with .+: (.+)$/m, 5_000);
  const words = await viewer.evaluate(() => window.__guruViewer?.words);
  expect(words?.join(' ')).toBe(said[1]);
  const stop = await findColour(COLOUR.stop);
  if (!stop) throw new Error('The banner is gone.');
  await pressAtTheMachine(desktop, `@${stop.x},${stop.y}`);
  await viewer.getByText('The session has ended').waitFor();
  expect((await agent.ended).code).toBe(0);
  expect(await findColour(COLOUR.stop)).toBeUndefined();
});
