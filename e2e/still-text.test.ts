import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import type { Desktop } from '../tools/stack/desktop.ts';
import { newPerson } from './support/launch-browser.ts';
import { signInPage } from './support/sign-in-page.ts';
import { stageOfThisFile } from './support/stage.ts';
import { focusStage, openViewer, untilLive } from './support/technician-page.ts';
import { until } from './support/until.ts';
import { probePictures, psnrWithin, viewerPicture } from './support/viewer-picture.ts';
import { screenShot } from './support/x-programs.ts';

const SIZE = { width: 1280, height: 720 };
/** Inside the terminal. */
const TEXT = { x: 60, y: 60, width: 640, height: 440 };

const stage = stageOfThisFile();
let desktop: Desktop;
let viewer: Page;

beforeAll(async () => {
  const stack = await stage.startStack();
  desktop = await stage.startDesktop(SIZE);
  const session = await stack.createSession({ consentRequired: false });
  await stage.startAgent({ server: stack.url, code: session.code, desktop });
  const browser = await stage.launchBrowser();
  const context = await newPerson(browser, { viewport: SIZE });
  await probePictures(context);
  await signInPage(await context.newPage(), stack.url, stack.adminUser);
  viewer = await openViewer(context, stack.url, session.id);
  await untilLive(viewer);
});

const bytes = () => viewer.evaluate(() => window.guruPicture?.bytes() ?? { all: 0, video: 0, tiles: 0 });
const elapse = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function sharpness(): Promise<number> {
  return psnrWithin(await viewerPicture(viewer), await screenShot(desktop), TEXT);
}

/** A terminal with coloured text; a key wipes it and brings it back. */
function startTerminal() {
  const line = 'the quick brown fox jumps over 0123456789 lazy dogs {}[]()<>;:/|';
  const paint = `for i in $(seq 40); do printf '\\033[3%sm%s %s\\r\\n' $((i % 6 + 1)) "$i" '${line} ${line}'; done`;
  const script = `stty raw -echo; while true; do printf '\\033[2J\\033[H'; ${paint}; dd bs=1 count=1 >/dev/null 2>&1;
    printf '\\033[2J\\033[H'; dd bs=1 count=1 >/dev/null 2>&1; done`;
  return runTerminal('130x42+20+20', script);
}

function runTerminal(geometry: string, script: string) {
  const look = ['-geometry', geometry, '-bg', 'black', '-fg', 'white', '-cr', 'black', '+sb'];
  return desktop.run('xterm', [...look, '-e', 'sh', '-c', script]);
}

test('coloured text that stands still is shown bit by bit, and costs nothing more (V1)', async () => {
  const terminal = startTerminal();
  await elapse(2_500);
  const before = await bytes();
  await until('The text is as on the screen', async () => (await sharpness()) > 60, 5_000);
  await elapse(1_000);
  const settled = await bytes();
  await elapse(5_000);
  const after = await bytes();
  expect(await sharpness()).toBeGreaterThan(60);
  expect(settled.tiles).toBeGreaterThan(1_000);
  expect(settled.tiles).toBeLessThan(400_000);
  expect(after.tiles - settled.tiles).toBeLessThan(1_000);
  expect((after.all - settled.all) / 5).toBeLessThan(2_000);
  expect(before.tiles).toBeGreaterThan(0);
  await terminal.stop();
});

test('what changes is never covered by what was there before (V1)', async () => {
  const beside = runTerminal('60x42+830+20', "printf '\\033[35m'; seq -s ' ' 500; exec sleep 600");
  await elapse(500);
  const terminal = startTerminal();
  await elapse(1_000);
  await focusStage(viewer);
  await until('The text is as on the screen', async () => (await sharpness()) > 60, 8_000);
  await viewer.evaluate(() => window.guruPicture?.watch());
  for (let press = 0; press < 12; press += 1) {
    await viewer.keyboard.press('a');
    // Long enough for tiles to come, or to be on their way.
    await elapse(200 + ((press * 397) % 1_300));
  }
  const watched = await viewer.evaluate(() => window.guruPicture?.watched());
  expect(watched?.pictures).toBeGreaterThan(12);
  expect(watched?.covered).toBeGreaterThan(3);
  expect(watched?.stale).toBe(0);
  await until('The text is as on the screen again', async () => (await sharpness()) > 60, 8_000);
  await terminal.stop();
  await beside.stop();
});
