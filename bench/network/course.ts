import type { Lab } from '../../e2e/support/network/lab.ts';
import type { LinkCounts } from '../../e2e/support/network/link.ts';
import { round, summarize } from '../support/statistics.ts';
import {
  frameLatency,
  framesPerSecond,
  freezes,
  type ShownFrame,
  shownFrames,
  untilFresh,
} from './figures.ts';
import type { Leg } from './leg.ts';
import { CUT_MS, type Profile, STEPS } from './profiles.ts';

export interface Durations {
  /** How long to wait for the first picture. */
  readonly liveMs: number;
  /** Until a rate has found its level. */
  readonly warmMs: number;
  readonly measureMs: number;
  /** Of each step of the rate. */
  readonly stepMs: number;
  /** How long to wait for a fresh picture after an interruption. */
  readonly recoveryMs: number;
}

/** From one time to another, by `Date.now()`'s clock. */
type Span = readonly [fromMs: number, toMs: number];

/** What a leg did on a line; times in ms. */
export type CourseFigures = Awaited<ReturnType<typeof runCourse>>;

/** What takes longer, or never comes, counts as this. */
const INPUT_TIMEOUT_MS = 5_000;
/** Below this wait at the bottleneck, its queue counts as drained; what is more than it is standing. */
const DRAINED_MS = 60;
const UP_STEP_SHARE_PERCENT = 70;

/** In place of the figures where nothing could be measured. */
export const NO_FIGURES = {
  fps: null,
  sourceFps: null,
  pictureHeight: null,
  inputToPhotonMs: { p50: null, p95: null },
  toldInputToPhotonMs: null,
  frameLatencyMs: { p50: null, p95: null },
  freezesOver500ms: null,
  bitsPerSecond: null,
  utilisationPercent: null,
  queueDelayMs: { p50: null, p95: null },
  recoveryMs: null,
} as const;

/** Measures a leg whose picture is up already, on the line of the profile. */
export async function runCourse(lab: Lab, leg: Leg, profile: Profile, durations: Durations) {
  await elapse(durations.warmMs);
  await leg.page.evaluate(() => window.guruPictures?.take());
  lab.link.measure();
  const run = { lab, leg, profile, durations, inputs: [] as number[] };
  const { spans, event } = await COURSES[profile.course](run);
  const { ab } = await lab.link.report();
  const painted = await leg.paintTimes();
  const frames = shownFrames((await leg.page.evaluate(() => window.guruPictures?.take())) ?? [], painted);
  const paintedInTime = [...painted.values()].filter((at) =>
    spans.some(([from, to]) => at >= from && at < to),
  );
  const shown = spans.reduce(
    (sum, [from, to]) => sum + ((to - from) * framesPerSecond(frames, from, to)) / 1000,
    0,
  );
  const seconds = spans.reduce((sum, [from, to]) => sum + to - from, 0) / 1000;
  const [start, end] = [spans[0]?.[0] ?? 0, spans.at(-1)?.[1] ?? 0];
  return {
    fps: round(shown / seconds),
    sourceFps: round(paintedInTime.length / seconds),
    pictureHeight: summarize(frames.map(({ height }) => height)).p50,
    inputToPhotonMs: summarize(run.inputs),
    toldInputToPhotonMs: await leg.believes(),
    frameLatencyMs: frameLatency(frames, start, end),
    freezesOver500ms: spans.reduce((sum, [from, to]) => sum + freezes(frames, from, to), 0),
    bitsPerSecond: Math.round((ab.bytes * 8) / ((Date.now() - start) / 1000)),
    utilisationPercent: round((100 * ab.bytes) / ab.capacityBytes),
    queueDelayMs: { p50: round(ab.queueMs.p50), p95: round(ab.queueMs.p95) },
    lostPackets: ab.lost,
    queueDroppedPackets: ab.dropped,
    emulatorLateMs: { mean: round(ab.lateMs.mean, 3), max: round(ab.lateMs.max, 1) },
    ...event(frames),
  };
}

interface Run {
  readonly lab: Lab;
  readonly leg: Leg;
  readonly profile: Profile;
  readonly durations: Durations;
  readonly inputs: number[];
}

interface CourseResult {
  /** When the picture is held to its figures; during a cut it is not. */
  readonly spans: readonly Span[];
  readonly event: (frames: readonly ShownFrame[]) => EventFigures;
}

