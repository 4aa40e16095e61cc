import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { BrowserContext, Page } from 'playwright-core';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import type { Desktop } from '../tools/stack/desktop.ts';
import type { ManagedProcess } from '../tools/stack/managed-process.ts';
import { answerConsent, joinAsGuest } from './support/guest-page.ts';
import { newPerson } from './support/launch-browser.ts';
import { type NetworkNamespace, namespacesUnavailable } from './support/network-namespace.ts';
import { signInPage } from './support/sign-in-page.ts';
import type { Stack } from './support/stack.ts';
import { stageOfThisFile } from './support/stage.ts';
import { focusStage, openViewer, untilLive } from './support/technician-page.ts';
import { until } from './support/until.ts';
import { heldKeys, runXProgram } from './support/x-programs.ts';

const stage = stageOfThisFile();
const unavailable = namespacesUnavailable();
if (unavailable) console.warn(`Not cutting the network: ${unavailable}.`);
let stack: Stack;
let desktop: Desktop;
let context: BrowserContext;
let dashboard: Page;
let viewer: Page;
let guest: Page;
let agent: ManagedProcess;
let flipper: ManagedProcess;
let network: NetworkNamespace | undefined;
let session: { id: string; code: string };

const startAgent = () =>
  stage.startAgent({
    server: stack.url,
    code: session.code,
    desktop,
    stateDir: join(stage.folder),
    ...(network
      ? {
          wrap: (program: string, args: readonly string[]) =>
            network?.inside(program, args) ?? { program, args: [...args] },
        }
      : {}),
  });

beforeAll(async () => {
  stack = await stage.startStack();
  desktop = await stage.startDesktop({ width: 1280, height: 720, windowManager: false });
  const browser = await stage.launchBrowser();
  context = await newPerson(browser, { viewport: { width: 1280, height: 720 } });
  dashboard = await context.newPage();
  await signInPage(dashboard, stack.url, stack.adminUser);
  session = await stack.createSession({});
  guest = await (await newPerson(browser)).newPage();
  await joinAsGuest(guest, stack.url, session.code);
  if (!unavailable) network = await stage.createNamespace(stack);
  agent = await startAgent();
  viewer = await openViewer(context, stack.url, session.id);
  await answerConsent(guest, 'Allow view and control');
  await untilLive(viewer);
  flipper = await runXProgram(desktop, 'key-flip');
  await focusStage(viewer);
});

/** Every test, and every second try of one, begins with all in order, whatever the one before left behind. */
beforeEach(async () => {
  await network?.restore();
  if (!agent.isRunning) agent = await startAgent();
  if (await viewer.getByText('You are signed out').isVisible()) {
    await signInPage(dashboard, stack.url, stack.adminUser);
    await viewer.close();
    viewer = await openViewer(context, stack.url, session.id);
  }
  await untilAllIsWell();
});

/** The picture is live, the viewer's own line to the server stands, and no key is down at either end. */
async function untilAllIsWell(): Promise<void> {
  await untilLive(viewer);
  await viewer.getByText('Server unreachable').waitFor({ state: 'detached' });
  await viewer.keyboard.up('Shift');
  await focusStage(viewer);
  await until('no key is held', async () => (await heldKeys(desktop)).keys === 0);
}

/** What asking the page costs on a busy machine. */
const TEST_OVERHEAD_MS = 300;

/** Waits for pictures that are presented from now on; the flipper's screen stands still, a reconnect repaints it. */
async function countFrames(): Promise<{ next(timeout: number): Promise<void> }> {
  const newest = () => viewer.evaluate(() => window.__guruViewer?.lastFrame?.presentedAtMs ?? 0);
  const before = await newest();
  return {
    next: async (timeout) =>
      void (await until('a new picture', async () => (await newest()) > before, timeout)),
  };
}

/** More looks in a row than one picture of the film stays. */
const STILL_SAMPLES = 15;

