import type { BrowserContext } from 'playwright-core';
import { runXProgram } from '../../e2e/support/x-programs.ts';
import type { Desktop } from '../../tools/stack/desktop.ts';
import { elapse } from '../stream/rig.ts';
import { round } from '../support/statistics.ts';
import type { Leg } from './leg.ts';
import { installPictureProbe } from './picture-probe.ts';
import type { Scene } from './profiles.ts';

export interface Product {
  readonly desktop: Desktop;
  readonly context: BrowserContext;
  readonly url: string;
  readonly sessionId: string;
}

/** The real agent shows the scene to the real viewer, on a peer of its own. */
export async function openProductLeg(product: Product, scene: Scene, liveMs: number): Promise<Leg> {
  const source = await runXProgram(product.desktop, 'frame-source', [scene.kind, String(scene.fps), 'keys']);
  const page = await product.context.newPage();
  const close = async () => {
    await page.close();
    await source.stop();
    // The agent closes its end a moment later; the next one begins on a line that is free.
    await elapse(500);
  };
  try {
    await page.goto(`${product.url}/app/session/${product.sessionId}?mode=control`);
    await page.waitForFunction(() => window.__guruViewer?.firstFrameAtMs !== undefined, undefined, {
      timeout: liveMs,
    });
    await installPictureProbe(page);
    await page.mouse.move(640, 360);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    page,
    press: () => page.keyboard.press('a'),
    async paintTimes() {
      const lines = source.output.matchAll(/^frame (\d+) (\d+)$/gm);
      return new Map(Array.from(lines, ([, number, us]) => [Number(number), Number(us) / 1000]));
    },
    async believes() {
      const { p50Ms, p95Ms } = (await page.evaluate(() => window.__guruViewer?.stats()))?.inputToPhoton ?? {};
      return {
        p50: p50Ms === undefined ? null : round(p50Ms),
        p95: p95Ms === undefined ? null : round(p95Ms),
      };
    },
    close,
  };
}
