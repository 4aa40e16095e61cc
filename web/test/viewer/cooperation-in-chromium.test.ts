import axe from 'axe-core';
import { expect, it } from 'vitest';
import { viewerInChromium } from './viewer-in-chromium.ts';

const viewer = viewerInChromium();

it('shows nothing and sends nothing while it is paused, and goes on without a question', async () => {
  await viewer.openLive();
  await viewer.showToolbar();
  await viewer.page.keyboard.down('Shift');
  await viewer.page.getByRole('button', { name: 'Pause' }).click();
  await viewer.state('paused');
  await viewer.page.keyboard.up('Shift');
  expect(await viewer.page.evaluate(() => window.server.agent.livePeers)).toEqual([]);
  await viewer.page.getByText('You paused this session').waitFor();
  const overlay = viewer.page.getByRole('status').filter({ hasText: 'You paused this session' });
  await overlay.getByRole('button', { name: 'Resume' }).click();
  await viewer.state('live');
  const names = await viewer.page.evaluate(() => window.server.asked.map(({ name }) => name));
  expect(names.filter((name) => /^session:/.test(name))).toEqual([
    'session:join',
    'session:pause',
    'session:resume',
  ]);
});

it('offers the session to whom is chosen, and the offer can be withdrawn', async () => {
  await viewer.openLive();
  await viewer.showToolbar();
  await viewer.page.getByRole('button', { name: 'Transfer…' }).click();
  const dialog = viewer.page.getByRole('dialog', { name: 'Transfer this session' });
  // Whoever is there now comes first.
  expect(await dialog.getByRole('radio').count()).toBe(2);
  expect(await dialog.locator('label:has(input[type=radio])').allInnerTexts()).toEqual([
    expect.stringMatching(/^Tess Ng\s+Online$/),
    expect.stringMatching(/^Anna Berger\s+Away$/),
  ]);
  await dialog.getByRole('button', { name: 'Offer' }).click();
  await dialog.getByText('Choose a technician.').waitFor();
  await dialog.getByRole('radio', { name: /Tess Ng/ }).check();
  await dialog.getByLabel('Note').fill('The printer again');
  await dialog.getByRole('button', { name: 'Offer' }).click();
  await viewer.page.getByText('Offered to Tess Ng…').waitFor();
  await viewer.page.getByText('The printer again').waitFor();
  await viewer.showToolbar();
  expect(await viewer.page.getByRole('button', { name: 'Transfer…' }).count()).toBe(0);
  await viewer.page.getByRole('button', { name: 'Withdraw' }).click();
  await viewer.page.getByText('The offer was withdrawn.').waitFor();
});

it('keeps watching once the other one accepted, and says so', async () => {
  await viewer.openLive();
  await viewer.page.evaluate(() => window.server.offerTo('Tess Ng'));
  await viewer.page.getByText('Offered to Tess Ng…').waitFor();
  await viewer.page.evaluate(() => window.server.acceptTransfer());
  await viewer.page.getByText('Tess Ng took the session over. You are watching now.').waitFor();
  await viewer.state('live');
  await viewer.showToolbar();
  await viewer.page.getByText('View only').waitFor();
  expect(await viewer.page.evaluate(() => window.server.agent.livePeers)).toHaveLength(1);
});

it('says on which machine it starts, and when the question there answers itself', async () => {
  await viewer.open('?consent=ask&machine=PC-1');
  await viewer.page.getByText('Asking the person at PC-1…').waitFor();
  await viewer.page.getByText(/^If nobody answers within \d+ s, you are let in\.$/).waitFor();
});

it.each(['light', 'dark'])(
  'has no serious accessibility findings in its dialog and its pause (%s)',
  async (theme) => {
    await viewer.openLive(`?theme=${theme}`);
    await viewer.showToolbar();
    await viewer.page.getByRole('button', { name: 'Transfer…' }).click();
    await viewer.page
      .getByRole('dialog')
      .getByRole('radio', { name: /Tess Ng/ })
      .check();
    expect(await findings()).toEqual([]);
    await viewer.page.getByRole('button', { name: 'Offer' }).click();
    await viewer.page.getByText('Offered to Tess Ng…').waitFor();
    await viewer.showToolbar();
    await viewer.page.getByRole('button', { name: 'Pause' }).click();
    await viewer.page.getByText('You paused this session').waitFor();
    expect(await findings()).toEqual([]);
  },
);

async function findings(): Promise<string[]> {
  await viewer.page.evaluate(axe.source);
  return viewer.page.evaluate(async () => {
    for (const one of document.getAnimations())
      if (one.effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY) one.finish();
    const { axe: checker } = window as unknown as { axe: typeof import('axe-core') };
    const { violations } = await checker.run();
    return violations
      .filter((one) => one.impact === 'serious' || one.impact === 'critical')
      .map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(' ')}`);
  });
}
