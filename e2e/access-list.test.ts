import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { enrolMachine, type FakeMachine } from '../server/test/machines/support/enrol-machine.ts';
import { newInstaller } from '../server/test/support/new-installer.ts';
import { inspectScreen } from './support/inspect-screen.ts';
import { newPerson } from './support/launch-browser.ts';
import { machineLine, openAccess } from './support/machine-pages.ts';
import { signInPage } from './support/sign-in-page.ts';
import type { Stack } from './support/stack.ts';
import { stageOfThisFile } from './support/stage.ts';
import { until } from './support/until.ts';

const GLAZIER = 'Glazier & Sons';
const NORTHWIND = 'Northwind';

const stage = stageOfThisFile();
let stack: Stack;
let browser: Browser;
let tokens: { glazier: string; northwind: string };
const machines = new Map<string, FakeMachine>();
const people: BrowserContext[] = [];

beforeAll(async () => {
  stack = await stage.startStack();
  browser = await stage.launchBrowser();
  tokens = {
    glazier: await installerOf(GLAZIER, { site: 'Berlin', tags: ['vip'] }),
    northwind: await installerOf(NORTHWIND, { deviceType: 'Laptop' }),
  };
});

/** Makes a company, and the token of an installer of it. */
async function installerOf(
  name: string,
  given: { site?: string; tags?: string[]; deviceType?: string },
): Promise<string> {
  const { companyId } = await stack.admin.call('createCompany', { body: { name } });
  return (await stack.admin.call('createInstaller', { body: newInstaller(companyId, given) })).token;
}

beforeEach(async () => {
  for (const person of people.splice(0)) await person.close();
});

async function enrol(hostname: string, token: string): Promise<FakeMachine> {
  const machine = await enrolMachine(stack.url, token, { hostname });
  await machine.checkIn();
  machines.set(hostname, machine);
  return machine;
}

/** Ten machines in two companies; made once, after the test that begins with none. */
async function someMachines(): Promise<void> {
  for (let number = 1; number <= 10; number += 1) {
    const hostname = `pc-${String(number).padStart(2, '0')}`;
    if (!machines.has(hostname)) await enrol(hostname, number <= 6 ? tokens.glazier : tokens.northwind);
  }
}

function idOf(hostname: string): string {
  const machine = machines.get(hostname);
  if (!machine) throw new Error(`${hostname} is not enrolled.`);
  return machine.machineId;
}

async function personAt(path: string, options: Parameters<typeof newPerson>[1] = {}): Promise<Page> {
  const context = await newPerson(browser, options);
  people.push(context);
  const page = await context.newPage();
  page.on('pageerror', (error) => expect.unreachable(`The page failed: ${error.message}`));
  await signInPage(page, stack.url, stack.adminUser);
  await page.goto(stack.url + path);
  return page;
}

const search = (page: Page): Locator => page.getByRole('combobox', { name: 'Search machines' });
const groups = (page: Page): Locator => page.getByRole('navigation', { name: 'Groups of machines' });
const panel = (page: Page): Locator => page.getByRole('complementary', { name: 'Machine details' });
const chosen = (page: Page): Locator => page.getByRole('region', { name: 'Chosen machines' });

/** The names in the list, from top to bottom. */
async function listed(page: Page): Promise<string[]> {
  const lines = page.getByRole('row').filter({ has: page.getByRole('gridcell') });
  return (await lines.locator('bdi.font-medium').allTextContents()).toSorted();
}

async function untilListed(page: Page, names: readonly string[]): Promise<void> {
  await until(`the list is ${names.join(', ')}`, async () => (await listed(page)).join() === names.join());
}

const numbered = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_none, place) => `pc-${String(from + place).padStart(2, '0')}`);

test('a machine that enrols appears in the empty list, and its counts, within two seconds', async () => {
  const page = await personAt('/app/access');
  await page.getByRole('heading', { name: 'No machines yet' }).waitFor();
  await enrol('pc-01', tokens.glazier);
  const begun = Date.now();
  await machineLine(page, 'pc-01').waitFor();
  const shownMs = Date.now() - begun;
  await groups(page)
    .getByRole('link', { name: /Glazier & Sons.*1 machine/ })
    .waitFor();
  expect(shownMs).toBeLessThan(2_000);
});

