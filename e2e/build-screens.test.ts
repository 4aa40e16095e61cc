import { readFile, stat } from 'node:fs/promises';
import type { Browser, BrowserContext, Download, Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  enrolMachine,
  type FakeMachine,
  inventoryOf,
} from '../server/test/machines/support/enrol-machine.ts';
import { openMailbox, REFUSED_ADDRESS } from '../server/test/releases/support/mailbox.ts';
import { newInstaller } from '../server/test/support/new-installer.ts';
import { openFrontOffice } from './support/front-office.ts';
import { typeCode } from './support/guest-page.ts';
import { inspectScreen } from './support/inspect-screen.ts';
import { newPerson } from './support/launch-browser.ts';
import { openedAddresses, withoutInstalledApp } from './support/no-installed-app.ts';
import { signInPage } from './support/sign-in-page.ts';
import type { Stack } from './support/stack.ts';
import { stageOfThisFile } from './support/stage.ts';

const SIZES = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
] as const;
const CHROME = 'AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';
const WINDOWS = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64';
const BROWSERS = {
  chrome: `${WINDOWS}) ${CHROME}`,
  edge: `${WINDOWS}) ${CHROME} Edg/140.0.0.0`,
  firefox: `${WINDOWS}; rv:140.0) Gecko/20100101 Firefox/140.0`,
  other: `${WINDOWS}) ${CHROME} OPR/120.0.0.0`,
} as const;

const stage = stageOfThisFile();
let stack: Stack;
let browser: Browser;
let companyId: string;
let token: string;
let machine: FakeMachine;

beforeAll(async () => {
  stack = await stage.startStack();
  browser = await stage.launchBrowser();
  ({ companyId, token } = await openFrontOffice(stack.admin));
  await (await enrolMachine(stack.url, token, { hostname: 'pc-front-1' })).checkIn();
  const os = { ...inventoryOf({}).os, family: 'windows' as const, name: 'Windows 11 Pro' };
  machine = await enrolMachine(stack.url, token, { hostname: 'pc-front-2', inventory: { os } });
  await machine.checkIn();
});

