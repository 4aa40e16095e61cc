import { summarize } from '../support/statistics.ts';
import { type Rig, untilLive } from './rig.ts';

/**
 * From the click on Join in the dashboard to the first picture in the new tab, consent given already: page
 * load, signaling, the peer connection and the key frame.
 */
export async function measureFirstFrame(rig: Rig) {
  const samples: number[] = [];
  await rig.viewer.close();
  for (let round = 0; round < (rig.options.quick ? 5 : 15); round += 1) {
    await rig.dashboard.bringToFront();
    const join = rig.dashboard
      .getByRole('link', { name: /join/i })
      .or(rig.dashboard.getByRole('button', { name: /^join/i }));
    const opened = rig.context.waitForEvent('page');
    await join.first().evaluate((element) => {
      element.addEventListener('click', () => localStorage.setItem('bench-join', String(Date.now())), {
        once: true,
        capture: true,
      });
    });
    await join.first().click();
    const page = await opened;
    await untilLive(page);
    const elapsed = await page.evaluate(() => {
      const at = performance.timeOrigin + (window.__guruViewer?.firstFrameAtMs ?? Number.NaN);
      return at - Number(localStorage.getItem('bench-join'));
    });
    samples.push(elapsed);
    await page.close();
  }
  const { openViewer } = await import('./rig.ts');
  rig.viewer = await openViewer(rig.context, rig.stack.url, rig.session.id);
  rig.options.notes.push(
    'firstFrameMs.cold is the click on Join to the first picture in the new tab, page load included; warm is null: no peer is made before Join yet.',
  );
  return { warm: null, cold: summarize(samples) };
}