/** Lets something move on the screen meanwhile. */
async function withFilm(work: () => Promise<void>): Promise<void> {
  const film = await runXProgram(desktop, 'frame-source', ['gradient', '20']);
  try {
    await work();
  } finally {
    await film.stop();
    // What was beneath it is drawn anew with the next key, and only then is what it shows what it stands for.
    const flips = [...flipper.output.matchAll(/^flip /gm)].length;
    await viewer.keyboard.press('a');
    await flipper.waitFor(new RegExp(`flip ${flips + 1} `), 15_000);
    // The film's last picture must be gone from the viewer before anybody compares pictures.
    let [same, last] = [0, -1];
    await until('the film is gone', async () => {
      const level = await brightness();
      same = level === last ? same + 1 : 0;
      last = level;
      return same >= STILL_SAMPLES;
    });
  }
}

/** Gives the namespace's cable another address, and takes the old one away. */
async function changeAddress(namespace: string): Promise<void> {
  const ip = async (...args: string[]) =>
    (await promisify(execFile)('ip', ['-n', namespace, ...args])).stdout;
  const [, device = '', address = '', bits = ''] =
    /^\d+: (\S+)\s+inet (\S+)\/(\d+)/m.exec(await ip('-o', '-4', 'address', 'show', 'scope', 'global')) ?? [];
  const parts = address.split('.').map(Number);
  const next = [...parts.slice(0, 3), (parts[3] ?? 0) + 1].join('.');
  await ip('address', 'delete', `${address}/${bits}`, 'dev', device);
  await ip('address', 'add', `${next}/${bits}`, 'dev', device);
}

