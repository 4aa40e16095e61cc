import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { beforeEach, expect, test } from 'vitest';
import type { Desktop } from '../tools/stack/desktop.ts';
import type { ManagedProcess } from '../tools/stack/managed-process.ts';
import { newPerson } from './support/launch-browser.ts';
import { signInPage } from './support/sign-in-page.ts';
import { stageOfThisFile } from './support/stage.ts';
import { openViewer, showToolbar, untilLive } from './support/technician-page.ts';
import { until } from './support/until.ts';
import { runXProgram } from './support/x-programs.ts';

const stage = stageOfThisFile();
let desktop: Desktop;
let targets: ManagedProcess;
let viewer: Page;

/** RandR splits the one screen of a virtual server into monitors as one likes: two, side by side. */
beforeEach(async () => {
  const stack = await stage.startStack();
  desktop = await stage.startDesktop({ width: 1280, height: 720, windowManager: false });
  await xrandr('--setmonitor', '*left', '640/170x720/190+0+0', 'screen');
  await addRight();
  targets = await runXProgram(desktop, 'click-targets');
  const session = await stack.createSession({ consentRequired: false });
  const agent = await stage.startAgent({ server: stack.url, code: session.code, desktop });
  const browser = await stage.launchBrowser();
  const context = await newPerson(browser, { viewport: { width: 1280, height: 720 } });
  await signInPage(await context.newPage(), stack.url, stack.adminUser);
  viewer = await openViewer(context, stack.url, session.id);
  await untilLive(viewer);
  return async () => {
    await browser.close();
    await agent.stop();
    await desktop.close();
    await stack.close();
  };
});

async function xrandr(...args: string[]): Promise<void> {
  await promisify(execFile)('xrandr', args, { env: desktop.env });
}

const addRight = () => xrandr('--setmonitor', 'right', '640/170x720/190+640+0', 'none');

async function chooseDisplays(name: RegExp | string): Promise<void> {
  await showToolbar(viewer);
  await viewer.getByRole('button', { name: 'Displays and size' }).click();
  await viewer.getByRole('menuitemradio', { name }).click();
  await viewer.getByRole('menu').waitFor({ state: 'detached' });
}

/** The red, green and blue of a display's picture at a place of it, 0 to 1; black before there is one. */
function colourAt(track: number, x: number, y: number): Promise<number[]> {
  return viewer.evaluate(
    ([number, px, py]) => {
      const video = document.querySelector<HTMLVideoElement>(`[data-testid=display-${number}] video`);
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [1, 1];
      const context = canvas.getContext('2d');
      if (video && context) {
        context.drawImage(video, px * video.videoWidth, py * video.videoHeight, 1, 1, 0, 0, 1, 1);
      }
      return [...(context?.getImageData(0, 0, 1, 1).data.slice(0, 3) ?? [])];
    },
    [track, x, y] as const,
  );
}

const isNear = (seen: readonly number[], colour: readonly number[]) =>
  seen.every((value, at) => Math.abs(value - (colour[at] ?? 0)) < 40);

/** The colours of `click-targets`, in the corners of the whole desktop. */
const TOP_LEFT = [0xdc, 0x26, 0x26];
const TOP_RIGHT = [0x16, 0xa3, 0x4a];
const INSIDE = 0.005;

async function untilColour(track: number, x: number, y: number, colour: readonly number[]): Promise<void> {
  await until(`display ${track} shows ${colour} at ${x}, ${y}`, async () =>
    isNear(await colourAt(track, x, y), colour),
  );
}

/** Clicks on a display's picture, at a place of it from 0 to 1. */
async function clickOn(track: number, x: number, y: number): Promise<void> {
  const box = await viewer.getByTestId(`display-${track}`).boundingBox();
  if (!box) throw new Error(`Display ${track} is not drawn.`);
  await viewer.mouse.click(box.x + x * box.width, box.y + y * box.height);
}

async function expectHit(corner: string, click: () => Promise<void>): Promise<void> {
  const before = targets.output.length;
  await click();
  await targets.waitFor(new RegExp(`^hit ${corner} 1 `, 'm'), 10_000, before);
}

test('two monitors are shown side by side, the pointer lands on the right one, and one may go and come back (V3)', async () => {
  // The main one by itself first.
  await untilColour(0, INSIDE, INSIDE, TOP_LEFT);
  await viewer.getByTestId('display-1').waitFor({ state: 'detached' });

  await chooseDisplays('All displays');
  await untilColour(1, 1 - INSIDE, INSIDE, TOP_RIGHT);
  await untilColour(0, INSIDE, INSIDE, TOP_LEFT);
  const [left, right] = await Promise.all(
    [0, 1].map((track) => viewer.getByTestId(`display-${track}`).boundingBox()),
  );
  expect(right?.x).toBeCloseTo((left?.x ?? 0) + (left?.width ?? 0), 0);
  await expectHit('top-right', () => clickOn(1, 1 - INSIDE, INSIDE));
  await expectHit('bottom-left', () => clickOn(0, INSIDE, 1 - INSIDE));
  await expectHit('bottom-right', () => clickOn(1, 1 - INSIDE, 1 - INSIDE));

  const peerId = await viewer.evaluate(() => window.__guruViewer?.peerId);
  await xrandr('--delmonitor', 'right');
  await viewer.getByTestId('display-1').waitFor({ state: 'detached' });
  await untilColour(0, INSIDE, INSIDE, TOP_LEFT);
  await expectHit('top-left', () => clickOn(0, INSIDE, INSIDE));
  expect(await viewer.evaluate(() => window.__guruViewer?.state)).toBe('live');
  expect(await viewer.evaluate(() => window.__guruViewer?.peerId)).toBe(peerId);

  // All displays is still what the technician wants.
  await addRight();
  await untilColour(1, 1 - INSIDE, INSIDE, TOP_RIGHT);
  await expectHit('top-right', () => clickOn(1, 1 - INSIDE, INSIDE));
});

test('one of two monitors is chosen, and when it goes the main one takes its place (V3)', async () => {
  await chooseDisplays(/^right/);
  await untilColour(0, 1 - INSIDE, INSIDE, TOP_RIGHT);
  await expectHit('top-right', () => clickOn(0, 1 - INSIDE, INSIDE));
  await xrandr('--delmonitor', 'right');
  await untilColour(0, INSIDE, INSIDE, TOP_LEFT);
  await expectHit('top-left', () => clickOn(0, INSIDE, INSIDE));
});
