import { describe, expect, it } from 'vitest';
import { createAppLaunch, LAUNCH_WAIT_MS } from './app-launch.ts';

function stage(options: { isAutomatic?: boolean; kept?: Map<string, string> } = {}) {
  const { isAutomatic = true, kept = new Map<string, string>() } = options;
  const opened: string[] = [];
  const saved: string[] = [];
  let waiting: { delayMs: number; deed: () => void } | undefined;
  const launch = createAppLaunch({
    code: '847291',
    isAutomatic,
    openAddress: (address) => opened.push(address),
    save: (path) => saved.push(path),
    after: (delayMs, deed) => {
      waiting = { delayMs, deed };
      return () => {
        waiting = undefined;
      };
    },
    memory: { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value) },
  });
  return { launch, opened, saved, kept, waiting: () => waiting };
}

describe('getting the Windows program to run', () => {
  it('opens an installed one first and downloads after three seconds without it', () => {
    const { launch, opened, saved, waiting } = stage();
    launch.begin();
    expect(opened).toEqual(['guruconnect://session/847291']);
    expect(saved).toEqual([]);
    expect(waiting()?.delayMs).toBe(LAUNCH_WAIT_MS);
    waiting()?.deed();
    expect(saved).toEqual(['/download/windows/GuruConnect-847291.exe']);
    expect(launch.getState().step).toBe('downloaded');
  });

  it('downloads nothing once the agent is there', () => {
    const { launch, saved, waiting } = stage();
    launch.begin()();
    expect(waiting()).toBeUndefined();
    expect(saved).toEqual([]);
  });

  it('does nothing by itself after a reload, but does when asked', () => {
    const first = stage();
    first.launch.begin();
    first.waiting()?.deed();
    const second = stage({ kept: first.kept });
    second.launch.begin();
    expect(second.opened).toEqual([]);
    expect(second.launch.getState().step).toBe('idle');
    second.launch.download();
    expect(second.saved).toHaveLength(1);
  });

  it('does nothing by itself after the program was there and went', () => {
    const { launch, opened, waiting } = stage({ isAutomatic: false });
    launch.begin();
    expect(opened).toEqual([]);
    expect(waiting()).toBeUndefined();
  });
});
