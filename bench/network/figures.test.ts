import { describe, expect, it } from 'vitest';
import { frameLatency, framesPerSecond, freezes, shownFrames, untilFresh } from './figures.ts';

/** A source that paints 10 frames a second from frame 1 at 100 ms on. */
const painted = new Map(Array.from({ length: 9_000 }, (_, index) => [index + 1, (index + 1) * 100]));
const picture = (number: number, delayMs: number) => ({
  atMs: (painted.get(number) ?? 0) + delayMs,
  code: number % 4096,
  isDark: true,
  height: 720,
});

describe('the figures of a run', () => {
  it('tell which frame a number means, also after the numbers have begun anew', () => {
    const seen = [picture(4_095, 30), picture(4_096, 30), picture(8_200, 50)];
    expect(shownFrames(seen, painted).map(({ number }) => number)).toEqual([4_095, 4_096, 8_200]);
    expect(frameLatency(shownFrames(seen, painted), 0, 1e9)).toEqual({ p50: 30, p95: 50, n: 3 });
  });

  it('count a frame once, and none that is older than what was shown', () => {
    const seen = [picture(5, 10), { ...picture(5, 20) }, picture(3, 500), { ...picture(6, 10), code: null }];
    expect(shownFrames(seen, painted).map(({ number }) => number)).toEqual([5]);
  });

  it('count frames within the time, and freezes with the ends', () => {
    const frames = shownFrames(
      [10, 11, 12, 20].map((number) => picture(number, 0)),
      painted,
    );
    expect(framesPerSecond(frames, 1_000, 2_000)).toBe(3);
    expect(freezes(frames, 1_000, 2_000)).toBe(1);
    expect(freezes(frames, 400, 2_600)).toBe(3);
    expect(freezes(frames, 1_000, 1_500)).toBe(0);
  });

  it('take a picture for fresh only when it was painted after the moment', () => {
    const frames = shownFrames([picture(10, 900), picture(18, 150), picture(21, 60)], painted);
    expect(untilFresh(frames, 1_850)).toBe(310);
    expect(untilFresh(frames, 3_000)).toBeNull();
  });
});
