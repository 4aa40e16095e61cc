import { loadavg } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { newPerson } from '../../e2e/support/launch-browser.ts';
import { Lab } from '../../e2e/support/network/lab.ts';
import { namespacesUnavailable } from '../../e2e/support/network-namespace.ts';
import { signInPage } from '../../e2e/support/sign-in-page.ts';
import { Stack } from '../../e2e/support/stack.ts';
import { startAgentProcess } from '../../tools/stack/agent-process.ts';
import { Cleanup } from '../../tools/stack/cleanup.ts';
import { startDesktop } from '../../tools/stack/desktop.ts';
import type { BenchOptions } from '../support/report.ts';
import { round } from '../support/statistics.ts';
import { type CourseFigures, type Durations, runCourse } from './course.ts';
import type { Leg } from './leg.ts';
import { openProductLeg, type Product } from './product-leg.ts';
import { PROFILES, type Profile } from './profiles.ts';
import { openReferenceLeg, type Reference } from './reference-leg.ts';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const FULL: Durations = { warmMs: 8_000, measureMs: 20_000, stepMs: 12_000 };
const QUICK: Durations = { warmMs: 2_500, measureMs: 4_000, stepMs: 4_000 };

/** The picture and the input path over bad lines, beside Chromium's own; fields as in `bench/README.md`. */
export async function networkBench(options: BenchOptions): Promise<unknown[]> {
  const reason = namespacesUnavailable();
  if (reason) throw new Error(`The network bench cannot run here: ${reason}.`);
  const profiles = PROFILES.filter(
    ({ name }) => options.profiles.length === 0 || options.profiles.includes(name),
  );
  const cleanup = new Cleanup();
  const undo = options.onInterrupt(() => cleanup.run());
  const results: unknown[] = [];
  try {
    const lab = await Lab.create();
    cleanup.defer(() => lab.close());
    const { product, reference } = await setUp(lab, cleanup, options);
    for (const profile of profiles)
      results.push(await measureProfile(lab, product, reference, profile, options));
    addNotes(options);
  } finally {
    await cleanup.run();
    undo();
  }
  return results;
}

async function measureProfile(
  lab: Lab,
  product: Product,
  reference: Reference | undefined,
  profile: Profile,
  options: BenchOptions,
): Promise<unknown> {
  const durations = options.quick ? QUICK : FULL;
  const { name, what, rttMs, scene } = profile;
  const measure = async (who: string, open: () => Promise<Leg>): Promise<CourseFigures | null> => {
    options.log(`${name} (${what}), ${who}`);
    await lab.link.set(profile.link);
    try {
      const leg = await open();
      try {
        return await runCourse(lab, leg, profile, durations);
      } finally {
        await leg.close();
      }
    } catch (error) {
      options.notes.push(`${name}, ${who}: ${error instanceof Error ? error.message : String(error)}`);
      return null;
    }
  };
  const own = await measure('GuruConnect', () => openProductLeg(product, scene));
  let compared: CourseFigures | null = null;
  if (reference && profile.course === 'move') {
    options.notes.push(
      `${name}: reference is null: its two pages have no signaling to make a new connection by.`,
    );
  } else if (reference) {
    compared = await measure('reference', () => openReferenceLeg(reference, scene));
  }
  return {
    profile: name,
    what,
    rttMs,
    scene: `${scene.kind} ${scene.fps}`,
    ...own,
    loadavg1: round(loadavg()[0] ?? 0, 2),
    reference: compared,
  };
}

async function setUp(lab: Lab, cleanup: Cleanup, options: BenchOptions) {
  const stack = await Stack.start(ROOT, { place: lab.place });
  cleanup.defer(() => stack.close());
  const desktop = await startDesktop({ width: 1280, height: 720, windowManager: false });
  cleanup.defer(() => desktop.close());
  const session = await stack.createSession({ name: 'Bench', consentRequired: false, visibility: 'company' });
  const agent = await startAgentProcess({
    root: ROOT,
    server: stack.url,
    code: session.code,
    desktop,
    wrap: lab.agent.inside,
  });
  cleanup.defer(() => agent.stop());
  const receiver = await lab.launchBrowser(lab.viewer);
  const context = await newPerson(receiver, { viewport: { width: 1280, height: 720 } });
  const dashboard = await context.newPage();
  await signInPage(dashboard, stack.url, stack.adminUser);
  await dashboard.close();
  const product: Product = { desktop, context, url: stack.url, sessionId: session.id };
  if (options.withoutReference) return { product, reference: undefined };
  // Its candidates must be addresses: there is no multicast DNS between the networks.
  const sender = await lab.launchBrowser(lab.agent, ['--disable-features=WebRtcHideLocalIpsWithMdns']);
  return { product, reference: { sender, receiver } satisfies Reference };
}

function addNotes({ notes, quick }: BenchOptions): void {
  notes.push(
    'RTT of the profiles is both ways together; both directions have the same rate, loss and a queue of 300 ms that drops its tail.',
    'inputToPhotonMs: from the key press in the browser to the turned pixel in the viewer, the input crossing the line as well; the reference sends its input on a data channel and turns its canvas. n inputs each.',
    'frameLatencyMs: from the painting of a frame (X server, canvas) to the picture in the page, by the number in it.',
    'queueDelayMs: waiting at the bottleneck away from the agent, of every packet, from the emulator.',
    'reference: Chromium sends H.264 from a canvas with a like scene, contentHint text or motion, maxBitrate 20 Mbit/s as ours, jitterBufferTarget 0, its congestion control untouched. Its encoder, capture and scaling differ from ours, and a canvas is captured with the next composited frame (up to 16 ms).',
  );
  if (quick) notes.push('quick: few inputs a profile; their p95 is the worst one.');
}
