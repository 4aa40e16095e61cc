import { statSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { launchBrowser, newPerson } from '../../e2e/support/launch-browser.ts';
import { signInPage } from '../../e2e/support/sign-in-page.ts';
import { Stack } from '../../e2e/support/stack.ts';
import { until } from '../../e2e/support/until.ts';
import { Cleanup } from '../../tools/stack/cleanup.ts';
import { startWineMachine, type WineMachine } from '../../tools/windows/wine-machine.ts';
import type { WineProcess } from '../../tools/windows/wine-process.ts';
import { elapse, openViewer } from '../stream/rig.ts';
import type { BenchOptions } from '../support/report.ts';
import { round, summarize } from '../support/statistics.ts';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const SIZE = { width: 1280, height: 720 };
const RATES = [30, 60];
const CONNECTED_WITHIN_MS = 120_000;

interface Scene {
  readonly options: BenchOptions;
  readonly stack: Stack;
  readonly machine: WineMachine;
}

interface Connected {
  readonly sessionId: string;
  readonly program: WineProcess;
  readonly bytes: number;
  readonly connectedMs: number;
}

/** The one-time program on a Windows desktop under Wine: its size, how soon it is connected, and how it streams. */
export async function windowsBench(options: BenchOptions): Promise<unknown> {
  options.notes.push(
    'Windows is Wine on Xvfb at 1280x720: its GDI copies the screen by X, no graphics card. The reference of the figures is `stream` at the same size in a run on the same machine.',
    'connectedMs: from the start of the EXE until the server lists its agent. cold: the first program on a Windows that has just started; warm: the EXE once more. Both unpack everything.',
    'keyToPixel: from the key event in the browser to the changed pixel in its video.',
  );
  const cleanup = new Cleanup();
  const stopListening = options.onInterrupt(() => cleanup.run());
  try {
    const stack = await Stack.start(ROOT, {});
    cleanup.defer(() => stack.close());
    const machine = await startWineMachine({ ...SIZE, windowManager: false });
    cleanup.defer(() => machine.close());
    const scene = { options, stack, machine };
    const cold = await connect(scene);
    options.log(`cold: ${Math.round(cold.connectedMs)} ms`);
    await end(scene, cold);
    const warmMs: number[] = [];
    for (let round = 0; round < (options.quick ? 1 : 5); round += 1) {
      const warm = await connect(scene);
      warmMs.push(warm.connectedMs);
      options.log(`warm: ${Math.round(warm.connectedMs)} ms`);
      await end(scene, warm);
    }
    const last = await connect(scene);
    const viewer = await openPage(scene, last, cleanup);
    const keyToPixel = await measureKeys(scene, viewer);
    const moving = [];
    for (const fps of RATES) moving.push(await measureMoving(scene, viewer, fps));
    await end(scene, last);
    return {
      size: `${SIZE.width}x${SIZE.height}`,
      exeBytes: cold.bytes,
      connectedMs: { cold: round(cold.connectedMs), warm: summarize(warmMs) },
      keyToPixel: summarize(keyToPixel),
      moving,
    };
  } finally {
    stopListening();
    await cleanup.run();
  }
}

/** Downloads the program of a new session and runs it. */
async function connect({ stack, machine }: Scene): Promise<Connected> {
  const { id, code } = await stack.createSession({ name: 'Bench', consentRequired: false });
  const name = `GuruConnect-${code}.exe`;
  const response = await fetch(`${stack.url}/download/windows/${name}`);
  if (!response.ok) throw new Error(`The program was not handed out: ${await response.text()}`);
  const folder = machine.wine.local('C:\\users\\Public\\Downloads');
  await mkdir(folder, { recursive: true });
  const file = join(folder, name);
  await writeFile(file, Buffer.from(await response.arrayBuffer()));
  const bytes = statSync(file).size;
  const begun = performance.now();
  const program = machine.wine.start(file);
  await until(
    'the agent is connected',
    async () => {
      const { entries } = await stack.admin.call('sessionAudit', { params: { sessionId: id } });
      return entries.some(({ action }) => action === 'agent.connected');
    },
    CONNECTED_WITHIN_MS,
  );
  return { sessionId: id, program, bytes, connectedMs: performance.now() - begun };
}

async function end({ stack }: Scene, { sessionId, program }: Connected): Promise<void> {
  await stack.admin.call('endSession', { params: { sessionId } });
  await program.ended;
}

async function openPage({ stack }: Scene, { sessionId }: Connected, cleanup: Cleanup): Promise<Page> {
  const browser = await launchBrowser();
  cleanup.defer(() => browser.close());
  const context = await newPerson(browser, { viewport: SIZE });
  const dashboard = await context.newPage();
  await signInPage(dashboard, stack.url, stack.adminUser);
  return openViewer(context, stack.url, sessionId);
}

async function measureKeys({ machine, options }: Scene, viewer: Page): Promise<number[]> {
  const painter = await machine.wine.startProgram('screen-painter.c', ['flip']);
  try {
    await painter.waitFor(/ready/);
    await viewer.bringToFront();
    await viewer.mouse.click(SIZE.width / 2, SIZE.height / 2);
    await elapse(2_000);
    const samples: number[] = [];
    for (let press = 0; press < (options.quick ? 15 : 40); press += 1) {
      await viewer.evaluate(() => window.guruProbe?.armFlip());
      await viewer.keyboard.press('a');
      samples.push((await viewer.evaluate(() => window.guruProbe?.flip())) ?? Number.NaN);
      // Not in step with anything: people are not.
      await elapse(200 + ((press * 137) % 250));
    }
    return samples;
  } finally {
    await painter.kill();
  }
}

async function measureMoving({ machine, options }: Scene, viewer: Page, fps: number) {
  const painter = await machine.wine.startProgram('screen-painter.c', ['desk', String(fps)]);
  try {
    await painter.waitFor(/frame 10\b/);
    // The bitrate needs a moment to find its level.
    await elapse(options.quick ? 3_000 : 6_000);
    const before = framesOf(painter);
    const begun = performance.now();
    await viewer.evaluate(() => window.guruProbe?.startCounting());
    await elapse(options.quick ? 5_000 : 15_000);
    const seen = await viewer.evaluate(() => window.guruProbe?.stopCounting());
    const seconds = (performance.now() - begun) / 1000;
    return {
      wantedFps: fps,
      sourceFps: round((framesOf(painter) - before) / seconds),
      deliveredFps: round((seen?.distinct ?? 0) / seconds),
      tornPercent: round((100 * (seen?.torn ?? 0)) / Math.max(1, seen?.presented ?? 0), 2),
    };
  } finally {
    await painter.kill();
  }
}

/** How many frames it has put on the screen. */
function framesOf(painter: WineProcess): number {
  return [...painter.output.matchAll(/^frame /gm)].length;
}