describe.each(SIZES)('at $width x $height', (viewport) => {
  describe.each(['light', 'dark'] as const)('%s', (colorScheme) => {
    const look = { viewport, colorScheme, isMobile: viewport.width < 500 };
    const check = (page: Page, name: string) =>
      inspectScreen(page, `${name}-${viewport.width}-${colorScheme}`);

    test('the Build tab with all that can be had of an installer', async () => {
      const context = await newPerson(browser, look);
      const page = await signedIn(context);
      await page.goto(`${stack.url}/app/build`);
      await page.getByText('Front office PCs').waitFor();
      await page
        .getByText('programs are not signed')
        .or(page.getByText('No Windows programs here'))
        .waitFor();
      await check(page, 'build-list');
      await page.getByRole('button', { name: '2 of 20 machines from Front office PCs' }).click();
      await page.getByRole('link', { name: 'pc-front-1' }).waitFor();
      await check(page, 'build-machines');
      await page.getByRole('button', { name: 'Get Front office PCs' }).click();
      await page.getByRole('menuitem', { name: 'Copy Linux line' }).waitFor();
      await check(page, 'build-menu');
      await page.getByRole('menuitem', { name: 'Addresses and command lines…' }).click();
      await page.getByText('msiexec /i GuruConnect.msi /qn', { exact: true }).waitFor();
      await check(page, 'build-lines');
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'New installer' }).click();
      const dialog = page.getByRole('dialog', { name: 'New installer' });
      await dialog.getByLabel('Name of the installer').fill(`Laptops ${viewport.width} ${colorScheme}`);
      await dialog.getByRole('radio', { name: 'Give it another name' }).check();
      await check(page, 'build-form');
      await dialog.getByRole('radio', { name: 'Linux' }).check();
      await dialog.getByLabel('Most machines').scrollIntoViewIfNeeded();
      await check(page, 'build-form-end');
      await dialog.getByRole('button', { name: 'Make the installer' }).click();
      await page.getByText('is ready').waitFor();
      await check(page, 'build-made');
      await context.close();
    });

    test('restarts, requests and updates', async () => {
      const context = await newPerson(browser, look);
      const page = await signedIn(context);
      await page.goto(`${stack.url}/app/support`);
      await page.getByRole('heading', { name: 'Requests from machines' }).waitFor();
      await check(page, 'support-requests');
      await page.goto(`${stack.url}/app/access/${machine.machineId}`);
      await page.getByRole('button', { name: 'Restart' }).click();
      await page.getByRole('menuitem', { name: 'Safe Mode with networking…' }).waitFor();
      await check(page, 'machine-restart');
      await page.getByRole('menuitem', { name: 'Emergency restart…' }).click();
      await page.getByLabel('Type the machine’s name to confirm').waitFor();
      await check(page, 'machine-emergency');
      await page.goto(`${stack.url}/app/settings/updates`);
      await page.getByRole('button', { name: 'Add a ring' }).click();
      await check(page, 'settings-updates');
      await page.getByRole('button', { name: 'Save the roll-out' }).scrollIntoViewIfNeeded();
      await check(page, 'settings-updates-end');
      await page.goto(`${stack.url}/app/settings/deployment`);
      await page.getByRole('radio', { name: /^Small/ }).scrollIntoViewIfNeeded();
      await check(page, 'settings-windows');
      await context.close();
    });

    test.each(Object.keys(BROWSERS) as (keyof typeof BROWSERS)[])(
      'the portal shows %s on Windows what to do with the download',
      async (kind) => {
        const context = await newPerson(browser, { ...look, isMobile: false, userAgent: BROWSERS[kind] });
        await withoutInstalledApp(context);
        const page = await context.newPage();
        const { code } = await stack.createSession();
        await typeCode(page, stack.url, code);
        await page.getByText('Looking for the app on this computer').waitFor();
        if (kind === 'chrome') await check(page, 'portal-opening');
        await page.getByRole('button', { name: 'Download again' }).waitFor();
        expect(await page.locator(`svg[data-picture="${kind}"]`).count()).toBe(1);
        await page.getByText('It does not start').click();
        await check(page, `portal-${kind}`);
        if (kind === 'chrome') {
          await page.getByText('It does not start').scrollIntoViewIfNeeded();
          await check(page, 'portal-chrome-end');
        }
        await context.close();
      },
    );
  });
});

describe('a Windows browser on the portal', () => {
  test('may open the installed app by its address, and downloads the program three seconds later (P4)', async () => {
    const context = await newPerson(browser, { userAgent: BROWSERS.chrome });
    const page = await context.newPage();
    const refused: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') refused.push(message.text());
    });
    const { code } = await stack.createSession();
    const began = page.waitForEvent('download');
    await typeCode(page, stack.url, code);
    const frame = page.locator('iframe');
    await frame.waitFor({ state: 'attached' });
    const openedAt = Date.now();
    expect(await frame.getAttribute('src')).toBe(`guruconnect://session/${code}`);
    const download = await began;
    expect(Date.now() - openedAt).toBeGreaterThan(2_000);
    expect(download.suggestedFilename()).toBe(`GuruConnect-${code}.exe`);
    await expectProgram(download, 100_000);
    expect(refused).toEqual([]);
    await context.close();
  });

  test('begins nothing by itself after a reload, and downloads again when asked', async () => {
    const context = await newPerson(browser, { userAgent: BROWSERS.firefox });
    await withoutInstalledApp(context);
    const page = await context.newPage();
    const { code } = await stack.createSession();
    const began = page.waitForEvent('download');
    await typeCode(page, stack.url, code);
    await began;
    expect(await openedAddresses(page)).toEqual([`guruconnect://session/${code}`]);
    await page.reload();
    const button = page.getByRole('button', { name: /^Download \(/ });
    await button.waitFor();
    expect(await openedAddresses(page)).toEqual([]);
    const again = page.waitForEvent('download');
    await button.click();
    expect((await again).suggestedFilename()).toBe(`GuruConnect-${code}.exe`);
    await context.close();
  });

  test.each([
    [
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Safari/605.1.15',
      'There is no app for macOS yet',
    ],
    [`Mozilla/5.0 (Windows NT 6.1; Win64; x64) ${CHROME}`, 'The app needs 64-bit Windows 10 or newer'],
    [`Mozilla/5.0 (Linux; Android 10; K) ${CHROME}`, 'This device cannot be shown'],
  ])('%s is told plainly: %s', async (userAgent, sentence) => {
    const context = await newPerson(browser, { userAgent });
    const page = await context.newPage();
    const { code } = await stack.createSession();
    await typeCode(page, stack.url, code);
    await page.getByText(sentence).waitFor();
    await context.close();
  });
});

