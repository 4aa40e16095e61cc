import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { newInstaller } from '../server/test/support/new-installer.ts';
import { runAgentCommand } from '../tools/stack/always-on-agent.ts';
import type { Desktop } from '../tools/stack/desktop.ts';
import type { Picture } from './support/bar-code.ts';
import { inspectScreen } from './support/inspect-screen.ts';
import { newPerson } from './support/launch-browser.ts';
import { connectFromList, endFromViewer, openAccess, untilShown } from './support/machine-pages.ts';
import { signInPage } from './support/sign-in-page.ts';
import type { Stack, TestUser } from './support/stack.ts';
import { ROOT, stageOfThisFile } from './support/stage.ts';
import { untilLive } from './support/technician-page.ts';
import { until } from './support/until.ts';
import { screenShot } from './support/x-programs.ts';

const NAME = 'Reception 1';
/** A thumbnail is taken five seconds after the first picture; a busy computer may need more. */
const TAKEN_MS = 25_000;
const NOT_TAKEN_MS = 10_000;

const stage = stageOfThisFile();
let stack: Stack;
let desktop: Desktop;
let browser: Browser;
let machineId: string;
let technician: TestUser;

beforeAll(async () => {
  stack = await stage.startStack();
  desktop = await stage.startDesktop({ width: 1280, height: 720 });
  browser = await stage.launchBrowser();
  const { companyId } = await stack.admin.call('createCompany', { body: { name: 'Glazier & Sons' } });
  await stack.admin.call('changeCompany', { params: { companyId }, body: { consent: { kind: 'never' } } });
  const { token } = await stack.admin.call('createInstaller', {
    body: newInstaller(companyId, { machineName: NAME }),
  });
  const stateDir = join(stage.newFolder('machine-'), 'state');
  await runAgentCommand(['--enrol', '--server', stack.url, '--token', token], { root: ROOT, stateDir });
  const { machines } = await stack.admin.call('listMachines', { query: { query: `"${NAME}"` } });
  machineId = machines[0]?.machineId ?? '';
  await stage.startService({ stateDir, desktop, windows: true });
  technician = await stack.createUser('technician');
  const background = desktop.run('xsetroot', ['-bitmap', cornerBitmap(), '-fg', '#b03060', '-bg', '#2f7d5b']);
  expect(await background.ended).toMatchObject({ code: 0 });
});

/** Nobody is on the machine, whatever the test before left. */
beforeEach(async () => {
  const { row } = await details();
  if (row.sessionId) await stack.admin.call('endSession', { params: { sessionId: row.sessionId } });
  await until('nobody is on the machine', async () => (await details()).row.sessionId === null);
});

const details = () => stack.admin.call('getMachine', { params: { machineId } });
const keepPictures = (machineThumbnails: boolean) =>
  stack.admin.call('changeSettings', { body: { machineThumbnails } });
const isUpload = (request: { method(): string; url(): string }) =>
  request.method() === 'PUT' && request.url().endsWith(`/machines/${machineId}/thumbnail`);

async function personAt(user: TestUser, options: Parameters<typeof newPerson>[1] = {}) {
  const person = await newPerson(browser, { viewport: { width: 1280, height: 800 }, ...options });
  const page = await person.newPage();
  await signInPage(page, stack.url, user);
  return { person, page };
}

test('no picture leaves a session while the setting is off, as it is at first (U3)', async () => {
  const { person, page } = await personAt(technician);
  await openAccess(page, stack.url);
  await untilShown(page, NAME, 'Online', 20_000);
  const upload = page.waitForRequest(isUpload, { timeout: NOT_TAKEN_MS });
  const outcome = upload.then(
    () => 'taken',
    () => 'not taken',
  );
  await connectFromList(page, NAME);
  await untilLive(page);
  expect(await outcome).toBe('not taken');
  expect((await details()).thumbnail).toBeUndefined();
  await person.close();
});

test('a technician who controls a machine leaves a small picture of its screen, which others see and can erase (A6)', async () => {
  await keepPictures(true);
  const colleague = await personAt(await stack.createUser('technician'));
  await colleague.page.goto(`${stack.url}/app/access/${machineId}`);
  const panel = colleague.page.getByRole('complementary', { name: 'Machine details' });
  const figure = panel.getByRole('figure');
  await figure.getByText('No picture yet.').waitFor();
  const empty = await figure.boundingBox();

  const { person, page } = await personAt(technician);
  await openAccess(page, stack.url);
  await untilShown(page, NAME, 'Online', 20_000);
  const upload = page.waitForResponse((response) => isUpload(response.request()), {
    timeout: TAKEN_MS + 20_000,
  });
  await connectFromList(page, NAME);
  await untilLive(page);
  expect((await upload).status()).toBe(200);
  const truth = await screenShot(desktop);
  expect(blocks(truth).slice(0, 1)).toEqual([[0xb0, 0x30, 0x60]]);
  expect(blocks(truth).at(-1)).toEqual([0x2f, 0x7d, 0x5b]);

  // By itself, without loading anything anew, and in the same place.
  const image = figure.getByRole('img', { name: `Screen of ${NAME}` });
  await image.waitFor();
  await figure.getByText(`by ${technician.name}`).waitFor();
  const kept = await pixelsOf(colleague.page);
  expect([kept.width, kept.height]).toEqual([320, 180]);
  expect(worstDifference(blocks(kept), blocks(truth))).toBeLessThan(10);
  const filled = await figure.boundingBox();
  expect([filled?.width, filled?.height]).toEqual([empty?.width, empty?.height]);
  expect((await details()).thumbnail).toMatchObject({
    takenBy: { userId: technician.userId },
    width: 320,
    height: 180,
  });
  await inspectPanel(colleague.person);
  await endFromViewer(page);

  await colleague.page.bringToFront();
  await figure.getByRole('button', { name: 'Erase the picture' }).click();
  await colleague.page.getByRole('alertdialog').getByRole('button', { name: 'Erase it' }).click();
  await figure.getByText('No picture yet.').waitFor();
  expect((await details()).thumbnail).toBeNull();
  await inspectScreen(colleague.page, 'machine-thumbnail-none');
  await colleague.person.close();
  await person.close();
});

