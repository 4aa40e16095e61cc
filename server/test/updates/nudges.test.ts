import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { DATABASE_KINDS } from '../support/test-databases.ts';
import { releaseOf, setUpdateStage, type UpdateStage } from './support/update-stage.ts';

const WAIT = { timeout: 10_000, interval: 50 };

describe.each(DATABASE_KINDS)('machines are told of an update on $name', (kind) => {
  let stage: UpdateStage;

  beforeAll(async () => {
    stage = await setUpdateStage(kind);
  });
  afterAll(() => stage.close());
  beforeEach(async () => {
    await stage.clear();
    stage.release = releaseOf('2.0.0');
  });
  const toldIds = () => stage.told.map(({ machineId }) => machineId);

  it('when they are online and due, no more than may be at it, and each once', async () => {
    stage.settings({ updatesAtOnce: 4 });
    await stage.addMachines(3, { online: false });
    await stage.addMachines(2, { os: 'linux' });
    await stage.addMachines(2, { version: '2.0.0' });
    const due = await stage.addMachines(10);
    expect(await stage.nudge()).toBe(4);
    expect(stage.told.every(({ version }) => version === '2.0.0')).toBe(true);
    // They have half a minute to come.
    expect(await stage.nudge()).toBe(0);
    stage.clock.advance(30_000);
    expect(await stage.nudge()).toBe(4);
    expect(new Set(toldIds()).size).toBe(8);
    for (const id of toldIds()) expect(due).toContain(id);
    expect(await stage.askAll(due)).toHaveLength(4);
    stage.clock.advance(30_000);
    expect(await stage.nudge()).toBe(0);
  });

  it('in turn, and again after a while when they did not come', async () => {
    stage.settings({ updatesAtOnce: 3 });
    const due = await stage.addMachines(6);
    for (let round = 0; round < 2; round += 1) {
      expect(await stage.nudge()).toBe(3);
      stage.clock.advance(30_000);
    }
    expect(toldIds().sort()).toEqual([...due].sort());
    expect(await stage.nudge()).toBe(0);
    stage.clock.advance(20 * 60_000);
    expect(await stage.nudge()).toBe(3);
  });

  it('of the next release as well, however shortly it follows', async () => {
    const due = await stage.addMachines(2);
    expect(await stage.nudge()).toBe(2);
    stage.release = releaseOf('2.0.1');
    expect(await stage.nudge()).toBe(2);
    expect(toldIds().sort()).toEqual([...due, ...due].sort());
  });

  it('not while updates are paused, nor before their ring', async () => {
    const rings = [
      { name: 'Pilots', percent: 0, tags: ['pilot'] },
      { name: 'Everybody', percent: 100, tags: [] },
    ];
    stage.settings({ updatesPaused: true, updateRings: rings });
    const [pilot] = await stage.addMachines(1, { tags: ['pilot'] });
    await stage.addMachines(5);
    expect(await stage.nudge()).toBe(0);
    stage.settings({ updatesPaused: false });
    expect(await stage.nudge()).toBe(1);
    expect(toldIds()).toEqual([pilot]);
  });

  it('by itself when a release appears, and when settings change', async () => {
    stage.release = undefined;
    const [id] = await stage.addMachines(1);
    stage.timers.advance(15_000);
    stage.release = releaseOf('2.0.0');
    // A round that still runs is not doubled.
    const isTold = (afterMs: number) =>
      vi.waitFor(() => {
        stage.timers.advance(afterMs);
        expect(toldIds()).toContain(id);
      }, WAIT);
    await isTold(15_000);
    stage.told.length = 0;
    stage.settings({ updatesAtOnce: 10 });
    await isTold(500);
  });
});
