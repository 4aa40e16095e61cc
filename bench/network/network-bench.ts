import { loadavg } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { newPerson } from '../../e2e/support/launch-browser.ts';
import { Lab } from '../../e2e/support/network/lab.ts';
import { NAT_CASES } from '../../e2e/support/network/nat-case.ts';
import { namespacesUnavailable } from '../../e2e/support/network-namespace.ts';
import { signInPage } from '../../e2e/support/sign-in-page.ts';
import { Stack } from '../../e2e/support/stack.ts';
import { startAgentProcess } from '../../tools/stack/agent-process.ts';
import { Cleanup } from '../../tools/stack/cleanup.ts';
import { startDesktop } from '../../tools/stack/desktop.ts';
import type { BenchOptions } from '../support/report.ts';
import { round } from '../support/statistics.ts';
import { type CourseFigures, type Durations, NO_FIGURES, runCourse } from './course.ts';
import type { Leg } from './leg.ts';
import { natRows } from './nat-rows.ts';
import { openProductLeg, type Product } from './product-leg.ts';
import { PROFILES, type Profile } from './profiles.ts';
import { openReferenceLeg, type Reference } from './reference-leg.ts';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const FULL: Durations = {
  liveMs: 60_000,
  warmMs: 8_000,
  measureMs: 20_000,
  stepMs: 12_000,
  recoveryMs: 20_000,
};
const QUICK: Durations = {
  liveMs: 10_000,
  warmMs: 1_500,
  measureMs: 2_500,
  stepMs: 3_000,
  recoveryMs: 8_000,
};
/** A quick run compares only where the controller is judged most, and begins nothing new so long after its start. */
const QUICK_REFERENCES = ['b', 'c'];
const NOT_QUICK = ['c-film', 'h-viewer'];
const QUICK_LAST_START_MS = 92_000;

/** The picture and the input path over bad lines, beside Chromium's own; fields as in `bench/README.md`. */
export async function networkBench(options: BenchOptions): Promise<unknown[]> {
  const names = [...PROFILES, ...NAT_CASES].map(({ name }) => name);
  const unknown = options.profiles.filter((name) => !names.includes(name));
  if (unknown.length > 0)
    throw new Error(`There is no profile ${unknown.join(', ')}, only ${names.join(', ')}.`);
  const wanted = options.profiles.length > 0 ? options.profiles : names;
  const profiles = PROFILES.filter(({ name }) => wanted.includes(name));
  const reason = namespacesUnavailable();
  if (reason) options.notes.push(`All figures are null: ${reason}.`);
  const rows =
    reason || profiles.length === 0
      ? profiles.map((profile) => ({ ...headOf(profile), ...NO_FIGURES, reference: null }))
      : await measureProfiles(profiles, options);
  return [...rows, ...(await natRows(ROOT, wanted, options))];
}

async function measureProfiles(profiles: readonly Profile[], options: BenchOptions): Promise<unknown[]> {
  const cleanup = new Cleanup();
  const undo = options.onInterrupt(() => cleanup.run());
  try {
    const bench = new NetworkBench(await setUp(cleanup, options), options);
    const rows: unknown[] = [];
    for (const profile of profiles) rows.push(await bench.measure(profile));
    addNotes(options);
    return rows;
  } finally {
    await cleanup.run();
    undo();
  }
}

interface Setup {
  readonly lab: Lab;
  readonly product: Product;
  readonly reference: Reference | undefined;
}

class NetworkBench {
  readonly #setup: Setup;
  readonly #options: BenchOptions;
  readonly #durations: Durations;

  constructor(setup: Setup, options: BenchOptions) {
    this.#setup = setup;
    this.#options = options;
    this.#durations = options.quick ? QUICK : FULL;
  }

