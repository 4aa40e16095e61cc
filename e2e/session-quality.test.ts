import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import type { Desktop } from '../tools/stack/desktop.ts';
import { newPerson } from './support/launch-browser.ts';
import { signInPage } from './support/sign-in-page.ts';
import type { Stack } from './support/stack.ts';
import { ROOT, stageOfThisFile } from './support/stage.ts';
import { focusStage, openViewer, untilLive } from './support/technician-page.ts';

const PICTURES = join(ROOT, 'test-results', 'screens');
const stage = stageOfThisFile();
let stack: Stack;
let desktop: Desktop;
let dashboard: Page;
let sessionId: string;

beforeAll(async () => {
  mkdirSync(PICTURES, { recursive: true });
  stack = await stage.startStack();
  desktop = await stage.startDesktop({ width: 1280, height: 720, windowManager: false });
  desktop.run('xterm', ['-geometry', '80x24+60+60']);
  const browser = await stage.launchBrowser();
  dashboard = await (await newPerson(browser, { viewport: { width: 1280, height: 720 } })).newPage();
  await signInPage(dashboard, stack.url, stack.adminUser);
  const session = await stack.createSession({ name: 'Front desk', consentRequired: false });
  sessionId = session.id;
  await stage.startAgent({ server: stack.url, code: session.code, desktop });
});

test('what the viewer measured is stored with the session and shown after it (V8)', async () => {
  const viewer = await openViewer(dashboard.context(), stack.url, sessionId);
  await untilLive(viewer);
  await focusStage(viewer);
  await viewer.mouse.move(200, 150);
  await viewer.keyboard.type('echo how fast is this? ', { delay: 60 });
  await viewer.waitForFunction(async () => {
    const quality = await window.__guruViewer?.stats();
    return quality?.stages && quality.inputToPhotonTotal.samples >= 5;
  });
  await viewer.keyboard.press('Control+Alt+Shift+KeyH');
  await viewer.getByText('Screen to screen').waitFor();
  await viewer.screenshot({ path: join(PICTURES, 'viewer-statistics-typing.png') });
  await viewer.keyboard.press('Control+Alt+Shift+KeyT');
  await viewer.getByRole('button', { name: 'End session' }).click();
  await viewer.getByRole('alertdialog').getByRole('button', { name: 'End session' }).click();
  await viewer.getByText('The session has ended').waitFor();
  const { peers } = await stack.admin.call('sessionQuality', { params: { sessionId } });
  const best = peers.toSorted((a, b) => b.inputs - a.inputs)[0];
  expect(best).toMatchObject({ path: 'direct' });
  expect(best?.inputs).toBeGreaterThanOrEqual(5);
  expect(best?.inputP50Ms).toBeGreaterThan(0);
  expect(best?.inputP95Ms).toBeGreaterThanOrEqual(best?.inputP50Ms ?? Number.NaN);
  await dashboard.bringToFront();
  await dashboard.getByRole('button', { name: 'Quality of Front desk' }).click();
  await dashboard.getByText(/^input to picture \d+ ms, 95 %: \d+ ms$/).waitFor();
  await dashboard.screenshot({ path: join(PICTURES, 'support-quality.png') });
});