/** The processes that one has started whose command line fits. */
async function childrenOf(pid: number, pattern: RegExp): Promise<number[]> {
  const children = (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8'))
    .trim()
    .split(' ')
    .map(Number);
  const lines = await Promise.all(children.map((child) => readFile(`/proc/${child}/cmdline`, 'utf8')));
  return children.filter((_child, index) => pattern.test(lines[index] ?? ''));
}

/** The whole loop works: a key pressed in the viewer changes the desktop, and the change comes back as picture. */
async function expectLoop(timeout = 10_000): Promise<void> {
  await untilLive(viewer, timeout);
  const before = [...flipper.output.matchAll(/^flip /gm)].length;
  await until('the newest video has a picture', hasPicture, timeout);
  const dark = await isDark();
  await viewer.keyboard.press('a');
  await flipper.waitFor(new RegExp(`flip ${before + 1} `), timeout);
  await until('the picture shows it', async () => (await isDark()) !== dark, timeout);
}

/** After a reconnect the newest video lies first, below the old picture until it has one of its own. */
function hasPicture(): Promise<boolean> {
  return viewer.evaluate(
    () => (document.querySelector('video')?.readyState ?? 0) >= HTMLMediaElement.HAVE_CURRENT_DATA,
  );
}

async function isDark(): Promise<boolean> {
  return (await brightness()) < 128;
}

/** Of the middle of the newest video, 0 to 255. */
function brightness(): Promise<number> {
  return viewer.evaluate(() => {
    const video = document.querySelector('video');
    const canvas = document.createElement('canvas');
    canvas.width = 1;
    canvas.height = 1;
    const context = canvas.getContext('2d');
    if (!video || !context) throw new Error('The viewer shows no video.');
    context.drawImage(video, video.videoWidth / 2, video.videoHeight / 2, 1, 1, 0, 0, 1, 1);
    return context.getImageData(0, 0, 1, 1).data[1] ?? 0;
  });
}

test('the loop from key to picture works', () => expectLoop());

test('an agent that is killed: the dashboard says so within 5 s, and started again it is live without a new consent (V9, S2)', async () => {
  const start = performance.now();
  agent.signal('SIGKILL');
  await dashboard.getByText('Lost', { exact: true }).first().waitFor({ timeout: 5_000 });
  expect(performance.now() - start).toBeLessThan(5_000);
  await viewer.getByText('Reconnecting…').waitFor();
  await agent.ended;
  agent = await startAgent();
  await dashboard.getByText('Live', { exact: true }).first().waitFor({ timeout: 15_000 });
  await expectLoop(15_000);
});

test.each(['SIGTERM', 'SIGKILL'] as const)(
  'the server is restarted by %s: picture and control go on, and both ends come back to it (V9)',
  async (how) => {
    const peerId = await viewer.evaluate(() => window.__guruViewer?.peerId);
    const restarted = stack.restart(how);
    // While it is away, the two ends talk to each other.
    await stack.server.process.ended;
    await expectLoop();
    await restarted;
    await dashboard.getByText('Live', { exact: true }).first().waitFor({ timeout: 15_000 });
    await viewer.getByText('Server unreachable').waitFor({ state: 'detached', timeout: 15_000 });
    await expectLoop();
    expect(await viewer.evaluate(() => window.__guruViewer?.peerId)).toBe(peerId);
  },
);

test('the session process is killed: keys are released at once, and the picture is back within 3 s without a new consent (V9)', async () => {
  const times = (text: string) => agent.output.split(text).length;
  await until(
    'the agent is back at the server',
    () => times('The server cannot be reached') === times('The server is back'),
    15_000,
  );
  await viewer.keyboard.down('Shift');
  await until('the key is down', async () => (await heldKeys(desktop)).keys === 1);
  const [hostPid = 0] = await childrenOf(agent.pid, /session-host/);
  const peerId = await viewer.evaluate(() => window.__guruViewer?.peerId);
  const start = performance.now();
  process.kill(hostPid, 'SIGKILL');
  await until('no key is held', async () => (await heldKeys(desktop)).keys === 0, 1_000);
  const isBack = (before: string | undefined) => {
    const { peerId: now, lastFrame } = window.__guruViewer ?? {};
    return now !== undefined && now !== before && lastFrame !== undefined;
  };
  await viewer.waitForFunction(isBack, peerId, { timeout: 3_000 });
  console.log(`picture back ${Math.round(performance.now() - start)} ms after the crash`);
  await viewer.keyboard.up('Shift');
  await expectLoop();
  expect(agent.isRunning).toBe(true);
  expect(agent.output).toContain('It goes on in a moment');
  await dashboard.getByText('Live', { exact: true }).first().waitFor();
});

test('a reloaded viewer is live again without a new consent (V9)', async () => {
  await viewer.reload();
  await untilLive(viewer);
  await focusStage(viewer);
  await expectLoop();
});

test.skipIf(unavailable)('the network is cut for 10 s: it resumes without a new consent (V9)', async () => {
  await network?.cut();
  await viewer.getByText('Reconnecting…').waitFor({ timeout: 5_000 });
  await dashboard.getByText('Lost', { exact: true }).first().waitFor({ timeout: 10_000 });
  await new Promise((resolve) => setTimeout(resolve, 10_000));
  const start = performance.now();
  await network?.restore();
  await expectLoop(20_000);
  console.log(`back ${Math.round(performance.now() - start)} ms after the network`);
});

test.skipIf(unavailable)(
  'the network is cut for 2 s: the picture is back within 1 s of it (V9)',
  async () => {
    await withFilm(async () => {
      await network?.cut();
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      const frames = await countFrames();
      const start = performance.now();
      await network?.restore();
      await frames.next(1_000 + TEST_OVERHEAD_MS);
      console.log(`picture back ${Math.round(performance.now() - start)} ms after a cut of 2 s`);
    });
    await expectLoop();
  },
);

test.skipIf(unavailable)("the machine's address changes: the picture is back within 3 s (V9)", async () => {
  await withFilm(async () => {
    const start = performance.now();
    await changeAddress(network?.name ?? '');
    const frames = await countFrames();
    await frames.next(3_000 + TEST_OVERHEAD_MS);
    console.log(`picture back ${Math.round(performance.now() - start)} ms after a change of address`);
  });
  await expectLoop();
});

test('signing out elsewhere cuts the peer within 2 s (R1, R4)', async () => {
  const other = await stack.signIn(stack.adminUser);
  const start = performance.now();
  await other.call('signOutEverywhere', {});
  await viewer.getByText('You are signed out').waitFor({ timeout: 2_000 });
  await agent.waitFor(/has left|no longer|disconnected|Administrator|Admin/, 2_000);
  expect(performance.now() - start).toBeLessThan(2_000);
});
