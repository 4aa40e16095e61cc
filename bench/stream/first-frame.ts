import type { Page } from 'playwright-core';
import { until } from '../../e2e/support/until.ts';
import { summarize } from '../support/statistics.ts';
import { elapse, openViewer, type Rig, untilLive } from './rig.ts';

declare global {
  interface Window {
    /** When the newest click on Join was made, as `performance.now()` of its page. */
    guruJoinedAtMs?: number;
  }
}

/**
 * From the click on Join in the dashboard to the first picture, consent given already. `warm`: in the same tab, with a
 * connection that stood ready. `cold`: in a new tab, page load, signaling, peer connection and all.
 */
export async function measureFirstFrame(rig: Rig) {
  await rig.viewer.close();
  const rounds = rig.options.quick ? 5 : 15;
  const cold: number[] = [];
  for (let round = 0; round < rounds; round += 1) cold.push(await joinInNewTab(rig));
  const warm: number[] = [];
  for (let round = 0; round < rounds; round += 1) warm.push(await joinWarm(rig));
  rig.viewer = await openViewer(rig.context, rig.stack.url, rig.session.id);
  rig.options.notes.push(
    'firstFrameMs.warm: click on Join to the first picture in the same tab, over a peer that stood ready without video; cold: to the first picture in a new tab, page load included.',
  );
  return { warm: summarize(warm), cold: summarize(cold) };
}

const joinLink = (page: Page) => page.getByRole('link', { name: /^Join / }).first();

async function joinInNewTab({ dashboard, context }: Rig): Promise<number> {
  await dashboard.bringToFront();
  const opened = context.waitForEvent('page');
  await joinLink(dashboard).evaluate((element) => {
    element.addEventListener('click', () => localStorage.setItem('bench-join', String(Date.now())), {
      once: true,
      capture: true,
    });
  });
  await joinLink(dashboard).click({ modifiers: ['ControlOrMeta'] });
  const page = await opened;
  await untilLive(page);
  const elapsed = await page.evaluate(() => {
    const at = performance.timeOrigin + (window.__guruViewer?.firstFrameAtMs ?? Number.NaN);
    return at - Number(localStorage.getItem('bench-join'));
  });
  await page.close();
  return elapsed;
}

async function joinWarm(rig: Rig): Promise<number> {
  const { dashboard } = rig;
  await dashboard.bringToFront();
  await joinLink(dashboard).waitFor();
  await untilWarm(rig);
  await joinLink(dashboard).evaluate((element) => {
    element.addEventListener(
      'click',
      (event) => {
        window.guruJoinedAtMs = event.timeStamp;
      },
      { once: true, capture: true },
    );
  });
  await joinLink(dashboard).click();
  await dashboard.waitForFunction(() => window.__guruViewer?.firstFrameAtMs !== undefined);
  const elapsed = await dashboard.evaluate(
    () => (window.__guruViewer?.firstFrameAtMs ?? Number.NaN) - (window.guruJoinedAtMs ?? Number.NaN),
  );
  await dashboard.goBack();
  return elapsed;
}

/** The dashboard waits until it is idle, and a while after a try that failed. */
const READY_WITHIN_MS = 40_000;
/** How long a connection that the agent calls connected may take to have all its channels open. */
const CHANNELS_MS = 500;

/** Until a peer stands ready that has not been used yet, as the audit log tells. */
async function untilWarm({ stack, session }: Rig): Promise<void> {
  await until(
    'a connection stands ready',
    async () => {
      const { entries } = await stack.admin.call('sessionAudit', { params: { sessionId: session.id } });
      const idsOf = (action: string, warm?: true) =>
        entries
          .filter((entry) => entry.action === action && (warm === undefined || entry.details.warm === true))
          .map((entry) => entry.details.peerId);
      const used = new Set([...idsOf('peer.live'), ...idsOf('peer.closed')]);
      return idsOf('peer.connected', true).some((peerId) => !used.has(peerId));
    },
    READY_WITHIN_MS,
  );
  await elapse(CHANNELS_MS);
}
