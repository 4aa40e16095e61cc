import { expect, it } from 'vitest';
import { createTestClock } from '../../../test/support/test-clock.ts';
import { FreshMemory } from './fresh-memory.ts';

/** A memory of numbers that rise with each making; the test says when one is made. */
function start(limit = 10) {
  const clock = createTestClock(1_000_000);
  const memory = new FreshMemory<number>({ clock, renewMs: 600, lifeMs: 1_000, wantedMs: 3_000, limit });
  const makings: { done: (value: number) => void; fail: (error: Error) => void }[] = [];
  const ask = (key = 'a') => memory.get(key, () => new Promise((done, fail) => makings.push({ done, fail })));
  const finish = async (making: number) => {
    makings[making]?.done(making);
    await settle();
  };
  return { clock, memory, makings, ask, finish };
}
/** Lets all that is settled be noticed. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

it('gives those who ask at once, and soon after, one answer', async () => {
  const { clock, makings, ask, finish } = start();
  const first = [ask(), ask()];
  await finish(0);
  clock.advance(599);
  expect(await Promise.all([...first, ask()])).toEqual([0, 0, 0]);
  expect(makings).toHaveLength(1);
});

it('makes a new answer before the old one is too old, and gives the old one until then', async () => {
  const { clock, makings, ask, finish } = start();
  void ask();
  await finish(0);
  clock.advance(600);
  expect(makings).toHaveLength(2);
  expect(await ask()).toBe(0);
  await finish(1);
  expect(await ask()).toBe(1);
});

it('lets those wait for the new answer who ask when the old one is too old', async () => {
  const { clock, makings, ask, finish } = start();
  void ask();
  await finish(0);
  clock.advance(1_000);
  const answer = ask();
  expect(makings).toHaveLength(2);
  await finish(1);
  expect(await answer).toBe(1);
});

it('goes on for those who ask each second, never makes one wait, and ends after them', async () => {
  const { clock, makings, ask, finish } = start();
  void ask();
  await finish(0);
  for (let second = 0; second < 10; second += 1) {
    for (let part = 0; part < 10; part += 1) {
      clock.advance(100);
      await finish(makings.length - 1);
    }
    const before = makings.length;
    await ask();
    expect(makings).toHaveLength(before);
  }
  for (let part = 0; part < 100; part += 1) {
    clock.advance(100);
    await finish(makings.length - 1);
  }
  // 10 s of asking and 3 s after, one each 0.6 s.
  expect(makings.length).toBeGreaterThan(18);
  expect(makings.length).toBeLessThan(24);
  void ask();
  expect(makings.length).toBeLessThan(25);
});

it('does not remember what failed, nor tells of a renewal that did to those who have an answer', async () => {
  const { clock, makings, ask, finish } = start();
  const first = ask();
  makings[0]?.fail(new Error('down'));
  await expect(first).rejects.toThrow('down');
  const second = ask();
  await finish(1);
  expect(await second).toBe(1);
  clock.advance(600);
  makings[2]?.fail(new Error('down again'));
  await settle();
  const third = ask();
  expect(makings).toHaveLength(4);
  await finish(3);
  expect(await third).toBe(3);
});

it('keeps no more than its limit, and renews nothing once it is closed', async () => {
  const { clock, memory, makings, ask, finish } = start(2);
  for (const key of ['a', 'b', 'c']) void ask(key);
  for (const making of [0, 1, 2]) await finish(making);
  expect(await ask('b')).toBe(1);
  void ask('a');
  expect(makings).toHaveLength(4);
  await finish(3);
  memory.close();
  clock.advance(5_000);
  expect(makings).toHaveLength(4);
});
