import type { Page } from 'playwright-core';

/** What runs inside the viewer's page: it reads the pixels that the person sees. */
export interface PageProbe {
  /** Presses a key for real is the caller's part; this resolves with key-to-pixel ms once the picture flips. */
  armFlip(): void;
  flip(): Promise<number>;
  /** Counts pictures by the frame numbers painted into them. */
  startCounting(): void;
  stopCounting(): { presented: number; distinct: number; torn: number; unreadable: number };
}

declare global {
  interface Window {
    guruProbe?: PageProbe;
  }
}

/** Puts the probe into the page and starts to follow its video. */
export async function installProbe(page: Page): Promise<void> {
  // tsx names functions by this helper, which the page does not have.
  await page.evaluate('globalThis.__name ??= (named) => named');
  await page.evaluate(installInPage);
}

/** Self-contained: it is sent to the page as text. Bar codes as in e2e/support/x11/bar-code.h. */
function installInPage(): void {
  const [bits, cellWidth, bands] = [12, 8, 9];
  // What takes longer, or never comes, counts as this.
  const LONGEST_MS = 15_000;
  const strip = document.createElement('canvas');
  const context = strip.getContext('2d', { willReadFrequently: true });
  // A new connection brings an element of its own beneath the old one, which goes once it has a picture.
  const shown = (): HTMLVideoElement => {
    const video = [...document.querySelectorAll('video')].findLast((one) => one.videoWidth > 0);
    if (!video) throw new Error('The viewer shows no video.');
    return video;
  };
  if (!context) throw new Error('The page has no canvas.');
  let pressedAt: number | undefined;
  let darkBefore: boolean | undefined;
  let resolveFlip: ((ms: number) => void) | undefined;
  let counting: { seen: Set<number>; presented: number; torn: number; unreadable: number } | undefined;

  const isDark = (video: HTMLVideoElement): boolean => {
    strip.width = 1;
    strip.height = 1;
    context.drawImage(video, video.videoWidth / 2, video.videoHeight / 4, 1, 1, 0, 0, 1, 1);
    return (context.getImageData(0, 0, 1, 1).data[1] ?? 0) < 128;
  };
  const readBand = (data: Uint8ClampedArray): number | undefined => {
    const cells = Array.from({ length: bits + 3 }, (_, cell) => {
      const at = (cell * cellWidth + cellWidth / 2) * 4;
      return (data[at + 1] ?? 0) > 127 ? 1 : 0;
    });
    const value = cells.slice(2, 2 + bits).reduce<number>((sum, bit) => sum * 2 + bit, 0);
    const parity = cells.slice(2, 2 + bits).reduce<number>((sum, bit) => sum ^ bit, 0);
    return cells[0] === 1 && cells[1] === 0 && cells[bits + 2] === parity ? value : undefined;
  };
  const readCodes = (video: HTMLVideoElement): (number | undefined)[] => {
    const width = (bits + 3) * cellWidth;
    const height = video.videoHeight;
    if (strip.width !== width || strip.height !== height) {
      strip.width = width;
      strip.height = height;
    }
    // In one go: between two draws the video may have moved on.
    context.drawImage(video, 0, 0, width, height, 0, 0, width, height);
    return Array.from({ length: bands }, (_, band) => {
      const y = Math.round((height * (band + 0.5)) / bands);
      return readBand(context.getImageData(0, y, width, 1).data);
    });
  };
  const onFrame = (video: HTMLVideoElement): void => {
    const now = performance.now();
    if (pressedAt !== undefined && resolveFlip && isDark(video) !== darkBefore) {
      resolveFlip(now - pressedAt);
      resolveFlip = undefined;
    }
    if (counting) {
      counting.presented += 1;
      const codes = readCodes(video);
      const known = new Set(codes.filter((code) => code !== undefined));
      if (known.size > 1) counting.torn += 1;
      if (codes.includes(undefined)) counting.unreadable += 1;
      for (const code of known) counting.seen.add(code as number);
    }
    video.requestVideoFrameCallback(() => onFrame(video));
  };
  const followed = new WeakSet<HTMLVideoElement>();
  const followAll = (): void => {
    for (const video of document.querySelectorAll('video')) {
      if (followed.has(video)) continue;
      followed.add(video);
      video.requestVideoFrameCallback(() => onFrame(video));
    }
  };
  followAll();
  new MutationObserver(followAll).observe(document.body, { childList: true, subtree: true });
  // `timeStamp` is when the browser took the event from its input queue: before any of our code ran.
  window.addEventListener(
    'keydown',
    (event) => {
      if (resolveFlip && pressedAt === undefined) pressedAt = event.timeStamp;
    },
    true,
  );

  let flipping: Promise<number> | undefined;
  window.guruProbe = {
    armFlip() {
      darkBefore = isDark(shown());
      pressedAt = undefined;
      flipping = new Promise((resolve) => {
        const giveUp = setTimeout(() => resolveFlip?.(LONGEST_MS), LONGEST_MS);
        resolveFlip = (ms) => {
          clearTimeout(giveUp);
          resolve(ms);
        };
      });
    },
    flip: () => flipping ?? Promise.reject(new Error('Not armed.')),
    startCounting() {
      counting = { seen: new Set(), presented: 0, torn: 0, unreadable: 0 };
    },
    stopCounting() {
      const { seen, presented, torn, unreadable } = counting ?? {
        seen: new Set(),
        presented: 0,
        torn: 0,
        unreadable: 0,
      };
      counting = undefined;
      return { presented, distinct: seen.size, torn, unreadable };
    },
  };
}
