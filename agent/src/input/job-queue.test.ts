import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { JobQueue } from './job-queue.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('a job runs at once while none waits', () => {
  const done: string[] = [];
  new JobQueue().run(() => done.push('a') && 0);
  expect(done).toEqual(['a']);
});

test('jobs behind one that waits run after it, in order', () => {
  const queue = new JobQueue();
  const done: string[] = [];
  let waits = [50, 20];
  queue.run(() => {
    const [wait = 0, ...rest] = waits;
    waits = rest;
    done.push(`first ${wait}`);
    return wait;
  });
  queue.run(() => done.push('second') && 0);
  expect(done).toEqual(['first 50']);
  vi.advanceTimersByTime(50);
  expect(done).toEqual(['first 50', 'first 20']);
  vi.advanceTimersByTime(20);
  expect(done).toEqual(['first 50', 'first 20', 'first 0', 'second']);
});

test('clear forgets the waiting job and those behind it', () => {
  const queue = new JobQueue();
  let calls = 0;
  queue.run(() => {
    calls++;
    return 10;
  });
  queue.run(() => {
    calls++;
    return 0;
  });
  queue.clear();
  vi.advanceTimersByTime(100);
  expect(calls).toBe(1);
});

test('a job that throws reaches its caller and does not block the next', () => {
  const queue = new JobQueue();
  expect(() =>
    queue.run(() => {
      throw new Error('lost');
    }),
  ).toThrow('lost');
  let ran = false;
  queue.run(() => {
    ran = true;
    return 0;
  });
  expect(ran).toBe(true);
});
