import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { newPerson } from './support/launch-browser.ts';
import { signInPage } from './support/sign-in-page.ts';
import type { Stack } from './support/stack.ts';
import { stageOfThisFile } from './support/stage.ts';
import { until } from './support/until.ts';

const stage = stageOfThisFile();
let stack: Stack;
let page: Page;

beforeAll(async () => {
  stack = await stage.startStack();
  const browser = await stage.launchBrowser();
  page = await (await newPerson(browser)).newPage();
  await signInPage(page, stack.url, stack.adminUser);
});

/** Renames it in its row, thinks better of deleting it, and deletes it. */
async function renameAndDelete(kind: string, from: string, to: string): Promise<void> {
  await page.getByRole('button', { name: `Rename ${from}` }).click();
  await page.getByLabel(`New name of ${from}`).fill(to);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('button', { name: `Delete ${to}` }).click();
  const question = page.getByRole('alertdialog', { name: `Delete the ${kind} ${to}?` });
  await question.getByRole('button', { name: 'Keep as it is' }).click();
  await question.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: `Delete ${to}` }).click();
  await question.getByRole('button', { name: `Delete ${kind}` }).click();
  await question.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: `Rename ${to}` }).waitFor({ state: 'detached' });
}

test('a team is added, renamed in its row and deleted after a question (S2, R2)', async () => {
  await page.goto(`${stack.url}/app/settings/teams`);
  await page.getByLabel('New team').fill('Second line');
  await page.getByRole('button', { name: 'Add team' }).click();
  await renameAndDelete('team', 'Second line', 'Night shift');
  expect((await stack.admin.call('listTeams', {})).teams).toEqual([]);
});

test('a team with members cannot be deleted', async () => {
  const { teamId } = await stack.admin.call('createTeam', { body: { name: 'First line' } });
  const technician = await stack.createUser('technician');
  const params = { userId: technician.userId };
  await stack.admin.call('changeUser', { params, body: { teamId } });
  await page.goto(`${stack.url}/app/settings/teams`);
  await page.getByText('1 member').waitFor();
  expect(await page.getByRole('button', { name: 'Delete First line' }).isDisabled()).toBe(true);
});

test('a site is added, renamed in its row and deleted after a question (A8)', async () => {
  await stack.admin.call('createCompany', { body: { name: 'Glazier & Sons' } });
  await page.goto(`${stack.url}/app/settings/companies`);
  await page.getByRole('button', { name: /^Glazier & Sons/ }).click();
  await page.getByLabel('New site').fill('Berlin');
  await page.getByRole('button', { name: 'Add site' }).click();
  await renameAndDelete('site', 'Berlin', 'Hamburg');
  await until('the site is gone', async () => {
    const { companies } = await stack.admin.call('listCompanies', {});
    return companies[0]?.sites.length === 0;
  });
});