interface EventFigures {
  /** Until the picture was fresh again, or the queue drained. */
  readonly recoveryMs: number | null;
  readonly upStepMs?: number | null;
  /** Of each step of the rate. */
  readonly stepUtilisationPercent?: readonly number[];
}

const COURSES: Record<Profile['course'], (run: Run) => Promise<CourseResult>> = {
  async steady(run) {
    const span = await pressFor(run, run.durations.measureMs);
    return { spans: [span], event: () => ({ recoveryMs: null }) };
  },

  async steps(run) {
    const { link } = run.lab;
    const before = await pressFor(run, run.durations.stepMs / 2);
    await link.set({ rate: STEPS.low });
    const low = await pressFor(run, run.durations.stepMs);
    await link.set({ rate: STEPS.high });
    const high = await pressFor(run, run.durations.stepMs);
    return {
      spans: [[before[0], high[1]]],
      event: () => ({
        recoveryMs: untilDrained(link.between(...low), low[0]),
        upStepMs: untilUsed(link.between(...high), high[0]),
        stepUtilisationPercent: [before, low, high].map((span) => utilisation(link.between(...span))),
      }),
    };
  },

  cut: (run) =>
    interrupted(run, async () => {
      await run.lab.link.set({ cut: true });
      await elapse(CUT_MS);
      await run.lab.link.set({ cut: false });
    }),

  'move-agent': (run) => interrupted(run, () => run.lab.moveAgent()),
  'move-viewer': (run) => interrupted(run, () => run.lab.moveViewer()),
};

/** Measures before and after; the recovery counts from the end of what happens. */
async function interrupted(run: Run, happen: () => Promise<void>): Promise<CourseResult> {
  const before = await pressFor(run, run.durations.measureMs / 2);
  await happen();
  const overMs = Date.now();
  await untilBack(run.leg, overMs, run.durations.recoveryMs);
  const after = await pressFor(run, run.durations.measureMs / 2);
  return { spans: [before, after], event: (frames) => ({ recoveryMs: untilFresh(frames, overMs) }) };
}

async function untilBack(leg: Leg, sinceMs: number, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (Date.now() < deadline) {
    const last = await leg.page.evaluate(() => window.guruPictures?.last());
    if (last && last.atMs > sinceMs) {
      const painted = [...(await leg.paintTimes())];
      const isFresh = painted.some(
        ([number, at]) => at > sinceMs && at <= last.atMs && number % 4096 === last.code,
      );
      if (isFresh) return;
    }
    await elapse(50);
  }
}

/** Presses a key now and then, not in step with anything, as people do. */
async function pressFor({ leg, inputs }: Run, ms: number): Promise<Span> {
  const from = Date.now();
  for (let press = 0; Date.now() < from + ms; press += 1) {
    await leg.page.evaluate(() => window.guruPictures?.arm());
    await leg.press();
    const turned = leg.page.evaluate(() => window.guruPictures?.turned());
    const took = await Promise.race([turned, elapse(INPUT_TIMEOUT_MS)]);
    inputs.push(took ?? INPUT_TIMEOUT_MS);
    await elapse(150 + ((press * 137) % 250));
  }
  return [from, Date.now()];
}

/** From the step until no more than a little waits, and stays so for half a second. */
function untilDrained(samples: readonly LinkCounts[], sinceMs: number): number | null {
  const calm = samples.findIndex((_, at) => {
    const next = samples.slice(at, at + 5);
    return next.length === 5 && next.every(({ ab }) => ab.queueMs.p50 < DRAINED_MS);
  });
  const sample = samples[calm];
  return sample ? Math.max(0, Math.round(sample.atMs - sinceMs)) : null;
}

function utilisation(samples: readonly LinkCounts[]): number {
  const bytes = samples.reduce((sum, { ab }) => sum + ab.bytes, 0);
  const capacity = samples.reduce((sum, { ab }) => sum + ab.capacityBytes, 0);
  return round((100 * bytes) / capacity);
}

/** From the step until half a second used the share of the line that is asked for. */
function untilUsed(samples: readonly LinkCounts[], sinceMs: number): number | null {
  const used = samples.find((_, at) => {
    const last = samples.slice(Math.max(0, at - 4), at + 1);
    return last.length === 5 && utilisation(last) >= UP_STEP_SHARE_PERCENT;
  });
  return used ? Math.round(used.atMs - sinceMs) : null;
}

function elapse(ms: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
