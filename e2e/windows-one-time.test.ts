import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { startWineMachine, type WineMachine } from '../tools/windows/wine-machine.ts';
import type { WineProcess } from '../tools/windows/wine-process.ts';
import { answerConsent, joinAsGuest } from './support/guest-page.ts';
import { newPerson } from './support/launch-browser.ts';
import { withoutInstalledApp } from './support/no-installed-app.ts';
import { findButton, pressButton, WINDOWS_BUTTON } from './support/own-window.ts';
import { savePicture } from './support/save-picture.ts';
import { signInPage } from './support/sign-in-page.ts';
import type { Stack } from './support/stack.ts';
import { ROOT, stageOfThisFile } from './support/stage.ts';
import {
  focusStage,
  generateCode,
  openSession,
  openViewer,
  placeOf,
  untilLive,
} from './support/technician-page.ts';
import { until } from './support/until.ts';
import { probePictures, viewerPicture } from './support/viewer-picture.ts';
import { screenShot } from './support/x-programs.ts';

/** Pictures of every step are left here, to be looked at by people. */
const PICTURES = join(ROOT, 'test-results', 'screens');
const CHROME_ON_WINDOWS =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/147.0.0.0 Safari/537.36';
/** What the window of `note-pad.c` is painted with. */
const PANEL = [200, 30, 60] as const;

const stage = stageOfThisFile();
let stack: Stack;
let machine: WineMachine;
let dashboard: Page;
let guest: Page;
let adminPage: Page;
let viewer: Page;
let code: string;
/** Where the browser put the program, and the program as it runs. */
let downloaded: string;
let program: WineProcess;

beforeAll(async () => {
  mkdirSync(PICTURES, { recursive: true });
  stack = await stage.startStack();
  machine = await startWineMachine({
    width: 1280,
    height: 720,
    env: { GURUCONNECT_BIND: '127.0.0.1', GURUCONNECT_LOG: 'info' },
  });
  stage.defer(() => machine.close());
  const browser = await stage.launchBrowser();
  dashboard = await (await newPerson(browser, { viewport: { width: 1280, height: 720 } })).newPage();
  await probePictures(dashboard.context());
  const visitor = await newPerson(browser, { userAgent: CHROME_ON_WINDOWS });
  await withoutInstalledApp(visitor);
  guest = await visitor.newPage();
  adminPage = await (await newPerson(browser, { viewport: { width: 1280, height: 720 } })).newPage();
  await signInPage(adminPage, stack.url, stack.adminUser);
});

afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return;
  await desktopPicture('failed');
  for (const page of [dashboard, guest, ...adminPage.context().pages()])
    await picture(page, `failed-${page.url().length}`);
  console.error(logs());
});

test('an end user types the code, and three seconds later the program comes by itself (P3, P4)', async () => {
  const technician = await stack.createUser('technician');
  await signInPage(dashboard, stack.url, technician);
  code = await generateCode(dashboard);
  const arriving = guest.waitForEvent('download', { timeout: 60_000 });
  await joinAsGuest(guest, stack.url, code);
  const download = await arriving;
  expect(download.suggestedFilename()).toBe(`GuruConnect-${code}.exe`);
  const folder = machine.wine.local('C:\\users\\Public\\Downloads');
  mkdirSync(folder, { recursive: true });
  downloaded = join(folder, download.suggestedFilename());
  await download.saveAs(downloaded);
  await picture(guest, 'portal-download');
});

test('a double-click later the technician sees the computer in the list (E1, E2, S2)', async () => {
  const begun = performance.now();
  program = machine.wine.start(downloaded);
  await dashboard.getByText('Connected', { exact: true }).first().waitFor({ timeout: 90_000 });
  console.info(`From the double-click to connected: ${Math.round(performance.now() - begun)} ms.`);
  await dashboard
    .getByText(/Windows/)
    .first()
    .waitFor();
  await desktopPicture('connected');
});

test('with the consent of the user the technician sees the Windows desktop (E4, V1)', async () => {
  const pad = await machine.wine.startProgram('note-pad.c', ['C:\\typed.txt']);
  await pad.waitFor(/ready/);
  viewer = await openSession(dashboard);
  await answerConsent(guest, 'Allow view and control');
  await untilLive(viewer, 60_000);
  await until('the picture shows the window of the program', async () => {
    const { width, height, rgba } = await viewerPicture(viewer);
    if (width !== 1280 || height !== 720) return false;
    const at = (230 * width + 600) * 4;
    return PANEL.every((value, channel) => Math.abs((rgba[at + channel] ?? 0) - value) < 12);
  });
  await picture(viewer, 'viewer');
  await desktopPicture('live');
});

