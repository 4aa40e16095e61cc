import type { CDPSession } from 'playwright-core';
import { runXProgram } from '../../e2e/support/x-programs.ts';
import { elapse, openViewer, type Rig } from '../stream/rig.ts';
import { percentile, round } from '../support/statistics.ts';
import { type Growth, growthOf } from './growth.ts';
import { heldBy } from './process-state.ts';

const RELOAD_EVERY = 5;

/** What is looked at after each round. */
const FIGURES = [
  'agentMemoryBytes',
  'agentOpenFiles',
  'agentThreads',
  'serverMemoryBytes',
  'serverOpenFiles',
  'pageHeapBytes',
  'keyToPixelMs',
] as const;
type Figure = (typeof FIGURES)[number];

/**
 * Rounds of mixed use, ten seconds each: typing, scrolling text, film, rest, the pointer, a reload now and then.
 * Whatever grows with each round is a leak. `goesOn` is asked after each round; fewer than eight say nothing.
 */
export async function measureGrowth(
  rig: Rig,
  goesOn: (done: number) => boolean,
): Promise<Record<Figure, Growth>> {
  const samples: Record<Figure, number[]> = Object.fromEntries(
    FIGURES.map((figure) => [figure, [] as number[]]),
  ) as Record<Figure, number[]>;
  for (let round = 0; round === 0 || goesOn(round); round += 1) {
    const latencies = await spendARound(rig, round);
    for (const [figure, value] of Object.entries(await lookAt(rig, latencies))) {
      samples[figure as Figure].push(value);
    }
  }
  return Object.fromEntries(FIGURES.map((figure) => [figure, rounded(growthOf(samples[figure]))])) as Record<
    Figure,
    Growth
  >;
}

/** Returns key-to-pixel times in ms. */
async function spendARound(rig: Rig, round: number): Promise<number[]> {
  if (round % RELOAD_EVERY === RELOAD_EVERY - 1) {
    await rig.viewer.close();
    rig.viewer = await openViewer(rig.context, rig.stack.url, rig.session.id);
  }
  const latencies = await typeKeys(rig, 12);
  await move(rig, 60);
  for (const [kind, fps] of [
    ['text', '30'],
    ['gradient', '60'],
  ]) {
    const source = await runXProgram(rig.desktop, 'frame-source', [kind ?? '', fps ?? '']);
    await elapse(2_000);
    await source.stop();
  }
  return latencies;
}

async function typeKeys(rig: Rig, keys: number): Promise<number[]> {
  const flipper = await runXProgram(rig.desktop, 'key-flip');
  const latencies: number[] = [];
  try {
    await rig.viewer.bringToFront();
    await elapse(500);
    for (let key = 0; key < keys; key += 1) {
      await rig.viewer.evaluate(() => window.guruProbe?.armFlip());
      await rig.viewer.keyboard.press('a');
      latencies.push((await rig.viewer.evaluate(() => window.guruProbe?.flip())) ?? Number.NaN);
      await elapse(100);
    }
  } finally {
    await flipper.stop();
  }
  return latencies;
}

async function move(rig: Rig, moves: number): Promise<void> {
  for (let at = 0; at < moves; at += 1) {
    await rig.viewer.mouse.move(300 + ((at * 37) % 600), 200 + ((at * 23) % 300));
  }
}

async function lookAt(rig: Rig, latencies: number[]): Promise<Record<Figure, number>> {
  const agent = heldBy(rig.agent.pid);
  const server = heldBy(rig.stack.server.process.pid);
  return {
    agentMemoryBytes: agent.memoryBytes,
    agentOpenFiles: agent.openFiles,
    agentThreads: agent.threads,
    serverMemoryBytes: server.memoryBytes,
    serverOpenFiles: server.openFiles,
    pageHeapBytes: await heapOf(await rig.context.newCDPSession(rig.viewer)),
    keyToPixelMs: percentile(latencies, 0.5) ?? Number.NaN,
  };
}

async function heapOf(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return usedSize;
}

function rounded({ first, last, trend }: Growth): Growth {
  return { first: round(first), last: round(last), trend: round(trend) };
}