describe('an installer from the Build tab', () => {
  test.each([
    ['Download EXE', /^GuruConnect-Setup-[\w-]{43}\.exe$/, 50_000],
    ['Download MSI', /^GuruConnect\.msi$/, 50_000],
    ['Download MST for an MSI', /^GuruConnect\.mst$/, 500],
    ['Download .deb', /^guruconnect-agent_.+\.deb$/, 100_000],
  ])('%s arrives and is not empty', async (item, name, minBytes) => {
    const context = await newPerson(browser);
    const page = await signedIn(context);
    await page.goto(`${stack.url}/app/build`);
    await page.getByRole('button', { name: 'Get Front office PCs' }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: item, exact: true }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(name);
    expect((await stat(await download.path())).size).toBeGreaterThan(minBytes);
    await context.close();
  });

  test('is copied as lines, revealed only then and once for all, and revoked', async () => {
    const context = await newPerson(browser, { permissions: ['clipboard-read', 'clipboard-write'] });
    const page = await signedIn(context);
    const { token: other } = await makeInstaller('To be revoked');
    let reveals = 0;
    page.on('request', (request) => {
      if (request.method() === 'POST' && request.url().endsWith('/token')) reveals += 1;
    });
    await page.goto(`${stack.url}/app/build`);
    await choose(page, 'To be revoked', 'Copy Linux line');
    await page.getByText('Line copied.').waitFor();
    expect(await copied(page)).toBe(
      `curl -fsSL ${stack.url}/download/installer/${other}/install.sh | sudo sh`,
    );
    await choose(page, 'To be revoked', 'Copy silent command');
    await page.getByText('Command copied.').waitFor();
    expect(await copied(page)).toBe('msiexec /i GuruConnect.msi /qn');
    await choose(page, 'To be revoked', 'Copy URL');
    await page.getByText('Address copied.').waitFor();
    expect(await copied(page)).toBe(`${stack.url}/download/installer/${other}/GuruConnect.exe`);
    expect(reveals).toBe(1);
    expect((await fetch(`${stack.url}/download/installer/${other}/install.sh`)).status).toBe(200);
    await page.getByRole('button', { name: 'Revoke To be revoked' }).click();
    await page.getByRole('button', { name: 'Revoke the installer' }).click();
    await page.getByRole('button', { name: 'Get To be revoked' }).waitFor({ state: 'detached' });
    expect((await fetch(`${stack.url}/download/installer/${other}/install.sh`)).status).toBe(404);
    await context.close();
  });

  test('cannot be sent where the server has no mail, and says why', async () => {
    const context = await newPerson(browser);
    const page = await signedIn(context);
    await page.goto(`${stack.url}/app/build`);
    await page.getByRole('button', { name: 'Get Front office PCs' }).click();
    const item = page.getByRole('menuitem', { name: 'Send link by e-mail…' });
    await page.getByText('This server sends no e-mail').waitFor();
    expect(await item.getAttribute('aria-disabled')).toBe('true');
    await context.close();
  });
});

