import { afterAll, beforeAll, expect, it } from 'vitest';
import { startWineMachine, type WineMachine } from '../../../../tools/windows/wine-machine.ts';
import { type RemoteAddon, startRemoteAddon } from './support/remote-addon.ts';

type Area = readonly [x: number, y: number, width: number, height: number];

let machine: WineMachine;
let addon: RemoteAddon;

beforeAll(async () => {
  machine = await startWineMachine({ width: 800, height: 600, windowManager: false });
  addon = await startRemoteAddon(machine.wine);
});
afterAll(async () => {
  await addon?.end();
  await machine?.close();
});

const disjoint = (...areas: readonly Area[]) => addon.probe('disjointAreas', areas) as Promise<Area[]>;

const openReader = (kind: 'best' | 'dxgi') => addon.probe('openReader', kind, 800, 600);

it('is told by Wine that it duplicates no monitor', async () => {
  // E_NOTIMPL: adapter and monitor were found, and a device was made for them.
  expect(await openReader('dxgi')).toMatchObject({ failure: 'DuplicateOutput: 0x80004001' });
  expect(await openReader('dxgi')).toMatchObject({ failure: 'DuplicateOutput: 0x80004001' });
});

it('falls back on GDI without delay', async () => {
  expect(await openReader('best')).toEqual({ isTold: false, tookMs: expect.any(Number) });
  const { tookMs } = (await openReader('best')) as { tookMs: number };
  expect(tookMs).toBeLessThan(200);
});

it('keeps areas apart that lie apart, and takes what is told twice once', async () => {
  expect(await disjoint([0, 0, 10, 10], [20, 0, 10, 10], [0, 0, 10, 10], [2, 2, 3, 3])).toEqual([
    [0, 0, 10, 10],
    [20, 0, 10, 10],
  ]);
});

it('cuts what overlaps, and covers each pixel once', async () => {
  const told: Area[] = [
    [10, 10, 20, 20],
    [0, 15, 40, 5],
    [25, 5, 10, 30],
    [5, 5, 40, 40],
  ];
  const covered = new Map<number, number>();
  for (const [x, y, width, height] of await disjoint(...told)) {
    for (let at = 0; at < width * height; at += 1) {
      const pixel = (y + Math.floor(at / width)) * 64 + x + (at % width);
      covered.set(pixel, (covered.get(pixel) ?? 0) + 1);
    }
  }
  const inside = (pixel: number) =>
    told.some(([x, y, width, height]) => {
      const [left, top] = [(pixel % 64) - x, Math.floor(pixel / 64) - y];
      return left >= 0 && left < width && top >= 0 && top < height;
    });
  for (let pixel = 0; pixel < 64 * 64; pixel += 1)
    expect(covered.get(pixel) ?? 0).toBe(inside(pixel) ? 1 : 0);
});

it('joins hundreds of areas to the one around them', async () => {
  const many = Array.from({ length: 101 }, (_, at): Area => [at * 3, at * 2, 1, 1]);
  expect(await disjoint(...many)).toEqual([[0, 0, 301, 201]]);
});