  /** One line of the results: the product on this line, then the reference. */
  async measure(profile: Profile): Promise<unknown> {
    const { product, reference } = this.#setup;
    const { name, scene } = profile;
    const { liveMs } = this.#durations;
    const own = await this.#measureLeg(profile, 'GuruConnect', () => openProductLeg(product, scene, liveMs));
    const loadavg1 = round(loadavg()[0] ?? 0, 2);
    const why = this.#whyNoReference(profile);
    if (why) this.#options.notes.push(`${name}, reference: null: ${why}.`);
    const compared =
      reference && !why
        ? await this.#measureLeg(profile, 'reference', () => openReferenceLeg(reference, scene, liveMs))
        : null;
    return {
      ...headOf(profile),
      loadavg1,
      ...(own ?? NO_FIGURES),
      reference: compared,
      ofReference: own && compared && compare(own, compared),
    };
  }

  #whyNoReference({ name, course }: Profile): string | undefined {
    const { quick, profiles, withoutReference } = this.#options;
    if (withoutReference) return 'not asked for';
    if (course === 'move-agent' || course === 'move-viewer')
      return 'its two pages have no signaling to make a new connection by';
    if (quick && profiles.length === 0 && !QUICK_REFERENCES.includes(name)) return 'left out of a quick run';
    return undefined;
  }

  async #measureLeg(profile: Profile, who: string, open: () => Promise<Leg>): Promise<CourseFigures | null> {
    const { name, what, link } = profile;
    const { log, notes, quick } = this.#options;
    const { lab } = this.#setup;
    const isAskedFor = this.#options.profiles.length > 0;
    const isLate = quick && performance.now() > QUICK_LAST_START_MS;
    if (isLate || (quick && !isAskedFor && NOT_QUICK.includes(name))) {
      notes.push(
        `${name}, ${who}: null: ${isLate ? 'the time of a quick run is up' : 'left out of a quick run'}.`,
      );
      return null;
    }
    log(`${name} (${what}), ${who}`);
    await lab.link.set(link);
    try {
      const leg = await open();
      try {
        return await runCourse(lab, leg, profile, this.#durations);
      } finally {
        await leg.close();
      }
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      notes.push(`${name}, ${who}: null: ${message.split('\n')[0]}`);
      return null;
    }
  }
}

function headOf({ name, what, rttMs, scene }: Profile) {
  return { profile: name, what, rttMs, scene: `${scene.kind} ${scene.fps}` };
}

/** Our figures as a share of the reference's. */
function compare(own: CourseFigures, reference: CourseFigures) {
  const share = (ours: number | null, theirs: number | null) =>
    ours === null || !theirs ? null : round(ours / theirs, 2);
  return {
    utilisation: share(own.utilisationPercent, reference.utilisationPercent),
    inputToPhotonP95: share(own.inputToPhotonMs.p95, reference.inputToPhotonMs.p95),
  };
}

async function setUp(cleanup: Cleanup, options: BenchOptions): Promise<Setup> {
  const lab = await Lab.create();
  cleanup.defer(() => lab.close());
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
  if (options.withoutReference) return { lab, product, reference: undefined };
  // Its candidates must be addresses: there is no multicast DNS between the networks.
  const sender = await lab.launchBrowser(lab.agent, ['--disable-features=WebRtcHideLocalIpsWithMdns']);
  return { lab, product, reference: { sender, receiver } };
}

function addNotes({ notes, quick }: BenchOptions): void {
  notes.push(
    'The RTT of a profile is both ways together; both directions have the same rate and loss, and a queue of 300 ms that drops its tail.',
    'inputToPhotonMs: from the key press in the browser to the turned pixel in the viewer, the input crossing the line as well; the reference sends its input on a data channel and turns its canvas. n inputs each; one that took over 5 s, or never came, counts as 5,000.',
    'frameLatencyMs: from the painting of a frame (X server, canvas) to the picture in the page, by the number in it.',
    'queueDelayMs: waiting at the bottleneck away from the agent, of every packet, as the emulator saw it.',
    'reference: Chromium sends H.264 from a canvas with a like scene, contentHint text or motion, maxBitrate 20 Mbit/s as ours, jitterBufferTarget 0, its congestion control untouched. Its encoder and capture differ from ours, it scales its film down where we do not (see pictureHeight), a canvas is captured with the next composited frame (up to 16 ms), and on a busy machine its page paints less (see sourceFps).',
  );
  if (quick) notes.push('quick: few inputs a profile; their p95 is the worst one.');
}