test('the link of an installer is sent by mail; what cannot be sent is said in the dialog (B3)', async () => {
  const mailbox = await openMailbox();
  stage.defer(() => mailbox.close());
  const withMail = await stage.startStack({
    env: { SMTP_URL: mailbox.url, SMTP_FROM: 'Acme Support <support@acme.example>' },
  });
  const { companyId: acmeId } = await withMail.admin.call('createCompany', { body: { name: 'Acme' } });
  await makeInstaller('To be mailed', withMail, acmeId);
  const context = await newPerson(browser);
  const page = await context.newPage();
  await signInPage(page, withMail.url, withMail.adminUser);
  await page.goto(`${withMail.url}/app/build`);
  await choose(page, 'To be mailed', 'Send link by e-mail…');
  const dialog = page.getByRole('dialog', { name: 'Send the link by e-mail' });
  const send = dialog.getByRole('button', { name: 'Send' });
  await dialog.getByLabel('To', { exact: true }).fill('ann@example');
  await send.click();
  await dialog.getByText('Enter one e-mail address').waitFor();
  await dialog.getByLabel('To', { exact: true }).fill(REFUSED_ADDRESS);
  await send.click();
  await dialog.getByRole('alert').waitFor();
  await inspectScreen(page, 'build-mail-refused');
  expect(mailbox.mails).toEqual([]);
  await dialog.getByLabel('To', { exact: true }).fill(' ann@example.com ');
  await dialog.getByLabel('Note').fill('For the laptop in the front office.');
  await dialog.getByLabel('Program').selectOption({ label: 'Linux' });
  await send.click();
  await page.getByText('The link was sent to ann@example.com.').waitFor();
  expect(mailbox.mails).toMatchObject([{ to: ['ann@example.com'] }]);
  expect(mailbox.mails[0]?.text).toContain('For the laptop in the front office.');
  expect(mailbox.mails[0]?.text).toMatch(/\/download\/installer\/[\w-]{43}\/install\.sh/);
  await context.close();
});

describe('a machine', () => {
  test('is restarted in an emergency only with its name, and the command is taken back (U7)', async () => {
    const { machineId } = machine;
    const context = await newPerson(browser);
    const page = await signedIn(context);
    await page.goto(`${stack.url}/app/access/${machineId}`);
    await page.getByRole('button', { name: 'Restart' }).click();
    await page.getByRole('menuitem', { name: 'Emergency restart…' }).click();
    const go = page.getByRole('button', { name: 'Restart at once' });
    const field = page.getByLabel('Type the machine’s name to confirm');
    await field.fill('pc-front-1');
    expect(await go.isDisabled()).toBe(true);
    await field.fill('pc-front-2');
    await go.click();
    await page.getByText('Emergency restart: waiting for the machine.').waitFor();
    const list = () => stack.admin.call('listCommands', { params: { machineId } });
    expect((await list()).commands).toMatchObject([{ kind: 'emergency', status: 'waiting' }]);
    await page.getByRole('button', { name: 'Take it back' }).click();
    await page.getByText('Emergency restart: taken back.').waitFor();
    expect((await list()).commands).toMatchObject([{ kind: 'emergency', status: 'cancelled' }]);
    await context.close();
  });

  test('takes a Safe Mode restart with its check-in, and the panel follows by itself (U6)', async () => {
    const context = await newPerson(browser);
    const page = await signedIn(context);
    await page.goto(`${stack.url}/app/access/${machine.machineId}`);
    await page.getByRole('button', { name: 'Restart' }).click();
    await page.getByRole('menuitem', { name: 'Safe Mode with networking…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Restart' }).click();
    await page.getByText('Restart into Safe Mode with networking: waiting').waitFor();
    const { commands = [] } = await machine.checkIn();
    expect(commands).toMatchObject([{ kind: 'safe-network' }]);
    await page.getByText('Restart into Safe Mode with networking: sent').waitFor();
    const commandId = commands[0]?.commandId ?? '';
    await machine.checkIn({
      commandResults: [{ commandId, outcome: 'refused', reason: 'It is in Safe Mode already.' }],
    });
    await page
      .getByText(
        'Restart into Safe Mode with networking: refused by the machine. It is in Safe Mode already.',
      )
      .waitFor();
    await context.close();
  });

  test('asks for help: it is told on every page, listed at once, and done (U2)', async () => {
    const context = await newPerson(browser);
    const page = await signedIn(context);
    const elsewhere = await context.newPage();
    await elsewhere.goto(`${stack.url}/app/build`);
    await elsewhere.getByText('Front office PCs').waitFor();
    await page.goto(`${stack.url}/app/support`);
    await page.getByText('Nobody asks for help.').waitFor();
    const { status } = await machine.send(
      machine.signed('requestSupport', { user: 'GLAZIER\\mweber', message: '<b>The printer</b> is stuck.' }),
    );
    expect(status).toBe(200);
    const list = page.getByLabel('Requests for help');
    await list.getByText('<b>The printer</b> is stuck.').waitFor();
    await elsewhere.getByText('pc-front-2 asks for help').waitFor();
    expect(await list.getByRole('link', { name: 'Connect to pc-front-2' }).getAttribute('href')).toBe(
      `/connect/${machine.machineId}`,
    );
    await list.getByRole('button', { name: 'Done: the request of pc-front-2' }).click();
    await page.getByText('Nobody asks for help.').waitFor();
    expect((await stack.admin.call('listSupportRequests', { query: {} })).requests).toEqual([]);
    await context.close();
  });
});

