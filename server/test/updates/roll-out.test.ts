import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { IN_FLIGHT_MS } from '../../src/updates/offer-store.ts';
import { DATABASE_KINDS } from '../support/test-databases.ts';
import { releaseOf, setUpdateStage, type UpdateStage } from './support/update-stage.ts';

const HOUR_MS = 60 * 60_000;
const ALL = [{ name: 'Everybody', percent: 100, tags: [] }];
const TWO_RINGS = [
  { name: 'Pilots', percent: 0, tags: ['pilot'] },
  { name: 'Everybody', percent: 100, tags: [] },
];

describe.each(DATABASE_KINDS)('a roll-out on $name', (kind) => {
  let stage: UpdateStage;
  let made = 0;

  beforeAll(async () => {
    stage = await setUpdateStage(kind);
  });
  afterAll(() => stage.close());
  beforeEach(() => {
    made += 1;
    // Every test has a release of its own, newer than those before, and what was under way is over.
    stage.release = releaseOf(`2.${made}.0`);
    stage.clock.advance(IN_FLIGHT_MS);
    stage.settings({ updatesPaused: false, updatesAtOnce: 50, updateRings: ALL, updateRingHours: 24 });
    stage.audit.length = 0;
  });
  const one = async (options = {}): Promise<string> => {
    const [id] = await stage.addMachines(1, options);
    if (id === undefined) throw new Error('No machine was made.');
    return id;
  };
  const actions = () => stage.audit.map(({ action }) => action);

  it('offers the newest version to a machine that is older, and to no other', async () => {
    const { version = '', manifestSha256 } = stage.release ?? {};
    const old = await one();
    expect(await stage.ask(old)).toMatchObject({ version, manifestSha256, wanted: true });
    for (const options of [{ version }, { version: '99.0.0' }]) {
      expect(await stage.ask(await one(options))).toMatchObject({ version, wanted: false });
    }
    const linux = await stage.ask(await one({ os: 'linux' }));
    expect(linux).toMatchObject({ version: '1.0.0', manifestSha256: '', wanted: false });
    stage.release = undefined;
    expect(await stage.ask(old)).toMatchObject({ version: '1.0.0', wanted: false });
    expect(await stage.overview()).toMatchObject({ version: null, rings: [], reports: [] });
  });

  it('has machines ask at different times', async () => {
    const ids = await stage.addMachines(20, { version: '99.0.0' });
    const polls = await Promise.all(ids.map(async (id) => (await stage.ask(id)).pollSeconds));
    expect(new Set(polls).size).toBeGreaterThan(10);
    for (const seconds of polls) expect(seconds).toBeGreaterThanOrEqual(3_600);
  });

  it('waits while it is paused, and says so of each machine', async () => {
    const id = await one();
    stage.settings({ updatesPaused: true });
    expect(await stage.ask(id)).toMatchObject({ wanted: false });
    expect(await stage.stateOf(id)).toEqual({ state: 'outdated', reason: 'Updates are paused.' });
    stage.settings({ updatesPaused: false });
    expect(await stage.ask(id)).toMatchObject({ wanted: true });
    expect(await stage.stateOf(id)).toEqual({ state: 'updating', reason: '' });
    await stage.report(id, 'updated');
    expect(await stage.stateOf(id)).toEqual({ state: 'current', reason: '' });
    expect(await stage.ask(id)).toMatchObject({ wanted: false });
  });

  it('never has more machines at it than it may, however many ask at once', async () => {
    stage.settings({ updatesAtOnce: 7 });
    const ids = await stage.addMachines(40);
    const wanted = await stage.askAll(ids);
    expect(wanted).toHaveLength(7);
    expect((await stage.overview()).inFlight).toBe(7);
    // Those that have a place keep it, the others get none.
    expect((await stage.askAll(ids)).sort()).toEqual([...wanted].sort());
    const [first = '', second = ''] = wanted;
    await stage.report(first, 'updated');
    await stage.report(second, 'rolled-back');
    const others = ids.filter((id) => !wanted.includes(id));
    const next = await stage.askAll(others);
    expect(next).toHaveLength(2);
    expect((await stage.overview()).inFlight).toBe(7);
    // Fewer from now on: nobody is taken off, and nobody is let in.
    stage.settings({ updatesAtOnce: 3 });
    expect(await stage.askAll(others.filter((id) => !next.includes(id)))).toEqual([]);
  });

  it('gives the place of a machine that says nothing to another one, and gives that machine up in the end', async () => {
    stage.settings({ updatesAtOnce: 1 });
    const [silent = '', other = ''] = await stage.addMachines(2);
    expect((await stage.ask(silent)).wanted).toBe(true);
    const busy = await stage.ask(other);
    expect(busy.wanted).toBe(false);
    // It comes back sooner than one that is up to date.
    expect(busy.pollSeconds).toBeLessThan(3_600);
    stage.clock.advance(IN_FLIGHT_MS);
    expect((await stage.ask(other)).wanted).toBe(true);
    expect((await stage.ask(silent)).wanted).toBe(false);
    await stage.report(other, 'updated');
    for (let attempt = 2; attempt <= 5; attempt += 1) {
      expect((await stage.ask(silent)).wanted).toBe(true);
      stage.clock.advance(IN_FLIGHT_MS);
    }
    expect((await stage.ask(silent)).wanted).toBe(false);
    expect(await stage.stateOf(silent)).toMatchObject({ state: 'failed' });
  });

  it('remembers a machine that failed until it shall try again, or another manifest comes', async () => {
    for (const outcome of ['rolled-back', 'refused', 'failed'] as const) {
      const id = await one();
      await stage.ask(id);
      await stage.report(id, outcome);
      expect((await stage.ask(id)).wanted).toBe(false);
      expect(await stage.stateOf(id)).toEqual({ state: 'failed', reason: 'It did not connect.' });
      const [report] = (await stage.overview()).reports;
      expect(report).toMatchObject({ machineId: id, outcome, fromVersion: '1.0.0' });
      expect(await stage.retry([id])).toBe(1);
      expect(await stage.retry([id])).toBe(0);
      expect((await stage.ask(id)).wanted).toBe(true);
      await stage.report(id, outcome);
      const { version = '' } = stage.release ?? {};
      // The same version, made anew.
      stage.release = releaseOf(version, `${version} ${outcome}`);
      expect((await stage.ask(id)).wanted).toBe(true);
      await stage.report(id, 'updated');
    }
    expect(actions().filter((action) => action === 'machine.update-failed')).toHaveLength(6);
  });

  it('listens to nothing that is said of a release that the machine was not offered', async () => {
    const [offered = '', stranger = ''] = await stage.addMachines(2);
    await stage.ask(offered);
    stage.audit.length = 0;
    await stage.report(stranger, 'updated');
    await stage.report(offered, 'updated', { manifestSha256: 'f'.repeat(64) });
    await stage.report(offered, 'updated', { toVersion: '77.0.0' });
    expect(stage.audit).toEqual([]);
    const { versions } = await stage.overview();
    expect(versions.find(({ version }) => version === '77.0.0')).toBeUndefined();
    await stage.report(offered, 'updated');
    // Told twice: the answer to the first may be lost.
    await stage.report(offered, 'updated');
    expect(actions()).toEqual(['machine.updated']);
  });

  it('goes from ring to ring by the clock, unless it is paused', async () => {
    stage.settings({ updateRings: TWO_RINGS });
    const pilot = await one({ tags: ['Pilot'] });
    const other = await one();
    expect([(await stage.ask(pilot)).wanted, (await stage.ask(other)).wanted]).toEqual([true, false]);
    expect((await stage.stateOf(other))?.reason).toContain('Everybody');
    const { rings } = await stage.overview();
    expect(rings.map(({ open }) => open)).toEqual([true, false]);
    expect(rings[1]?.opensAt).toBe(stage.clock.now() + 24 * HOUR_MS);
    stage.clock.advance(24 * HOUR_MS - 1);
    expect((await stage.ask(other)).wanted).toBe(false);
    stage.settings({ updatesPaused: true });
    stage.clock.advance(HOUR_MS);
    expect((await stage.overview()).rings[1]?.open).toBe(false);
    stage.settings({ updatesPaused: false });
    expect((await stage.ask(other)).wanted).toBe(true);
    expect((await stage.overview()).rings.map(({ open }) => open)).toEqual([true, true]);
    expect(actions()).toEqual(['update.started', 'update.ring-opened']);
  });

  it('goes on in the open ring when the manifest of the same version is made anew', async () => {
    stage.settings({ updateRings: TWO_RINGS });
    const other = await one();
    expect((await stage.ask(other)).wanted).toBe(false);
    stage.clock.advance(24 * HOUR_MS);
    const { version = '' } = stage.release ?? {};
    await stage.overview();
    stage.release = releaseOf(version, `${version} for another name`);
    expect((await stage.ask(other)).wanted).toBe(true);
    // Another version begins with the first ring.
    stage.release = releaseOf(`${version}.1`);
    stage.clock.advance(IN_FLIGHT_MS);
    expect((await stage.ask(other)).wanted).toBe(false);
  });

  it('stops by itself when a tenth of the machines of a ring, and three at least, failed', async () => {
    stage.settings({ updateRings: TWO_RINGS, updatesAtOnce: 100 });
    const pilots = await stage.addMachines(31, { tags: ['pilot'] });
    await stage.askAll(pilots);
    const [first = '', second = '', third = '', fourth = '', ...good] = pilots;
    for (const id of good) await stage.report(id, 'updated');
    // Three of thirty are a tenth, and not more.
    for (const id of [first, second, third]) await stage.report(id, 'rolled-back');
    expect((await stage.overview()).stopped).toBeNull();
    await stage.report(fourth, 'rolled-back');
    const { stopped } = await stage.overview();
    expect(stopped?.reason).toContain('4 of 31');
    expect(actions().filter((action) => action === 'update.stopped')).toHaveLength(1);
    // Neither the next ring nor anybody else of this one.
    stage.clock.advance(48 * HOUR_MS);
    const late = await one({ tags: ['pilot'] });
    expect((await stage.ask(late)).wanted).toBe(false);
    expect((await stage.overview()).rings[1]?.open).toBe(false);
    expect((await stage.stateOf(late))?.reason).toBe(stopped?.reason);
    // Somebody decides that it goes on.
    expect(await stage.retry([first])).toBe(1);
    expect((await stage.overview()).stopped).toBeNull();
    expect(await stage.askAll([late, first, second])).toEqual([late, first]);
  });

  it('stops at three failures when nobody succeeds, and not at two', async () => {
    const ids = await stage.addMachines(3);
    await stage.askAll(ids);
    const [first = '', second = '', third = ''] = ids;
    await stage.report(first, 'rolled-back');
    await stage.report(second, 'failed');
    expect((await stage.overview()).stopped).toBeNull();
    await stage.report(third, 'rolled-back');
    expect((await stage.overview()).stopped).not.toBeNull();
    await stage.retry([]);
    expect((await stage.overview()).stopped).toBeNull();
  });

  it('goes on where it was after the server began anew', async () => {
    stage.settings({ updateRings: TWO_RINGS, updatesAtOnce: 2 });
    const [failed = '', atIt = '', waiting = ''] = await stage.addMachines(3, { tags: ['pilot'] });
    const [other = ''] = await stage.addMachines(1);
    await stage.ask(failed);
    await stage.report(failed, 'rolled-back');
    await stage.askAll([atIt]);
    stage.clock.advance(24 * HOUR_MS - IN_FLIGHT_MS / 2);
    await stage.ask(waiting);
    await stage.restart();
    expect((await stage.overview()).inFlight).toBe(1);
    expect((await stage.ask(failed)).wanted).toBe(false);
    expect((await stage.ask(other)).wanted).toBe(false);
    // The day of the first ring went on while the server was down.
    stage.clock.advance(IN_FLIGHT_MS / 2);
    await stage.restart();
    expect((await stage.ask(other)).wanted).toBe(true);
    await stage.report(waiting, 'updated');
    expect((await stage.overview()).rings[0]).toMatchObject({ machines: expect.any(Number), open: true });
    expect(actions().filter((action) => action === 'update.started')).toHaveLength(1);
  });
});
