import type { Browser } from 'playwright-core';
import { elapse } from '../stream/rig.ts';
import type { Leg } from './leg.ts';
import { installPictureProbe } from './picture-probe.ts';
import type { Scene } from './profiles.ts';
import { startReceiver, startSender } from './reference-pages.ts';

/** As much as our own encoder may use; by itself the browser would stop at 2.5 Mbit/s. */
const MAX_BITRATE = 20_000_000;

export interface Reference {
  /** In the agent's network. */
  readonly sender: Browser;
  /** In the viewer's. */
  readonly receiver: Browser;
}

/** Chromium sends a like scene to Chromium with its own congestion control. */
export async function openReferenceLeg(reference: Reference, scene: Scene, liveMs: number): Promise<Leg> {
  const sender = await reference.sender.newPage({ viewport: { width: 1280, height: 720 } });
  const page = await reference.receiver.newPage({ viewport: { width: 1280, height: 720 } });
  const close = async () => {
    await Promise.all([page.close(), sender.close()]);
    await elapse(500);
  };
  try {
    await sender.evaluate('globalThis.__name ??= (named) => named');
    await page.evaluate('globalThis.__name ??= (named) => named');
    const offer = await sender.evaluate(startSender, { scene, maxBitrate: MAX_BITRATE });
    const answer = await page.evaluate(startReceiver, offer);
    await sender.evaluate(
      (sdp) => window.guruReference?.peer.setRemoteDescription({ type: 'answer', sdp }),
      answer,
    );
    await page.waitForFunction(
      () =>
        (document.querySelector('video')?.videoWidth ?? 0) > 2 &&
        window.guruReference?.input?.readyState === 'open',
      undefined,
      { timeout: liveMs },
    );
    await installPictureProbe(page);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    page,
    press: () =>
      page.evaluate(() => {
        window.guruPictures?.pressed();
        window.guruReference?.input?.send('turn');
      }),
    paintTimes: async () => new Map(await sender.evaluate(() => [...(window.guruReference?.painted ?? [])])),
    believes: async () => null,
    close,
  };
}
