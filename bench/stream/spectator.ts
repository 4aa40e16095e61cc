import { newPerson } from '../../e2e/support/launch-browser.ts';
import { signInPage } from '../../e2e/support/sign-in-page.ts';
import { round } from '../support/statistics.ts';
import { measureKeyToPixel } from './keys.ts';
import { openViewer, type Rig } from './rig.ts';

/** What a second person who only watches changes for the one who controls. */
export async function measureSpectator(rig: Rig) {
  const senior = await rig.stack.createUser('senior');
  const context = await newPerson(rig.browser, { viewport: { width: 1280, height: 720 } });
  try {
    const alone = (await measureKeyToPixel(rig, 'static')).summary;
    const page = await context.newPage();
    await signInPage(page, rig.stack.url, senior);
    await openViewer(context, rig.stack.url, rig.session.id, 'view');
    const watched = (await measureKeyToPixel(rig, 'static')).summary;
    rig.options.notes.push(
      'spectator: the watching browser decodes on the same two cores as everything else.',
    );
    return {
      controllerP50ChangePercent: change(alone.p50, watched.p50),
      controllerP95ChangePercent: change(alone.p95, watched.p95),
    };
  } finally {
    await context.close();
  }
}

function change(before: number | null, after: number | null): number | null {
  return before === null || after === null ? null : round((100 * (after - before)) / before);
}
