import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launchBrowser, newPerson } from '../../e2e/support/launch-browser.ts';
import { signInPage } from '../../e2e/support/sign-in-page.ts';
import { Stack } from '../../e2e/support/stack.ts';
import { startAgentProcess } from '../../tools/stack/agent-process.ts';
import { Cleanup } from '../../tools/stack/cleanup.ts';
import { startDesktop } from '../../tools/stack/desktop.ts';
import type { BenchOptions } from '../support/report.ts';
import { measureFirstFrame } from './first-frame.ts';
import { measureKeyToPixel, measureTyping } from './keys.ts';
import { measureMoving, measureStill } from './picture.ts';
import { openViewer, type Rig } from './rig.ts';
import { measureSpectator } from './spectator.ts';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** The picture and the input path, from a real key press to real pixels; fields as in `bench/README.md`. */
export async function streamBench(options: BenchOptions): Promise<unknown[]> {
  const results: unknown[] = [];
  for (const size of options.sizes) results.push(await measureSize(size, options));
  return results;
}

async function measureSize(size: string, options: BenchOptions): Promise<unknown> {
  const [width = 0, height = 0] = size.split('x').map(Number);
  const cleanup = new Cleanup();
  try {
    const rig = await setUp(width, height, cleanup, options);
    const { log } = options;
    log(`${size}: time to first frame`);
    const firstFrameMs = await measureFirstFrame(rig);
    log(`${size}: key to pixel, still screen`);
    const still = await measureKeyToPixel(rig, 'static');
    log(`${size}: key to pixel beside scrolling text`);
    const scrolling = await measureKeyToPixel(rig, 'scrolling');
    log(`${size}: typing`);
    const typing = await measureTyping(rig);
    log(`${size}: film`);
    const film = await measureMoving(rig, 'gradient', 60);
    log(`${size}: scrolling text`);
    const text = await measureMoving(rig, 'text', 30);
    log(`${size}: still screen`);
    const quiet = await measureStill(rig);
    log(`${size}: spectator`);
    const spectator = await measureSpectator(rig);
    return {
      size,
      firstFrameMs,
      keyToPixelMs: { static: still.summary, scrolling: scrolling.summary },
      video: film.video,
      scrollingText: {
        sourceUpdatesPerSecond: text.video.sourceFps,
        updatesPerSecond: text.video.deliveredFps,
        bytesPerSecond: text.video.bytesPerSecond,
      },
      still: quiet,
      moving: film.moving,
      cpuSecondsPer100Frames: film.cpuSecondsPer100Frames,
      cpuSecondsPerMinute: { moving: film.cpuSecondsPerMinute, still: quiet.cpuSecondsPerMinute },
      typing,
      spectator,
      ciphers: await readCiphers(rig),
    };
  } finally {
    await cleanup.run();
  }
}

async function setUp(width: number, height: number, cleanup: Cleanup, options: BenchOptions): Promise<Rig> {
  const stack = await Stack.start(ROOT, {});
  cleanup.defer(() => stack.close());
  const desktop = await startDesktop({ width, height });
  cleanup.defer(() => desktop.close());
  const session = await stack.createSession({ name: 'Bench', consentRequired: false, visibility: 'company' });
  const agent = await startAgentProcess({ root: ROOT, server: stack.url, code: session.code, desktop });
  cleanup.defer(() => agent.stop());
  const browser = await launchBrowser();
  cleanup.defer(() => browser.close());
  const context = await newPerson(browser, { viewport: { width, height } });
  const dashboard = await context.newPage();
  await signInPage(dashboard, stack.url, stack.adminUser);
  const rig = { options, stack, desktop, agent, browser, context, dashboard, session };
  return { ...rig, viewer: await openViewer(context, stack.url, session.id) };
}

async function readCiphers(rig: Rig) {
  const quality = await rig.viewer.evaluate(() => window.__guruViewer?.stats());
  return { dtls: quality?.counters.dtlsCipher ?? null, srtp: quality?.counters.srtpCipher ?? null };
}
