import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Cleanup } from '../../tools/stack/cleanup.ts';
import type { BenchOptions } from '../support/report.ts';
import { measureFirstFrame } from './first-frame.ts';
import { measureKeyToPixel, measureTyping } from './keys.ts';
import { measureMoving, measureStill } from './picture.ts';
import type { Rig } from './rig.ts';
import { setUpRig } from './set-up-rig.ts';
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
    const rig = await setUpRig(ROOT, width, height, cleanup, options);
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
    const film = await measureMoving(rig, 'desk', 60);
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

async function readCiphers(rig: Rig) {
  const quality = await rig.viewer.evaluate(() => window.__guruViewer?.stats());
  return { dtls: quality?.counters.dtlsCipher ?? null, srtp: quality?.counters.srtpCipher ?? null };
}
