import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import type { Desktop } from '../tools/stack/desktop.ts';
import type { ManagedProcess } from '../tools/stack/managed-process.ts';
import { newPerson } from './support/launch-browser.ts';
import { signInPage } from './support/sign-in-page.ts';
import type { Stack } from './support/stack.ts';
import { stageOfThisFile } from './support/stage.ts';
import { exposeChannels, focusStage, openViewer, untilLive } from './support/technician-page.ts';
import { until } from './support/until.ts';
import { heldKeys } from './support/x-programs.ts';

const stage = stageOfThisFile();
let stack: Stack;
let desktop: Desktop;
let agent: ManagedProcess;
let viewer: Page;
let sessionId: string;

beforeAll(async () => {
  stack = await stage.startStack();
  desktop = await stage.startDesktop({ width: 1280, height: 720, windowManager: false });
  const browser = await stage.launchBrowser();
  const context = await newPerson(browser, { viewport: { width: 1280, height: 720 } });
  await exposeChannels(context);
  await signInPage(await context.newPage(), stack.url, stack.adminUser);
  const session = await stack.createSession({ consentRequired: false });
  sessionId = session.id;
  agent = await stage.startAgent({ server: stack.url, code: session.code, desktop });
  viewer = await openViewer(context, stack.url, session.id);
  await untilLive(viewer);
  await focusStage(viewer);
});

const malformedCount = async () => {
  const { entries } = await stack.admin.call('sessionAudit', { params: { sessionId } });
  return entries.filter((entry) => JSON.stringify(entry).includes('malformed-message')).length;
};

test.for(['input', 'move', 'control', 'cursor'])(
  "noise on '%s' closes it, leaves an audit row and no key down, and the agent lives on (V2, R3)",
  async (label) => {
    const before = await malformedCount();
    await untilLive(viewer);
    await viewer.keyboard.down('Shift');
    await until('the key is down', async () => (await heldKeys(desktop)).keys === 1);
    const peerBefore = await viewer.evaluate(() => window.__guruViewer?.peerId);
    await viewer.evaluate((channel) => {
      const bytes = crypto.getRandomValues(new Uint8Array(64));
      window.guruChannels?.get(channel)?.send(bytes);
    }, label);
    await until('it is in the audit log', async () => (await malformedCount()) > before);
    await until('the key is up', async () => (await heldKeys(desktop)).keys === 0);
    await viewer.keyboard.up('Shift');
    expect(agent.isRunning).toBe(true);
    // A closed channel is a lost peer to the viewer: it makes a new one by itself.
    await viewer.waitForFunction((old) => window.__guruViewer?.peerId !== old, peerBefore);
    await untilLive(viewer);
  },
);
