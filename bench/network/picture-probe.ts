import type { Page } from 'playwright-core';

/** A picture that the page has shown. Times by `Date.now()`'s clock, which all processes share. */
export interface SeenPicture {
  readonly atMs: number;
  /** The number in its bar code; null where none can be read. */
  readonly code: number | null;
  readonly isDark: boolean;
  /** In pixels; less than the source has where the sender scaled it down. */
  readonly height: number;
}

/** What runs inside the receiving page, the product's viewer or the reference alike. */
export interface PictureProbe {
  /** From now on, waits for the upper half to turn. */
  arm(): void;
  /** The page's own time of the input, where the page sends it itself. */
  pressed(): void;
  /** Ms from the input to the turned picture. */
  turned(): Promise<number>;
  last(): SeenPicture | undefined;
  /** Takes what was seen since it was last taken. */
  take(): SeenPicture[];
}

declare global {
  interface Window {
    guruPictures?: PictureProbe;
  }
}

/** Follows every `<video>` of the page, also those that come later. */
export async function installPictureProbe(page: Page): Promise<void> {
  // tsx names functions by this helper, which the page does not have.
  await page.evaluate('globalThis.__name ??= (named) => named');
  await page.evaluate(installInPage);
}

/** Self-contained: it is sent to the page as text. Bar codes as in e2e/support/x11/bar-code.h. */
function installInPage(): void {
  if (window.guruPictures) return;
  const [bits, cellWidth, sceneWidth] = [12, 8, 1280];
  const cells = bits + 3;
  const strip = document.createElement('canvas');
  // The code's cells, then one pixel of the half that keys turn.
  const width = cells * cellWidth;
  strip.width = width + 1;
  strip.height = 1;
  const context = strip.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('This page cannot draw.');
  context.imageSmoothingEnabled = false;
  const followed = new WeakSet<HTMLVideoElement>();
  let seen: SeenPicture[] = [];
  let newest: SeenPicture | undefined;
  let isDark = true;
  let wasDark = true;
  let pressedAt: number | undefined;
  let resolveTurn: ((ms: number) => void) | undefined;
  let turning: Promise<number> | undefined;

  const read = (video: HTMLVideoElement): Omit<SeenPicture, 'atMs'> => {
    const scale = video.videoWidth / sceneWidth;
    const middle = Math.round(video.videoHeight * 0.75);
    context.drawImage(video, 0, middle, width * scale, 1, 0, 0, width, 1);
    context.drawImage(video, video.videoWidth / 2, video.videoHeight / 4, 1, 1, width, 0, 1, 1);
    const { data } = context.getImageData(0, 0, width + 1, 1);
    const bitAt = (x: number) => ((data[x * 4 + 1] ?? 0) > 127 ? 1 : 0);
    const values = Array.from({ length: cells }, (_, cell) => bitAt((cell + 0.5) * cellWidth));
    const number = values.slice(2, 2 + bits);
    const parity = number.reduce<number>((sum, bit) => sum ^ bit, 0);
    const isCode = values[0] === 1 && values[1] === 0 && values[bits + 2] === parity;
    return {
      code: isCode ? number.reduce<number>((sum, bit) => sum * 2 + bit, 0) : null,
      isDark: bitAt(width) === 0,
      height: video.videoHeight,
    };
  };
  const onPicture = (video: HTMLVideoElement): void => {
    const now = performance.now();
    const picture = read(video);
    isDark = picture.isDark;
    newest = { atMs: performance.timeOrigin + now, ...picture };
    seen.push(newest);
    if (resolveTurn && pressedAt !== undefined && isDark !== wasDark) {
      resolveTurn(now - pressedAt);
      resolveTurn = undefined;
    }
    video.requestVideoFrameCallback(() => onPicture(video));
  };
  const follow = (): void => {
    for (const video of document.querySelectorAll('video')) {
      if (followed.has(video)) continue;
      followed.add(video);
      video.requestVideoFrameCallback(() => onPicture(video));
    }
  };
  follow();
  setInterval(follow, 20);
  // `timeStamp` is when the browser took the event from its input queue: before any of the page's code ran.
  window.addEventListener(
    'keydown',
    (event) => {
      if (resolveTurn && pressedAt === undefined) pressedAt = event.timeStamp;
    },
    true,
  );
  window.guruPictures = {
    arm() {
      wasDark = isDark;
      pressedAt = undefined;
      turning = new Promise((resolve) => {
        resolveTurn = resolve;
      });
    },
    pressed() {
      pressedAt = performance.now();
    },
    turned: () => turning ?? Promise.reject(new Error('Not armed.')),
    last: () => newest,
    take() {
      const taken = seen;
      seen = [];
      return taken;
    },
  };
}