test('an administrator rolls out by rings; a list that leaves machines out is not saved (U5)', async () => {
  const context = await newPerson(browser);
  const page = await signedIn(context);
  await page.goto(`${stack.url}/app/settings/updates`);
  await page.getByLabel('Share of ring 1 in percent').fill('40');
  await page.getByRole('button', { name: 'Save the roll-out' }).click();
  await page.getByText('The last ring must have 100 %').waitFor();
  await page.getByLabel('Share of ring 1 in percent').fill('100');
  await page.getByRole('button', { name: 'Add a ring' }).click();
  await page.getByLabel('Name of ring 1').fill('Pilots');
  await page.getByLabel('Tags of ring 1').fill('vip, front desk,');
  await page.getByRole('checkbox', { name: /Pause updates/ }).check();
  await page.getByRole('button', { name: 'Save the roll-out' }).click();
  await page.getByText('The roll-out was changed.').waitFor();
  expect(await stack.admin.call('getSettings', {})).toMatchObject({
    updatesPaused: true,
    updateRings: [
      { name: 'Pilots', percent: 10, tags: ['vip', 'front desk'] },
      { name: 'Everybody', percent: 100, tags: [] },
    ],
  });
  await context.close();
});

test('a server without Windows programs says so, on the Build tab and on the portal (B4, P3)', async () => {
  const bare = await stage.startStack({ env: { WINDOWS_BUILD_DIR: stage.newFolder('no-windows-') } });
  await bare.admin.call('createCompany', { body: { name: 'Acme' } });
  const context = await newPerson(browser, { userAgent: BROWSERS.chrome });
  await withoutInstalledApp(context);
  const page = await context.newPage();
  await signInPage(page, bare.url, bare.adminUser);
  await page.goto(`${bare.url}/app/build`);
  await page.getByText('No Windows programs here yet').waitFor();
  await page.getByRole('button', { name: 'New installer' }).click();
  expect(await page.getByRole('radio', { name: 'Windows EXE' }).isDisabled()).toBe(true);
  expect(await page.getByRole('radio', { name: 'Linux' }).isChecked()).toBe(true);
  await inspectScreen(page, 'build-no-windows');
  const { code } = await bare.createSession();
  await typeCode(page, bare.url, code);
  await page.getByText('This server has no Windows app yet').waitFor();
  await inspectScreen(page, 'portal-no-windows');
  expect(await openedAddresses(page)).toEqual([]);
  await context.close();
});

async function makeInstaller(name: string, on = stack, forCompany = companyId) {
  return on.admin.call('createInstaller', { body: newInstaller(forCompany, { name }) });
}

async function choose(page: Page, installer: string, item: string): Promise<void> {
  await page.getByRole('button', { name: `Get ${installer}` }).click();
  await page.getByRole('menuitem', { name: item, exact: true }).click();
}

function copied(page: Page): Promise<string> {
  return page.evaluate(() => navigator.clipboard.readText());
}

/** A Windows program of at least so many bytes. */
async function expectProgram(download: Download, minBytes: number): Promise<void> {
  const bytes = await readFile(await download.path());
  expect(bytes.length).toBeGreaterThan(minBytes);
  expect(bytes.subarray(0, 2).toString('latin1')).toBe('MZ');
}

async function signedIn(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await signInPage(page, stack.url, stack.adminUser);
  return page;
}
