import type { UpdateRing } from '@guruconnect/shared';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { updateFleet } from '../../src/db/schema/delivery.ts';
import { ringOf, ringPlan } from '../../src/updates/ring-plan.ts';
import { DATABASE_KINDS } from '../support/test-databases.ts';
import { releaseOf, setUpdateStage, type UpdateStage } from './support/update-stage.ts';

const MACHINES = 5_000;
const VERSIONS = ['1.1.0', '1.2.0', '2.0.0', '2.0.1', '10.0.0'];

const ring = (percent: number, tags: string[] = []): UpdateRing => ({ name: `${percent} %`, percent, tags });

describe.each(DATABASE_KINDS)('update rings on $name', (kind) => {
  let stage: UpdateStage;
  let pilots: string[];

  beforeAll(async () => {
    stage = await setUpdateStage(kind);
    await stage.addMachines(MACHINES - 20);
    pilots = await stage.addMachines(20, { tags: ['Pilot'] });
  }, 60_000);
  afterAll(() => stage.close());

  async function ringsOf(rings: readonly UpdateRing[], version: string): Promise<Map<string, number | null>> {
    const rows = await stage.handle.db
      .select({ id: updateFleet.machineId, ring: ringOf(ringPlan(rings), version) })
      .from(updateFleet);
    return new Map(rows.map((row) => [row.id, row.ring]));
  }
  const sizeOf = (rings: Map<string, number | null>, upTo: number) =>
    [...rings.values()].filter((one) => one !== null && one <= upTo).length;

  it.each(VERSIONS)('hold so many machines as they say, for version %s', async (version) => {
    const percents = [1, 10, 25, 50, 100];
    const rings = await ringsOf(
      percents.map((percent) => ring(percent)),
      version,
    );
    for (const [at, percent] of percents.entries()) {
      const share = percent / 100;
      // Five standard deviations: chance alone misses that once in a million.
      const tolerance = 5 * Math.sqrt(MACHINES * share * (1 - share));
      expect(Math.abs(sizeOf(rings, at) - MACHINES * share)).toBeLessThanOrEqual(tolerance);
    }
  });

  it('keep every machine that they had when a percentage rises, and move nobody back', async () => {
    const before = await ringsOf([ring(5), ring(30), ring(80)], '1.1.0');
    const after = await ringsOf([ring(10), ring(60), ring(100)], '1.1.0');
    for (const [id, was] of before) {
      if (was === null) continue;
      expect(after.get(id) ?? Number.POSITIVE_INFINITY).toBeLessThanOrEqual(was);
    }
    expect(sizeOf(after, 2)).toBe(MACHINES);
  });

  it('are the same however often they are asked for, and other machines go first with another version', async () => {
    const plan = [ring(10), ring(100)];
    const first = await ringsOf(plan, '1.1.0');
    expect(await ringsOf(plan, '1.1.0')).toEqual(first);
    const firstTo = async (version: string) =>
      new Set([...(await ringsOf(plan, version))].filter(([, at]) => at === 0).map(([id]) => id));
    const [one, other] = [await firstTo('1.1.0'), await firstTo('1.2.0')];
    const both = [...one].filter((id) => other.has(id)).length;
    // A tenth of a tenth would be in both by chance.
    expect(both / one.size).toBeLessThan(0.25);
  });

  it('take in machines with their tags, whatever the case, and leave out those of no ring', async () => {
    const rings = await ringsOf([ring(0, ['PILOT']), ring(0), ring(20)], '1.1.0');
    for (const id of pilots) expect(rings.get(id)).toBe(0);
    expect(sizeOf(rings, 1)).toBe(pilots.length);
    expect(sizeOf(rings, 2)).toBeLessThan(MACHINES / 4);
    expect([...rings.values()].filter((one) => one === null).length).toBeGreaterThan(MACHINES / 2);
  });

  it('lose nobody to a percentage that is lower than the one before', async () => {
    const rings = await ringsOf([ring(40), ring(10), ring(100)], '1.1.0');
    const sizes = [0, 1, 2].map((at) => sizeOf(rings, at));
    expect(sizes[1]).toBe(sizes[0]);
    expect(sizes[2]).toBe(MACHINES);
  });

  it('are counted in the overview as they are', async () => {
    stage.release = releaseOf('1.1.0');
    stage.settings({ updateRings: [ring(0, ['pilot']), ring(30), ring(100)] });
    const [linux] = await stage.addMachines(1, { os: 'linux' });
    await stage.handle.db.execute(sql`UPDATE machines SET agent_version = '1.1.0' WHERE id = ${pilots[0]}`);
    const { rings, versions } = await stage.overview();
    expect(rings.map(({ machines }) => machines).reduce((a, b) => a + b)).toBe(MACHINES);
    expect(rings[0]).toMatchObject({ machines: pilots.length, updated: 1, open: true });
    expect(versions).toEqual([
      { version: '1.1.0', machines: 1 },
      { version: '1.0.0', machines: MACHINES },
    ]);
    await stage.handle.db.execute(
      sql`UPDATE machines SET removed_at = now() WHERE id IN (${linux}, ${pilots[1]})`,
    );
    const after = await stage.overview();
    expect(after.rings[0]).toMatchObject({ machines: pilots.length - 1, updated: 1 });
    expect(after.versions[1]).toMatchObject({ machines: MACHINES - 2 });
  });
});
