import { expect, it } from 'vitest';
import { InputNudges } from './input-nudges.ts';

it('follows a burst with at least three messages, however long the burst was', () => {
  let nowMs = 0;
  let timers: { atMs: number; callback: () => void }[] = [];
  const sent: number[] = [];
  const timing = {
    now: () => nowMs,
    after: (ms: number, callback: () => void) => {
      timers.push({ atMs: nowMs + ms, callback });
      return () => {};
    },
    random: () => 0,
  };
  const advanceTo = (ms: number) => {
    for (; nowMs < ms; nowMs += 1) {
      const due = timers.filter(({ atMs }) => atMs <= nowMs);
      timers = timers.filter(({ atMs }) => atMs > nowMs);
      for (const { callback } of due) callback();
    }
  };
  const nudges = new InputNudges(timing, () => sent.push(nowMs));
  nudges.arm();
  advanceTo(10);
  nudges.arm();
  advanceTo(100);
  const after = sent.filter((atMs) => atMs > 10).length;
  expect(after).toBeGreaterThanOrEqual(3);
  expect(after).toBeLessThanOrEqual(4);
  expect(sent.at(-1)).toBeLessThanOrEqual(40);
  expect(timers).toEqual([]);
});
