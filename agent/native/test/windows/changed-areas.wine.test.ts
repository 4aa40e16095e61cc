import { afterAll, beforeAll, expect, it } from 'vitest';
import { WinePrefix } from '../../../../tools/windows/wine-prefix.ts';
import { type RemoteAddon, startRemoteAddon } from './support/remote-addon.ts';

type Area = readonly [x: number, y: number, width: number, height: number];

let wine: WinePrefix;
let addon: RemoteAddon;

beforeAll(async () => {
  wine = await WinePrefix.create();
  addon = await startRemoteAddon(wine);
});
afterAll(async () => {
  await addon?.end();
  await wine?.close();
});

const areasOf = (width: number, height: number, ...changes: readonly Area[]) =>
  addon.probe('changedAreas', width, height, changes);

it('finds nothing where nothing differs', async () => {
  expect(await areasOf(640, 480)).toEqual([]);
});

it('gives the rows that changed, over the width of a tile', async () => {
  expect(await areasOf(640, 480, [70, 100, 1, 3])).toEqual([[64, 100, 64, 3]]);
});

it('joins tiles side by side and one below the other', async () => {
  expect(await areasOf(640, 480, [10, 10, 200, 200])).toEqual([[0, 10, 256, 200]]);
  expect(await areasOf(640, 480, [0, 0, 640, 480])).toEqual([[0, 0, 640, 480]]);
});

it('keeps apart what lies apart', async () => {
  const areas = await areasOf(640, 480, [0, 0, 10, 10], [600, 0, 10, 10], [0, 300, 10, 10]);
  expect(areas).toEqual([
    [0, 0, 64, 10],
    [576, 0, 64, 10],
    [0, 300, 64, 10],
  ]);
});

it('sees the last pixel of a screen that no tile fits', async () => {
  expect(await areasOf(802, 602, [801, 601, 1, 1])).toEqual([[768, 601, 34, 1]]);
});