describe('with machines in two companies', () => {
  beforeAll(someMachines);

  test('groups narrow the list, are in the address, and back undoes them', async () => {
    const page = await personAt('/app/access');
    await untilListed(page, numbered(1, 10));
    await groups(page)
      .getByRole('link', { name: /^Northwind/ })
      .click();
    await untilListed(page, numbered(7, 10));
    expect(new URL(page.url()).searchParams.get('group')).toMatch(/^company:/);
    await groups(page).getByRole('button', { name: 'Sites of Glazier & Sons' }).click();
    await groups(page)
      .getByRole('link', { name: /^Berlin/ })
      .first()
      .click();
    await untilListed(page, numbered(1, 6));
    await page.goBack();
    await untilListed(page, numbered(7, 10));
    await page.goForward();
    await untilListed(page, numbered(1, 6));
  });

  test('the search understands words and fields, completes them, and says what it does not understand', async () => {
    const page = await personAt('/app/access');
    await untilListed(page, numbered(1, 10));
    await page.keyboard.press('/');
    await page.keyboard.type('pc-03');
    await untilListed(page, ['pc-03']);
    await search(page).fill('');
    await page.keyboard.type('comp');
    await page.getByRole('option', { name: /company:/ }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.keyboard.type('north');
    await page.getByRole('option', { name: NORTHWIND }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await untilListed(page, numbered(7, 10));
    await search(page).fill('colour:blue');
    await page.getByText('There is no field “colour”').waitFor();
    await untilListed(page, numbered(7, 10));
    await page.goto(`${stack.url}/app/access?q=${encodeURIComponent('tag:vip -pc-02')}`);
    await untilListed(page, ['pc-01', ...numbered(3, 6)]);
    expect(await search(page).inputValue()).toBe('tag:vip -pc-02');
  });

  test('a filter is built from lines, saved, pinned with its count, and deleted after a question', async () => {
    const page = await personAt('/app/access');
    await page.getByRole('button', { name: 'Build a filter' }).click();
    const builder = page.getByRole('dialog', { name: 'Build a filter' });
    await builder.getByLabel('Field').selectOption({ label: 'Device type' });
    await builder.getByLabel('Value').fill('Laptop');
    await builder.getByRole('button', { name: 'Show the machines' }).click();
    await untilListed(page, numbered(7, 10));
    expect(await search(page).inputValue()).toBe('type:Laptop');
    await page.getByRole('button', { name: 'Save as a filter' }).click();
    const saving = page.getByRole('dialog', { name: 'Save as a filter' });
    await saving.getByLabel('Name').fill('All laptops');
    await saving.getByRole('button', { name: 'Save' }).click();
    const link = groups(page).getByRole('link', { name: /^All laptops.*4 machines/ });
    await link.waitFor();
    await untilListed(page, numbered(7, 10));
    await groups(page).getByRole('button', { name: 'Actions for the filter All laptops' }).click();
    await page.getByRole('menuitem', { name: 'Delete…' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete the filter' }).click();
    await link.waitFor({ state: 'detached' });
  });

  test('the keyboard alone moves, opens, chooses and leaves', async () => {
    const page = await personAt('/app/access');
    await untilListed(page, numbered(1, 10));
    await page.getByRole('grid').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('o');
    await panel(page).getByRole('heading', { name: 'pc-02' }).waitFor();
    expect(page.url()).toContain(`/app/access/${idOf('pc-02')}`);
    await page.getByRole('grid').focus();
    await page.keyboard.press('Escape');
    await panel(page).waitFor({ state: 'detached' });
    await page.keyboard.press(' ');
    await page.keyboard.press('Shift+ArrowDown');
    await chosen(page).getByText('2 chosen').waitFor();
    await page.keyboard.press('Control+a');
    await chosen(page).getByText('10 chosen').waitFor();
    await page.keyboard.press('Escape');
    await chosen(page).waitFor({ state: 'detached' });
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await page.waitForURL(new RegExp(`/connect/${idOf('pc-10')}`));
  });

  test('a link opens the machine beside its list', async () => {
    const page = await personAt(`/app/access/${idOf('pc-08')}?q=pc-0`);
    await panel(page).getByRole('heading', { name: 'pc-08' }).waitFor();
    await untilListed(page, numbered(1, 9));
    await page.getByRole('button', { name: 'Close the details' }).click();
    await panel(page).waitFor({ state: 'detached' });
    expect(new URL(page.url()).pathname).toBe('/app/access');
  });

  test('what changes elsewhere changes in its row, and no row moves', async () => {
    const page = await personAt('/app/access');
    await untilListed(page, numbered(1, 10));
    const line = page.getByRole('row').filter({ hasText: 'pc-04' });
    const index = await line.getAttribute('aria-rowindex');
    const rename = (name: string) =>
      stack.admin.call('changeMachine', { params: { machineId: idOf('pc-04') }, body: { name } });
    const flag = (note: string | null) =>
      stack.admin.call('flagMachine', { params: { machineId: idOf('pc-04') }, body: { note } });
    // First the name, which changes no count: a short list is sorted anew when one of its counts changes.
    await rename('zz-last');
    try {
      const renamed = page.getByRole('row').filter({ hasText: 'zz-last' });
      await renamed.waitFor();
      expect(await renamed.getAttribute('aria-rowindex')).toBe(index);
    } finally {
      await rename('');
    }
    await line.waitFor();
    const before = await line.boundingBox();
    await flag('The fan is loud');
    try {
      await line.getByText('Flagged: The fan is loud').waitFor();
      expect(await line.boundingBox()).toEqual(before);
    } finally {
      await flag(null);
    }
  });

  test('many machines are tagged at once, and removed ones come back by Undo', async () => {
    const page = await personAt('/app/access?q=host:pc-05,pc-06');
    await untilListed(page, numbered(5, 6));
    await page.getByRole('checkbox', { name: 'Choose all machines of the list' }).check();
    await chosen(page).getByRole('button', { name: 'Tag', exact: true }).click();
    await page.getByRole('dialog').getByLabel('Tag').fill('to be replaced');
    await page.getByRole('dialog').getByRole('button', { name: 'Add the tag' }).click();
    await page.getByText('2 machines were tagged').waitFor();
    await machineLine(page, 'pc-05').getByText('to be replaced').waitFor();
    await chosen(page).getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('heading', { name: 'No machine matches this search' }).waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await untilListed(page, numbered(5, 6));
  });

  test('columns are chosen, widened with the arrow keys and kept for the next time', async () => {
    const page = await personAt('/app/access');
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('dialog').getByLabel('Device type', { exact: true }).check();
    await page.getByRole('dialog').getByRole('button', { name: 'Done' }).click();
    const edge = page.getByRole('separator', { name: 'Width of Device type' });
    await edge.focus();
    const saved = page.waitForResponse((response) => response.url().endsWith('/auth/preferences'));
    await edge.press('ArrowRight');
    await saved;
    expect(await edge.getAttribute('aria-valuenow')).toBe('146');
    await page.getByRole('button', { name: 'Company', exact: true }).click();
    await page.waitForURL(/sort=company/);
    await page.getByRole('columnheader', { name: 'Company', exact: false }).first().waitFor();
    const again = await personAt('/app/access');
    expect(
      await again.getByRole('separator', { name: 'Width of Device type' }).getAttribute('aria-valuenow'),
    ).toBe('146');
  });

  test('Ctrl-K finds machines and commands from every tab', async () => {
    const page = await personAt('/app/support');
    await page.getByRole('heading', { name: 'Support' }).waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').getByRole('combobox').waitFor();
    await page.keyboard.type('pc-09');
    await page.getByRole('option', { name: /pc-09/ }).waitFor();
    await page.keyboard.press('Shift+Enter');
    await panel(page).getByRole('heading', { name: 'pc-09' }).waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('option', { name: /pc-09/ }).waitFor();
    await page.keyboard.type('dark');
    await page.getByRole('option', { name: 'Dark theme' }).waitFor();
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.documentElement.classList.contains('dark'));
    await page.keyboard.press('Control+k');
    await page.keyboard.type('theme system');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => !document.documentElement.classList.contains('dark'));
  });

  test('the list comes back to what is so after the line was down', async () => {
    const page = await personAt('/app/access');
    await untilListed(page, numbered(1, 10));
    await page.context().setOffline(true);
    await page.evaluate(() => window.dispatchEvent(new Event('offline')));
    await stack.restart();
    await page.context().setOffline(false);
    await stack.admin.call('changeMachine', { params: { machineId: idOf('pc-01') }, body: { notes: 'x' } });
    await enrol('pc-11', tokens.glazier);
    await untilListed(page, numbered(1, 11));
  });
});

describe('with more machines than are loaded at once', () => {
  beforeAll(async () => {
    await someMachines();
    const hostnames = Array.from(
      { length: 140 },
      (_none, number) => `row-${String(number).padStart(3, '0')}`,
    );
    for (const hostname of hostnames) await enrolMachine(stack.url, tokens.northwind, { hostname });
  });

  test('new machines wait behind a button, and what somebody looks at stays where it is', async () => {
    const page = await personAt('/app/access');
    await machineLine(page, 'pc-01').waitFor();
    const furtherPage = page.waitForResponse((response) => response.url().includes('offset=100'));
    await page.getByRole('grid').evaluate((grid) => {
      grid.scrollTop = 2_517;
    });
    await furtherPage;
    const looked = machineLine(page, 'row-060');
    await looked.waitFor();
    const before = await looked.boundingBox();
    await enrolMachine(stack.url, tokens.northwind, { hostname: 'aa-first' });
    const show = page.getByRole('button', { name: '1 new machine · Show' });
    await show.waitFor();
    expect(await looked.boundingBox()).toEqual(before);
    const answered = page.waitForResponse((response) => response.url().includes('/machines?'));
    await show.click();
    await answered;
    await show.waitFor({ state: 'detached' });
    expect(await looked.boundingBox()).toEqual(before);
    await page.getByRole('grid').focus();
    await page.keyboard.press('Home');
    await machineLine(page, 'aa-first').waitFor();
  });

  test('rows that nobody has seen are chosen with Shift, and only some rows are ever drawn', async () => {
    const page = await personAt('/app/access');
    await machineLine(page, 'pc-01').waitFor();
    await page.getByRole('checkbox', { name: 'Choose pc-01' }).locator('..').click();
    await page.getByRole('grid').focus();
    await page.keyboard.press('End');
    await page.keyboard.press('Shift+Space');
    await chosen(page)
      .getByText(/^1[3-5]\d chosen$/)
      .waitFor();
    expect(await page.getByRole('row').count()).toBeLessThan(60);
  });
});

describe.each([
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
])('at $width x $height', (viewport) => {
  test.each(['light', 'dark'] as const)('the list, its search and its groups in %s', async (colorScheme) => {
    await someMachines();
    const isMobile = viewport.width < 500;
    const page = await personAt('/app/access', { viewport, colorScheme, isMobile });
    const check = (name: string) => inspectScreen(page, `${name}-${viewport.width}-${colorScheme}`);
    await machineLine(page, 'pc-01').waitFor();
    await check('access');
    await search(page).fill('colour:blue');
    await page.getByText('There is no field “colour”').waitFor();
    await check('access-problem');
    await search(page).fill('');
    await page.getByRole('checkbox', { name: 'Choose pc-02' }).locator('..').click();
    await chosen(page).waitFor();
    await check('access-chosen');
    await page.getByRole('button', { name: 'Build a filter' }).click();
    await page.getByRole('dialog').waitFor();
    await check('access-builder');
    await page.keyboard.press('Escape');
    if (isMobile) {
      await page.getByRole('button', { name: 'Open the groups' }).click();
      await page.getByRole('dialog').getByText('Smart groups').waitFor();
      await check('access-groups');
      await page.keyboard.press('Escape');
    }
    await openAccess(page, stack.url);
    await page.keyboard.press('Control+k');
    await page.getByRole('option', { name: 'Go to Access' }).waitFor();
    await check('access-palette');
  });
});