test('a banner on the screen of the user says who is connected (E4)', async () => {
  await until(
    'the banner is there',
    async () => (await findButton(machine.desktop, 'stop', WINDOWS_BUTTON)) !== undefined,
  );
});

test('text typed by the technician lands in the Windows program (V2)', async () => {
  await focusStage(viewer);
  const { x, y } = await placeOf(viewer, 500, 420);
  await viewer.mouse.click(x, y);
  const text = 'Hello, Windows! 123 <>?{}[] ~ "quoted" $HOME & done';
  await viewer.keyboard.type(text, { delay: 30 });
  const file = machine.wine.local('C:\\typed.txt');
  await until('the text is there', () => readFileSync(file, 'utf8') === text, 20_000).catch(() => {
    expect(readFileSync(file, 'utf8')).toBe(text);
  });
  const quality = await viewer.evaluate(() => window.__guruViewer?.stats());
  expect(quality?.counters.codec).toBe('H264');
  // Chromium's name for it has changed.
  expect(quality?.counters.srtpCipher).toMatch(/^(SRTP_)?AEAD_AES_256_GCM$/);
});

test('after the session the program and everything that it brought are gone (E2)', async () => {
  await dashboard.bringToFront();
  await dashboard.getByRole('button', { name: /^End / }).first().click();
  await dashboard.getByRole('alertdialog').getByRole('button', { name: /^End/ }).click();
  await guest.getByText('The session has ended').waitFor();
  await program.ended;
  await until('the program has removed itself', () => !existsSync(downloaded), 60_000);
  await until('its files are gone', () => leftovers().length === 0, 30_000).catch(() => {
    expect(leftovers()).toEqual([]);
  });
  expect(machine.wine.processesNamed('node.exe')).toEqual([]);
});

test('without a page in a browser the program itself asks, and Stop on the screen ends it (E4)', async () => {
  const { id, code: another } = await stack.createSession({ consentRequired: true });
  const response = await fetch(`${stack.url}/download/windows/GuruConnect-${another}.exe`);
  const file = join(machine.wine.driveC, `GuruConnect-${another} (1).exe`);
  writeFileSync(file, Buffer.from(await response.arrayBuffer()));
  const again = machine.wine.start(file);
  const isShown = async (button: 'allow' | 'stop') =>
    (await findButton(machine.desktop, button, WINDOWS_BUTTON)) !== undefined;
  await until(
    'the agent is there',
    async () => {
      const { sessions } = await stack.admin.call('listSessions', { query: {} });
      return sessions.find((session) => session.id === id)?.endpoint.kind === 'agent';
    },
    60_000,
  );
  const own = await openViewer(adminPage.context(), stack.url, id);
  await until('the question is on the screen', () => isShown('allow'), 60_000);
  await desktopPicture('question');
  await until('the answer is taken', async () => {
    await pressButton(machine.desktop, 'allow', WINDOWS_BUTTON).catch(() => undefined);
    return !(await isShown('allow'));
  });
  await untilLive(own, 60_000);
  await until('the banner is there', () => isShown('stop'));
  await pressButton(machine.desktop, 'stop', WINDOWS_BUTTON);
  await own.getByText('The session has ended').waitFor();
  await again.ended;
  await until('the program has removed itself', () => !existsSync(file), 60_000);
});

/** What the agent wrote on the Windows computer. */
function logs(): string {
  return leftovers()
    .filter((name) => name.endsWith('.log'))
    .map(
      (name) =>
        `--- ${name}\n${readFileSync(join(machine.wine.local('C:\\users'), name), 'utf8').slice(-4000)}`,
    )
    .join('\n');
}

/** Everything of ours under the user's folders. */
function leftovers(): string[] {
  const users = machine.wine.local('C:\\users');
  return readdirSync(users, { recursive: true })
    .map(String)
    .filter((name) => /GuruConnect/i.test(name));
}

async function picture(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(PICTURES, `windows-${name}.png`) });
}

/** What somebody in front of the Windows computer sees. */
async function desktopPicture(name: string): Promise<void> {
  savePicture(join(PICTURES, `windows-screen-${name}.png`), await screenShot(machine.desktop));
}
