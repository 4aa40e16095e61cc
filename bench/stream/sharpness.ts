import type { Picture } from '../../e2e/support/bar-code.ts';
import { psnrWithin, viewerPicture } from '../../e2e/support/viewer-picture.ts';
import { screenShot } from '../../e2e/support/x-programs.ts';
import { round } from '../support/statistics.ts';
import { elapse, type Rig } from './rig.ts';

export interface Sharpness {
  /** Of video and tiles together over RGB; null when the picture has another size than the screen. */
  readonly psnrDb: number | null;
  /** What the lossless tiles cost, and how long after the last change of the screen they were all there. */
  readonly tiles: { readonly bytes: number; readonly standAfterMs: number | null };
}

/** How long the picture has been still when it is compared. */
const STILL_MS = 2_000;
const LOOK_MS = 40;
/** Well within the terminal at both sizes. */
const TEXT = { x: 60, y: 60, width: 640, height: 440 };

/** Text on white in the viewer's pixels against the true screen, two seconds after it stopped changing. */
export async function measureSharpness(rig: Rig, colour: string): Promise<Sharpness> {
  const words = 'the quick brown fox jumps over 0123456789 lazy dogs {}[]()<>;:/|';
  const fill = `for i in $(seq 40); do echo "$i ${words} ${words}"; done; exec sleep 600`;
  const look = ['-geometry', '130x40+40+40', '-fg', colour, '-bg', 'white', '-cr', 'white'];
  const before = await tileBytes(rig);
  const terminal = rig.desktop.run('xterm', [...look, '-e', 'sh', '-c', fill]);
  try {
    const { truth, atMs } = await untilPainted(rig);
    let [bytes, standAfterMs]: [number, number | null] = [before, null];
    while (performance.now() < atMs + STILL_MS) {
      const now = await tileBytes(rig);
      if (now !== bytes) [bytes, standAfterMs] = [now, Math.round(performance.now() - atMs)];
      await elapse(LOOK_MS);
    }
    const seen = await viewerPicture(rig.viewer);
    const isSameSize = seen.width === truth.width && seen.height === truth.height;
    // Infinite is not a number in JSON.
    const psnrDb = isSameSize ? round(Math.min(99, psnrWithin(seen, truth, TEXT))) : null;
    return { psnrDb, tiles: { bytes: bytes - before, standAfterMs } };
  } finally {
    await terminal.stop();
  }
}

/** The screen with the text on it, and since when it has not changed. */
async function untilPainted(rig: Rig): Promise<{ truth: Picture; atMs: number }> {
  const bare = await screenShot(rig.desktop);
  let last = { truth: bare, atMs: performance.now() };
  for (let tries = 0; tries < 100; tries += 1) {
    await elapse(LOOK_MS);
    const atMs = performance.now();
    const truth = await screenShot(rig.desktop);
    const stands = isSame(truth, last.truth);
    if (stands && !isSame(truth, bare)) break;
    if (!stands) last = { truth, atMs };
  }
  return last;
}

function isSame(one: Picture, other: Picture): boolean {
  return Buffer.from(one.rgba).equals(Buffer.from(other.rgba));
}

async function tileBytes(rig: Rig): Promise<number> {
  return rig.viewer.evaluate(async () => (await window.guruPicture?.bytes())?.tiles ?? 0);
}