test('an administrator who turns it off is asked, and all pictures are erased (U3)', async () => {
  await keepPictures(true);
  const { person, page } = await personAt({ ...stack.adminUser, userId: '', role: 'admin' });
  const upload = page.waitForResponse((response) => isUpload(response.request()), {
    timeout: TAKEN_MS + 20_000,
  });
  await page.goto(`${stack.url}/connect/${machineId}`);
  await untilLive(page);
  await upload;
  expect((await details()).thumbnail).toMatchObject({ width: 320 });
  await endFromViewer(page);
  await page.goto(`${stack.url}/app/settings/deployment`);
  const box = page.getByRole('checkbox', { name: /small picture of each machine’s screen/ });
  await page.setViewportSize({ width: 390, height: 844 });
  await box.scrollIntoViewIfNeeded();
  await inspectScreen(page, 'settings-thumbnails-390');
  await page.setViewportSize({ width: 1280, height: 800 });
  await box.uncheck();
  await page.getByRole('button', { name: 'Save settings' }).click();
  const question = page.getByRole('alertdialog');
  await question.getByText('Erase all pictures of screens?').waitFor();
  await inspectScreen(page, 'settings-thumbnails-off');
  await question.getByRole('button', { name: 'Save and erase them' }).click();
  await page.getByText('The settings were saved.').waitFor();
  expect((await details()).thumbnail).toBeUndefined();
  await keepPictures(true);
  expect((await details()).thumbnail).toBeNull();
  await person.close();
});

/** The panel with its picture, as people with other screens and colours have it. */
async function inspectPanel(signedIn: BrowserContext): Promise<void> {
  const storageState = await signedIn.storageState();
  for (const [width, height] of [
    [1280, 800],
    [390, 844],
  ] as const) {
    for (const colorScheme of ['light', 'dark'] as const) {
      const person = await browser.newContext({ viewport: { width, height }, colorScheme, storageState });
      const page = await person.newPage();
      await page.goto(`${stack.url}/app/access/${machineId}`);
      const image = page.getByRole('figure').getByRole('img');
      await image.scrollIntoViewIfNeeded();
      await pixelsOf(page);
      await inspectScreen(page, `machine-thumbnail-${width}-${colorScheme}`);
      await person.close();
    }
  }
}

/** The pixels of the picture in the panel, once it is there. */
async function pixelsOf(page: Page): Promise<Picture> {
  const { width, height, base64 } = await page.evaluate(async () => {
    const image = document.querySelector<HTMLImageElement>('figure img');
    if (!image) throw new Error('The panel shows no picture.');
    await image.decode();
    const { naturalWidth: width, naturalHeight: height } = image;
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d');
    if (!context) throw new Error('This browser does not draw.');
    context.drawImage(image, 0, 0);
    const bytes = context.getImageData(0, 0, width, height).data;
    let text = '';
    for (const byte of bytes) text += String.fromCharCode(byte);
    return { width, height, base64: btoa(text) };
  });
  return { width, height, rgba: Buffer.from(base64, 'base64') };
}

/**
 * A picture for the whole screen whose upper left quarter is of the one colour and all else of the other, so that a
 * thumbnail that is turned, cut or of something else is not taken for the right one.
 */
function cornerBitmap(): string {
  const { width, height } = desktop;
  const bytes = Array.from({ length: (width / 8) * height }, (_, at) => {
    const isInside = at % (width / 8) < width / 16 && at / (width / 8) < height / 2;
    return isInside ? '0xff' : '0x00';
  });
  const file = join(stage.newFolder('bitmap-'), 'corner.xbm');
  const head = `#define corner_width ${width}\n#define corner_height ${height}\n`;
  writeFileSync(file, `${head}static char corner_bits[] = {\n${bytes.join(',\n')}\n};\n`);
  return file;
}

const COLUMNS = 16;
const ROWS = 8;

/** The mean colour of each of 16 x 8 parts, from the top left. */
function blocks({ width, height, rgba }: Picture): number[][] {
  const sums = Array.from({ length: COLUMNS * ROWS }, () => [0, 0, 0]);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const part = Math.floor((y * ROWS) / height) * COLUMNS + Math.floor((x * COLUMNS) / width);
      for (const [channel, sum] of sums[part]?.entries() ?? []) {
        const value = rgba[(y * width + x) * 4 + channel] ?? 0;
        sums[part]?.splice(channel, 1, sum + value);
      }
    }
  }
  const pixels = (width * height) / sums.length;
  return sums.map((sum) => sum.map((value) => Math.round(value / pixels)));
}

function worstDifference(one: number[][], other: number[][]): number {
  return Math.max(
    ...one.flatMap((colour, at) =>
      colour.map((value, channel) => Math.abs(value - (other[at]?.[channel] ?? 0))),
    ),
  );
}
