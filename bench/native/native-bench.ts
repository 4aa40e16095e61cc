import type { CaptureSettings, NativeFrame } from '../../agent/native/addon.d.ts';
import { buildNative } from '../../agent/native/build.mjs';
import { loadNativeAddon } from '../../agent/native/load-addon.ts';
import { openInjector } from '../../agent/src/input/open-injector.ts';
import { runXProgram, type XProgram } from '../../e2e/support/x-programs.ts';
import { type Desktop, startDesktop } from '../../tools/stack/desktop.ts';
import type { ManagedProcess } from '../../tools/stack/managed-process.ts';
import { cpuSeconds } from '../support/process-cpu.ts';
import type { BenchOptions } from '../support/report.ts';
import { round, type Summary, summarize } from '../support/statistics.ts';
import { startUserWork } from './user-work.ts';

interface Scene {
  readonly name: string;
  readonly program: XProgram;
  readonly args: readonly string[];
  readonly settings?: Partial<CaptureSettings>;
  /** Presses keys, which the program answers by turning a large part of the screen. */
  readonly keys?: true;
  /** Beside programs of the user's that want every core. */
  readonly busy?: true;
}

interface Arrival {
  readonly frame: NativeFrame;
  readonly atMs: number;
}

/** `Date.now()` counts whole milliseconds. */
const CLOCK_STEP_MS = 1;

const SETTINGS: CaptureSettings = {
  bitrate: 20_000_000,
  maxFps: 60,
  content: 'screen',
  minQp: 12,
  maxQp: 42,
  refinements: 4,
  scale: 1,
};

const SCENES: readonly Scene[] = [
  { name: 'key, still screen', program: 'key-flip', args: [], keys: true },
  { name: 'key, half scrolls text', program: 'key-flip', args: ['scrolling'], keys: true },
  { name: 'half scrolls text', program: 'key-flip', args: ['scrolling'] },
  { name: 'all scrolls text', program: 'frame-source', args: ['text', '30'] },
  { name: 'film as screen', program: 'frame-source', args: ['gradient', '60'] },
  {
    name: 'film as motion',
    program: 'frame-source',
    args: ['gradient', '60'],
    settings: { content: 'motion' },
  },
  { name: 'film, 2 threads', program: 'frame-source', args: ['gradient', '60'], settings: { threads: 2 } },
  { name: 'desk film', program: 'frame-source', args: ['desk', '60'] },
  { name: 'desk film, 2 threads', program: 'frame-source', args: ['desk', '60'], settings: { threads: 2 } },
  {
    name: 'key, still screen, 2 threads',
    program: 'key-flip',
    args: [],
    keys: true,
    settings: { threads: 2 },
  },
  ...[0, 5, 10].map(
    (niceness): Scene => ({
      name: `film beside busy programs, niceness ${niceness}`,
      program: 'frame-source',
      args: ['gradient', '60'],
      settings: { niceness },
      busy: true,
    }),
  ),
];

/** Capture and encoding alone, in this process on a virtual desktop: no network, no browser. */
export async function nativeBench(options: BenchOptions): Promise<unknown[]> {
  await buildNative();
  const results: unknown[] = [];
  for (const size of options.sizes) {
    const [width = 0, height = 0] = size.split('x').map(Number);
    const desktop = await startDesktop({ width, height, windowManager: false });
    try {
      for (const scene of SCENES) {
        options.log(`${size}: ${scene.name}`);
        results.push({ size, scene: scene.name, ...(await measureScene(desktop, scene, options)) });
      }
    } finally {
      await desktop.close();
    }
  }
  return results;
}

async function measureScene(desktop: Desktop, scene: Scene, options: BenchOptions) {
  const program = await runXProgram(desktop, scene.program, scene.args);
  const addon = loadNativeAddon();
  const work = scene.busy ? await startUserWork() : undefined;
  const measureMs = options.quick ? 3_000 : 8_000;
  const aloneRate = await work?.rate(measureMs);
  const displayId = addon.listDisplays(desktop.display)[0]?.id ?? '';
  let arrivals: Arrival[] = [];
  const capture = addon.openCapture(
    { ...SETTINGS, ...scene.settings, display: desktop.display, displayId },
    (event) => {
      if (event.type === 'frame') arrivals.push({ frame: event, atMs: monotonicMs() });
    },
  );
  try {
    await elapse(1_500);
    arrivals = [];
    const cpuBefore = cpuSeconds(process.pid);
    const startedMs = performance.now();
    const keyMs = scene.keys
      ? await pressKeys(desktop, program, arrivals, options.quick ? 15 : 40)
      : await elapse(work ? 0 : measureMs);
    const besideRate = await work?.rate(measureMs);
    const seconds = (performance.now() - startedMs) / 1000;
    const cpuPercent = round((100 * (cpuSeconds(process.pid) - cpuBefore)) / seconds);
    const frames = arrivals.map(({ frame }) => frame);
    const userWorkPercent =
      aloneRate && besideRate ? { userWorkPercent: round((100 * besideRate) / aloneRate) } : {};
    return {
      ...(keyMs ? { keyMs } : {}),
      ...summarizeFrames(frames, seconds),
      cpuPercent,
      ...userWorkPercent,
    };
  } finally {
    work?.stop();
    capture.close();
    await program.stop();
  }
}

/** From the injection of a key to the delivery of the frame that shows what it changed. */
async function pressKeys(
  desktop: Desktop,
  program: ManagedProcess,
  arrivals: readonly Arrival[],
  presses: number,
): Promise<Summary> {
  const injector = await openInjector(desktop.display);
  const samples: number[] = [];
  try {
    for (let press = 1; press <= presses; press += 1) {
      const pressedMs = monotonicMs();
      for (const down of [true, false]) {
        injector.key({ usage: 0x04, codePoint: 0x61, down, repeat: false, modifiers: 0 });
      }
      const [, paintedUs] = await program.waitFor(new RegExp(`^flip ${press} \\w+ (\\d+)`, 'm'), 2_000);
      await elapse(150 + ((press * 137) % 250));
      const paintedMs = Number(paintedUs) / 1000 - Date.now() + monotonicMs();
      const shown = arrivals.find(({ frame }) => frame.capturedAtMs >= paintedMs - CLOCK_STEP_MS);
      samples.push((shown?.atMs ?? Number.POSITIVE_INFINITY) - pressedMs);
    }
  } finally {
    injector.close();
  }
  return summarize(samples);
}

/** The clock that frames are stamped with. */
function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

function summarizeFrames(frames: readonly NativeFrame[], seconds: number) {
  const of = (field: 'grabMs' | 'convertMs' | 'encodeMs' | 'qp') =>
    summarize(frames.map((frame) => frame[field]));
  const bytes = frames.reduce((sum, frame) => sum + frame.data.length, 0);
  return {
    fps: round(frames.length / seconds),
    grabMs: of('grabMs'),
    convertMs: of('convertMs'),
    encodeMs: of('encodeMs'),
    qp: of('qp'),
    bytesPerSecond: Math.round(bytes / seconds),
    keyFrames: frames.filter((frame) => frame.keyFrame).length,
  };
}

function elapse(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
