import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { startWineMachine, type WineMachine } from '../tools/windows/wine-machine.ts';
import { newPerson } from './support/launch-browser.ts';
import { signInPage } from './support/sign-in-page.ts';
import type { Stack } from './support/stack.ts';
import { ROOT, stageOfThisFile } from './support/stage.ts';
import { openViewer, placeOf, untilLive } from './support/technician-page.ts';
import { until } from './support/until.ts';
import { WindowsAgent } from './support/windows/windows-agent.ts';

const stage = stageOfThisFile();
let stack: Stack;
let machine: WineMachine;
let agent: WindowsAgent;
let viewer: Page;
let typed: string;
let noted: string;

beforeAll(async () => {
  stack = await stage.startStack();
  machine = await startWineMachine({ windowManager: false });
  stage.defer(() => machine.close());
  const { wine } = machine;
  const field = join(wine.driveC, 'field');
  typed = `${field}.txt`;
  noted = `${field}.log`;
  const program = await wine.startProgram(join(ROOT, 'e2e/support/windows/edit-field.c'), [
    wine.windows(field),
  ]);
  await program.waitFor(/ready/);
});

afterEach(({ task }) => {
  if (task.result?.state !== 'fail' || !agent) return;
  console.error(
    `--- windows agent\n${text()}\n${JSON.stringify(agent.lines)}\n${agent.process.output.slice(-6000)}`,
  );
});

const text = () => readFileSync(typed, 'utf8').replaceAll('\r\n', '\n');
const log = () => (existsSync(noted) ? readFileSync(noted, 'utf8') : '');

test('a wrong code is refused, and the session begins with the right one (E1, S1)', async () => {
  const { id, code } = await stack.createSession({ consentRequired: false });
  const wrong = code === '000000' ? '000001' : '000000';
  const env = {
    GURUCONNECT_SERVER: stack.url,
    GURUCONNECT_CODE: wrong,
    GURUCONNECT_STATE_DIR: 'C:\\session',
  };
  const started = performance.now();
  agent = new WindowsAgent({ wine: machine.wine, args: ['--one-time'], env }, 'agent');
  await agent.said({ type: 'code-refused' });
  agent.tell({ type: 'code', code });
  const { company } = await agent.said({ type: 'state', state: 'connected' });
  expect(company).toBeTruthy();
  console.log(
    `started and connected after ${Math.round(performance.now() - started)} ms, a wrong code included`,
  );
  const browser = await stage.launchBrowser();
  const context = await newPerson(browser, { viewport: { width: 1280, height: 720 } });
  await signInPage(await context.newPage(), stack.url, stack.adminUser);
  viewer = await openViewer(context, stack.url, id);
  await untilLive(viewer, 40_000);
  await agent.said({ type: 'state', state: 'live' });
});

test('text typed by the technician arrives in a program, whatever its characters (V6)', async () => {
  await click(100, 100);
  const wanted = 'Hello, World! 123 <>?{}[] ~ "quoted" $HOME & done';
  await viewer.keyboard.type(wanted);
  await until('the text is there', () => text() === wanted);
  await viewer.keyboard.press('Enter');
  await viewer.keyboard.insertText('é€ß Я 漢字 😀');
  await until('the second line is there', () => text() === `${wanted}\né€ß Я 漢字 😀`);
});

test('shortcuts, named keys and locks do what they do at the keyboard (V6)', async () => {
  await viewer.keyboard.press('Control+Home');
  await viewer.keyboard.press('Control+Shift+End');
  await viewer.keyboard.press('Delete');
  await until('it is empty', () => text() === '');
  await viewer.keyboard.type('abc');
  await viewer.keyboard.press('Home');
  await viewer.keyboard.press('Shift+ArrowRight');
  await viewer.keyboard.press('x');
  await viewer.keyboard.press('End');
  await viewer.keyboard.press('Shift+D');
  await until('it is edited', () => text() === 'xbcD');
});

test('buttons and the wheel arrive at the place that was meant (V2)', async () => {
  await click(400, 200);
  await until('the click is noted', () => log().includes('up left 400 200'));
  await click(636, 355, 'right');
  await until('the other one is noted', () => log().includes('up right 636 355'));
  await viewer.mouse.wheel(0, 120);
  await until('the turn is noted', () => /wheel vertical -/.test(log()));
  await viewer.mouse.wheel(120, 0);
  await until('the turn to the side is noted', () => /wheel horizontal \d/.test(log()));
});

test('pictures come as fast as the screen changes (V1)', async () => {
  const painter = await machine.wine.startProgram('screen-painter.c', ['desk', '30']);
  const frames = () =>
    viewer.evaluate(() => document.querySelector('video')?.getVideoPlaybackQuality().totalVideoFrames ?? 0);
  const before = await frames();
  const began = performance.now();
  await until('a hundred pictures were shown', async () => (await frames()) - before >= 100, 30_000);
  const rate = 100_000 / (performance.now() - began);
  console.info(`${rate.toFixed(1)} pictures a second`);
  await painter.kill();
});

test('a key shows on the technician’s screen soon (V1)', async () => {
  const painter = await machine.wine.startProgram('screen-painter.c', ['flip']);
  await painter.waitFor(/ready/);
  await click(640, 360);
  const times: number[] = [];
  for (let press = 0; press < 12; press += 1) times.push(await keyToPictureMs());
  times.sort((one, other) => one - other);
  console.info(`from key to picture: ${times.map(Math.round).join(' ')} ms`);
  expect(times[6]).toBeLessThan(1_000);
  await painter.kill();
});

test('the person’s Stop ends it, and the agent with it (E1)', async () => {
  agent.tell({ type: 'stop' });
  await agent.said({ type: 'over', outcome: 'ended' });
  expect((await agent.process.ended).code).toBe(0);
});

async function click(x: number, y: number, button: 'left' | 'right' = 'left'): Promise<void> {
  const place = await placeOf(viewer, x, y);
  await viewer.mouse.click(place.x, place.y, { button });
}

/** From a key at the technician's keyboard until the middle of the picture is of another brightness. */
async function keyToPictureMs(): Promise<number> {
  const seen = viewer.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const video = document.querySelector('video');
        const context = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
        if (!video || !context) throw new Error('The viewer shows no video.');
        const isBright = () => {
          context.drawImage(video, video.videoWidth / 2, video.videoHeight / 2, 1, 1, 0, 0, 1, 1);
          return (context.getImageData(0, 0, 1, 1).data[1] ?? 0) > 127;
        };
        const before = isBright();
        let pressedAt = Number.POSITIVE_INFINITY;
        document.addEventListener('keydown', () => (pressedAt = performance.now()), {
          capture: true,
          once: true,
        });
        const look = () => {
          if (isBright() !== before) resolve(performance.now() - pressedAt);
          else video.requestVideoFrameCallback(look);
        };
        video.requestVideoFrameCallback(look);
      }),
  );
  // The page listens before the key is pressed.
  await viewer.evaluate(() => true);
  await viewer.keyboard.press('x');
  return seen;
}
