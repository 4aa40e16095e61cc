import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockDataDir } from './data-dir-lock.ts';

describe('the lock of a data directory', () => {
  let directory: string;
  let path: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'gc-lock-'));
    path = join(directory, 'pglite.lock');
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it('is held by one, and named to the other', async () => {
    const unlock = await lockDataDir(path, 0);
    await expect(lockDataDir(path, 0)).rejects.toThrow(`another process uses ${path} (pid ${process.pid})`);
    unlock();
    expect(readdirSync(directory)).toEqual([]);
  });

  it('is given to one of many that start at once', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => lockDataDir(path, 0)));
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
    expect(readdirSync(directory)).toEqual(['pglite.lock']);
  });

  it('waits for a process that is just ending', async () => {
    const unlock = await lockDataDir(path, 0);
    const second = lockDataDir(path, 5_000);
    unlock();
    (await second)();
    expect(existsSync(path)).toBe(false);
  });

  it.each([
    ['is gone', JSON.stringify({ pid: 2 ** 22 - 1, startedAt: null })],
    [
      'has left its pid to another process',
      JSON.stringify({ pid: process.pid, startedAt: 'another boot 1' }),
    ],
    ['crashed while it wrote', '{"pi'],
  ])('is taken over from a process that %s', async (_what, content) => {
    writeFileSync(path, content);
    const unlock = await lockDataDir(path, 0);
    expect(readdirSync(directory)).toEqual(['pglite.lock']);
    unlock();
  });
});
