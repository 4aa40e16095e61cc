import type { Page } from 'playwright-core';
import type { Picture } from '../../e2e/support/bar-code.ts';
import { screenShot } from '../../e2e/support/x-programs.ts';
import { round } from '../support/statistics.ts';
import { elapse, type Rig } from './rig.ts';

/** How long the picture has been still when it is compared. */
const STILL_MS = 2_000;

/**
 * Text on white in the viewer's pixels against the true screen, peak signal-to-noise ratio over RGB in dB, two
 * seconds after it stopped changing. null when the two have different sizes.
 */
export async function measureSharpness(rig: Rig, colour: string): Promise<number | null> {
  const words = 'the quick brown fox jumps over 0123456789 lazy dogs {}[]()<>;:/|';
  const fill = `for i in $(seq 40); do echo "$i ${words} ${words}"; done; exec sleep 600`;
  const look = ['-geometry', '130x40+40+40', '-fg', colour, '-bg', 'white', '-cr', 'white'];
  const terminal = rig.desktop.run('xterm', [...look, '-e', 'sh', '-c', fill]);
  try {
    await elapse(STILL_MS + 1_000);
    const seen = await pictureOf(rig.viewer);
    const truth = await screenShot(rig.desktop);
    if (seen.width !== truth.width || seen.height !== truth.height) return null;
    return round(psnr(seen, truth));
  } finally {
    await terminal.stop();
  }
}

async function pictureOf(page: Page): Promise<Picture> {
  const { width, height, base64 } = await page.evaluate(async () => {
    const video = document.querySelector('video');
    const canvas = document.createElement('canvas');
    const context = canvas.getContext('2d');
    if (!video || !context) throw new Error('The viewer shows no video.');
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    context.drawImage(video, 0, 0);
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    let text = '';
    for (let at = 0; at < data.length; at += 32_768) {
      text += String.fromCharCode(...data.subarray(at, at + 32_768));
    }
    return { width: canvas.width, height: canvas.height, base64: btoa(text) };
  });
  return { width, height, rgba: Buffer.from(base64, 'base64') };
}

/** Over the part of the screen that the terminal covers at both sizes. */
function psnr(seen: Picture, truth: Picture): number {
  let squares = 0;
  let samples = 0;
  for (let y = 60; y < 500; y += 1) {
    for (let x = 60; x < 700; x += 1) {
      for (let channel = 0; channel < 3; channel += 1) {
        const at = 4 * (y * truth.width + x) + channel;
        squares += ((seen.rgba[at] ?? 0) - (truth.rgba[at] ?? 0)) ** 2;
        samples += 1;
      }
    }
  }
  return squares === 0 ? Number.POSITIVE_INFINITY : 10 * Math.log10(255 ** 2 / (squares / samples));
}
