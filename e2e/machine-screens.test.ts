import type { Browser, BrowserContext, Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { enrolMachine } from '../server/test/machines/support/enrol-machine.ts';
import { newInstaller } from '../server/test/support/new-installer.ts';
import { openFrontOffice } from './support/front-office.ts';
import { inspectScreen } from './support/inspect-screen.ts';
import { newPerson } from './support/launch-browser.ts';
import { signInPage } from './support/sign-in-page.ts';
import type { Stack } from './support/stack.ts';
import { stageOfThisFile } from './support/stage.ts';

const SIZES = [
  { width: 1440, height: 900 },
  { width: 768, height: 1024 },
  { width: 390, height: 844 },
] as const;
/** Nothing of these may run, turn the page round, or burst it. */
const HOSTILE_NAME = '<img src=x onerror=alert(1)> \u202eevil\u202c';
const HOSTILE_NOTE = `<script>document.title = 'pwned'</script> ${'longword'.repeat(120)}`;

const stage = stageOfThisFile();
let stack: Stack;
let browser: Browser;
let machineId: string;
let hostileId: string;

beforeAll(async () => {
  stack = await stage.startStack();
  browser = await stage.launchBrowser();
  const { admin } = stack;
  const { companyId, token } = await openFrontOffice(admin);
  const machine = await enrolMachine(stack.url, token, { hostname: 'pc-front-1' });
  await machine.checkIn();
  ({ machineId } = machine);
  await admin.call('changeMachine', {
    params: { machineId },
    body: {
      name: 'Reception 1',
      notes: 'Ask Ms Weber before restarting.\nThe scanner needs its tray at the left.',
      properties: { 'rmm.id': '4711', rack: 'B3' },
    },
  });
  await admin.call('flagMachine', { params: { machineId }, body: { note: 'The disk is failing: SMART 5.' } });
  const hostile = await enrolMachine(stack.url, token, { hostname: 'pc-2' });
  await hostile.checkIn();
  hostileId = hostile.machineId;
  await admin.call('changeMachine', {
    params: { machineId: hostileId },
    body: { name: HOSTILE_NAME, notes: HOSTILE_NOTE, tags: ['<b>x</b>', 'x'.repeat(80)] },
  });
  const { installer } = await admin.call('createInstaller', {
    body: newInstaller(companyId, {
      name: 'Roll-out of last year',
      department: 'Sales',
      deviceType: 'Desktop',
    }),
  });
  await admin.call('revokeInstaller', { params: { installerId: installer.installerId } });
  await stack.createUser('technician');
});

describe.each(SIZES)('at $width x $height', (viewport) => {
  describe.each(['light', 'dark'] as const)('%s', (colorScheme) => {
    const person = () => newPerson(browser, { viewport, colorScheme, isMobile: viewport.width < 500 });
    const check = (page: Page, name: string) =>
      inspectScreen(page, `${name}-${viewport.width}-${colorScheme}`);

    test('a machine with everything about it', async () => {
      const context = await person();
      const page = await signedIn(context);
      await page.goto(`${stack.url}/app/access/${machineId}`);
      const panel = page.getByRole('complementary', { name: 'Machine details' });
      await panel.getByRole('heading', { name: 'Reception 1' }).waitFor();
      await panel.getByText('Fast One, 8 cores').waitFor();
      await check(page, 'machine');
      await panel.getByRole('heading', { name: 'Sessions' }).scrollIntoViewIfNeeded();
      await check(page, 'machine-end');
      await panel.getByRole('button', { name: 'Edit the notes' }).click();
      await panel.getByRole('button', { name: 'Add a property' }).click();
      await check(page, 'machine-editing');
      await page.goto(`${stack.url}/app/access/${machineId}`);
      await panel.getByRole('button', { name: 'Tools' }).click();
      await check(page, 'machine-tools');
      await page.getByRole('menuitem', { name: /^Move/ }).click();
      await page.getByRole('dialog').getByLabel('Company').waitFor();
      await check(page, 'machine-move');
      await context.close();
    });

    test('a machine whose names mean harm', async () => {
      const context = await person();
      const page = await signedIn(context);
      page.on('dialog', () => expect.unreachable('A script of the machine ran.'));
      await page.goto(`${stack.url}/app/access/${hostileId}`);
      await page.getByRole('heading', { name: '<img src=x' }).waitFor();
      await check(page, 'machine-hostile');
      expect(await page.title()).not.toBe('pwned');
      await context.close();
    });

    test('the way to a machine that is away', async () => {
      const context = await person();
      const page = await signedIn(context);
      await page.goto(`${stack.url}/connect/${machineId}`);
      await page.getByText('Reception 1 is offline').waitFor();
      await check(page, 'connect-offline');
      await page.getByRole('button', { name: 'Wake it' }).click();
      await page.getByText('No other online computer is on its network').waitFor();
      await check(page, 'connect-not-woken');
      await page.goto(`${stack.url}/connect?host=no-such-machine`);
      await page.getByText('The machine was not found').waitFor();
      await check(page, 'connect-not-found');
      await context.close();
    });

    test('companies, preferences and installers', async () => {
      const context = await person();
      const page = await signedIn(context);
      await page.goto(`${stack.url}/app/settings/companies`);
      await page.getByRole('button', { name: /^Glazier & Sons/ }).click();
      await page.getByRole('radio', { name: /Only those assigned/ }).check();
      await page.getByText('Technician 1').waitFor();
      await check(page, 'settings-companies');
      await page.goto(`${stack.url}/app/settings/preferences`);
      await page.getByText('Show smart groups').waitFor();
      await check(page, 'settings-preferences');
      await page.goto(`${stack.url}/app/build`);
      await page.getByText('Front office PCs').waitFor();
      await check(page, 'build');
      await page.getByRole('button', { name: 'New installer' }).click();
      const dialog = page.getByRole('dialog', { name: 'New installer' });
      await dialog.getByLabel('Name of the installer').fill(`Laptops ${viewport.width} ${colorScheme}`);
      await check(page, 'build-dialog');
      await dialog.getByRole('button', { name: 'Make the installer' }).click();
      await page.getByText('is ready').waitFor();
      await check(page, 'build-token');
      await context.close();
    });
  });
});

test('a link of another program asks who it is first, then goes on to the machine (I1)', async () => {
  const context = await newPerson(browser);
  const page = await context.newPage();
  await page.goto(`${stack.url}/connect?host=pc-front-1`);
  await page.getByLabel('User name').fill(stack.adminUser.username);
  await page.getByLabel('Password').fill(stack.adminUser.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('Reception 1 is offline').waitFor();
  expect(new URL(page.url()).pathname).toBe(`/connect/${machineId}`);
  await page.goto(`${stack.url}/connect?property=rmm.id&value=4711`);
  await page.getByText('Reception 1 is offline').waitFor();
  await page.goto(`${stack.url}/connect?serial=`);
  await page.getByText('This link names no machine').waitFor();
  await page.goto(`${stack.url}/connect/${crypto.randomUUID()}`);
  await page.getByText('There is no such machine.').waitFor();
  await context.close();
});

test('what is changed in the panel is kept, shown at once, and undone by one click (A6)', async () => {
  const context = await newPerson(browser);
  const page = await signedIn(context);
  await page.goto(`${stack.url}/app/access/${machineId}`);
  const panel = page.getByRole('complementary', { name: 'Machine details' });
  await panel.getByRole('button', { name: 'Change department' }).click();
  await panel.getByLabel('Department').fill('Support');
  await panel.getByLabel('Department').press('Enter');
  await panel.getByText('Support', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Undo' }).first().click();
  await panel.getByText('Sales', { exact: true }).waitFor();
  await panel.getByRole('button', { name: 'Add tag' }).click();
  await panel.getByLabel('New tag').fill('VIP');
  await panel.getByLabel('New tag').press('Enter');
  await page.getByText('It has the tag VIP already.').waitFor();
  await panel.getByLabel('New tag').press('Escape');
  // Somebody else changes the machine meanwhile: the panel follows by itself.
  await stack.admin.call('changeMachine', { params: { machineId }, body: { deviceType: 'Laptop' } });
  await panel.getByText('Laptop', { exact: true }).waitFor();
  await stack.admin.call('changeMachine', { params: { machineId }, body: { deviceType: 'Desktop' } });
  await panel.getByRole('button', { name: 'Tools' }).click();
  await page.getByRole('menuitem', { name: 'Remove…' }).click();
  await page.getByRole('button', { name: 'Remove the machine' }).click();
  await panel.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Undo' }).last().click();
  await expect
    .poll(async () => (await stack.admin.call('getMachine', { params: { machineId } })).row.removedAt)
    .toBeNull();
  await context.close();
});

async function signedIn(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await signInPage(page, stack.url, stack.adminUser);
  return page;
}
