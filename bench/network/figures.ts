import { round, summarize } from '../support/statistics.ts';
import type { SeenPicture } from './picture-probe.ts';

/** The frame numbers in the pictures begin anew after this many. */
const CODES = 4096;
const FREEZE_MS = 500;

/** When the source painted each of its frames, by `Date.now()`'s clock. */
export type PaintTimes = ReadonlyMap<number, number>;

/** A source frame that was shown, when it was painted and when it was seen first. */
export interface ShownFrame {
  readonly number: number;
  readonly paintedMs: number;
  readonly seenMs: number;
  readonly height: number;
}

/** Which frames of the source were shown; those seen again, and pictures without a readable number, are left out. */
export function shownFrames(seen: readonly SeenPicture[], painted: PaintTimes): ShownFrame[] {
  const numbers = [...painted.keys()];
  const frames: ShownFrame[] = [];
  let newest = -1;
  for (const { atMs, code, height } of seen) {
    if (code === null) continue;
    const number = latestPaintedBefore(code, atMs, painted, numbers.at(-1) ?? 0);
    // After a reconnect the old picture may come once more.
    if (number === undefined || number <= newest) continue;
    newest = number;
    frames.push({ number, paintedMs: painted.get(number) ?? Number.NaN, seenMs: atMs, height });
  }
  return frames;
}

/** A code names every 4096th frame: the newest of them that was painted before it was seen is meant. */
function latestPaintedBefore(
  code: number,
  atMs: number,
  painted: PaintTimes,
  last: number,
): number | undefined {
  const start = last - ((last - code) % CODES);
  for (let number = start; number >= 0; number -= CODES) {
    const paintedMs = painted.get(number);
    if (paintedMs !== undefined && paintedMs <= atMs) return number;
  }
  return undefined;
}

/** Frames a second that were shown between two times. */
export function framesPerSecond(frames: readonly ShownFrame[], fromMs: number, toMs: number): number {
  const within = frames.filter(({ seenMs }) => seenMs >= fromMs && seenMs < toMs).length;
  return round((within * 1000) / (toMs - fromMs));
}

/** How often nothing new was shown for more than half a second between two times, their ends included. */
export function freezes(frames: readonly ShownFrame[], fromMs: number, toMs: number): number {
  const within = frames.map(({ seenMs }) => seenMs).filter((at) => at >= fromMs && at < toMs);
  const times = [fromMs, ...within, toMs];
  return times.slice(1).filter((at, index) => at - (times[index] ?? at) > FREEZE_MS).length;
}

/** From painting to showing, of every frame between two times. */
export function frameLatency(frames: readonly ShownFrame[], fromMs: number, toMs: number) {
  const within = frames.filter(({ seenMs }) => seenMs >= fromMs && seenMs < toMs);
  return summarize(within.map(({ paintedMs, seenMs }) => seenMs - paintedMs));
}

/** Ms from a moment until a frame was shown that was painted after it; null when none was. */
export function untilFresh(frames: readonly ShownFrame[], sinceMs: number): number | null {
  const first = frames.find(({ paintedMs }) => paintedMs > sinceMs);
  return first ? Math.round(first.seenMs - sinceMs) : null;
}
