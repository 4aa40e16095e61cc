import type { Page } from 'playwright-core';

/** Signs a technician in by the sign-in form, as a person does; ends on the dashboard. */
export async function signInPage(
  page: Page,
  origin: string,
  user: { readonly username: string; readonly password: string },
): Promise<void> {
  await page.goto(`${origin}/app/login`);
  await page.getByLabel('User name').fill(user.username);
  await page.getByLabel('Password', { exact: true }).fill(user.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL((url) => url.pathname.startsWith('/app') && !url.pathname.endsWith('/login'));
}
