import type { Locator, Page } from 'playwright-core';
import { showToolbar, untilLive } from './technician-page.ts';

/** Makes an installer on the Build tab, as a person does, and returns its token. */
export async function makeInstaller(
  page: Page,
  origin: string,
  fields: { name: string; company: string; site?: string; machineName?: string },
): Promise<string> {
  await page.goto(`${origin}/app/build`);
  await page.getByRole('button', { name: 'New installer' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name of the installer').fill(fields.name);
  await dialog.getByLabel('Company').selectOption({ label: fields.company });
  if (fields.site) await dialog.getByLabel('Site').fill(fields.site);
  if (fields.machineName) {
    await dialog.getByRole('radio', { name: 'Give it another name' }).check();
    await dialog.getByLabel('Name of its machines').fill(fields.machineName);
  }
  await dialog.getByRole('button', { name: 'Make the installer' }).click();
  const card = page.getByLabel('New installer');
  const token = (await card.getByText(/^[A-Za-z0-9_-]{43}$/).textContent()) ?? '';
  if (token.length !== 43) throw new Error('The card shows no token.');
  return token;
}

/** Opens the Access tab with its list of machines. */
export async function openAccess(page: Page, origin: string): Promise<void> {
  await page.goto(`${origin}/app/access`);
  await page.getByText('No machines yet').or(page.getByRole('grid')).waitFor();
}

/** The line of a machine in the list. */
export function machineLine(page: Page, name: string): Locator {
  return page.getByRole('row').filter({ hasText: name });
}

/** Waits until the machine's line says that it is there, or not. */
export async function untilShown(
  page: Page,
  name: string,
  state: 'Online' | 'Offline',
  timeout: number,
): Promise<void> {
  await machineLine(page, name).getByText(state, { exact: false }).first().waitFor({ timeout });
}

/** Connects from the machine's line, as a person does with the pointer. */
export async function connectFromList(page: Page, name: string): Promise<void> {
  const line = machineLine(page, name);
  await line.hover();
  await line.getByRole('link', { name: `Connect to ${name}` }).click();
}

/** Presses a button of the viewer's toolbar. */
export async function pressInToolbar(viewer: Page, name: string): Promise<void> {
  await showToolbar(viewer);
  await viewer.getByRole('toolbar').getByRole('button', { name, exact: true }).click();
}

/** Offers the session to somebody from the viewer. */
export async function offerTo(viewer: Page, name: string, note: string): Promise<void> {
  await pressInToolbar(viewer, 'Transfer…');
  const dialog = viewer.getByRole('dialog');
  await dialog.getByRole('radio', { name }).check();
  await dialog.getByLabel('Note').fill(note);
  await dialog.getByRole('button', { name: 'Offer' }).click();
  await dialog.waitFor({ state: 'detached' });
}

/** Ends the session for everybody, with the question that comes before. */
export async function endFromViewer(viewer: Page): Promise<void> {
  await pressInToolbar(viewer, 'End session');
  await viewer.getByRole('alertdialog').getByRole('button', { name: 'End session' }).click();
}

/** Notes every picture that the viewer shows from now on. */
export async function watchPictures(viewer: Page): Promise<PictureWatcher> {
  await untilLive(viewer);
  await viewer.evaluate(() => {
    const seen: { atMs: number; frameId: number }[] = [];
    window.guruSeen = seen;
    setInterval(() => {
      const frame = window.__guruViewer?.lastFrame;
      const frameId = frame?.info?.frameId;
      if (frame && frameId !== undefined && seen.at(-1)?.frameId !== frameId) {
        seen.push({ atMs: frame.presentedAtMs, frameId });
      }
    }, 5);
  });
  return {
    count: () => viewer.evaluate(() => window.guruSeen?.length ?? 0),
    seen: () => viewer.evaluate(() => window.guruSeen ?? []),
  };
}

export interface PictureWatcher {
  count(): Promise<number>;
  /** When each was shown, and which of the agent's pictures it was. */
  seen(): Promise<readonly { atMs: number; frameId: number }[]>;
}

declare global {
  interface Window {
    guruSeen?: { atMs: number; frameId: number }[];
  }
}
