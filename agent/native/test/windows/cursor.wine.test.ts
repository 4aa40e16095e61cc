import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { startWineMachine, type WineMachine } from '../../../../tools/windows/wine-machine.ts';
import type { WineProcess } from '../../../../tools/windows/wine-process.ts';
import type { NativeCursorPosition, NativeCursorShape } from '../../addon.d.ts';
import { startPaintClient } from '../support/paint-client.ts';
import { isType, type Recorder } from '../support/recorder.ts';
import { type RemoteAddon, startRemoteAddon } from './support/remote-addon.ts';

let machine: WineMachine;
let addon: RemoteAddon;
let recorder: Recorder;
let shown: WineProcess | undefined;

beforeAll(async () => {
  machine = await startWineMachine({ width: 800, height: 600, windowManager: false });
  addon = await startRemoteAddon(machine.wine);
});
beforeEach(async () => {
  recorder = await addon.open();
  await recorder.nextFrame();
});
afterEach(async () => {
  await addon.close();
  await shown?.kill();
});
afterAll(async () => {
  await addon?.end();
  await machine?.close();
});

/** Opens a window with such a cursor under the pointer and gives the shape that is told for it. */
async function show(kind: string, fits: (shape: NativeCursorShape) => boolean): Promise<NativeCursorShape> {
  const source = path.join(import.meta.dirname, 'support', 'cursor-window.c');
  shown = await machine.wine.startProgram(source, [kind]);
  await shown.waitFor(/shown/);
  return recorder.next((event): event is NativeCursorShape => event.type === 'cursor-shape' && fits(event));
}

const pixelOf = (shape: NativeCursorShape, x: number, y: number) => [
  ...shape.rgba.subarray((y * shape.width + x) * 4, (y * shape.width + x) * 4 + 4),
];
it('tells the arrow', async () => {
  const arrow = await show('arrow', (shape) => shape.width > 1);
  expect(arrow.rgba.length).toBe(arrow.width * arrow.height * 4);
  const alphas = arrow.rgba.filter((_, at) => at % 4 === 3);
  expect(alphas.includes(0)).toBe(true);
  expect(alphas.includes(255)).toBe(true);
});

/** What is read of a cursor that is drawn for it. */
const read = async (kind: 'alpha' | 'colour' | 'mono') =>
  (await addon.probe('cursorPicture', kind)) as NativeCursorShape;

it('reads colours with their alpha', async () => {
  const shape = await read('alpha');
  expect(shape).toMatchObject({ width: 32, height: 32, hotspotX: 3, hotspotY: 5 });
  expect(pixelOf(shape, 2, 2)).toEqual([255, 0, 0, 255]);
  expect(pixelOf(shape, 20, 20)).toEqual([0, 255, 0, 128]);
  expect(pixelOf(shape, 20, 2)).toEqual([0, 0, 0, 0]);
});

it('reads colours that only have a mask', async () => {
  const shape = await read('colour');
  expect(pixelOf(shape, 2, 2)).toEqual([255, 0, 0, 255]);
  expect(pixelOf(shape, 20, 20)[3]).toBe(0);
});

it('reads black, white, clear and inverted, which becomes black with a white edge', async () => {
  const shape = await read('mono');
  expect(shape).toMatchObject({ width: 32, height: 32, hotspotX: 7, hotspotY: 9 });
  expect(pixelOf(shape, 9, 4)).toEqual([0, 0, 0, 255]);
  expect(pixelOf(shape, 9, 12)).toEqual([255, 255, 255, 255]);
  expect(pixelOf(shape, 9, 20)[3]).toBe(0);
  expect(pixelOf(shape, 9, 23)).toEqual([255, 255, 255, 255]);
  expect(pixelOf(shape, 9, 28)).toEqual([0, 0, 0, 255]);
});

it('tells nothing to be seen when a program hides the pointer', async () => {
  await show('arrow', (shape) => shape.width > 1);
  await shown?.kill();
  const shape = await show('none', ({ rgba }) => rgba.every((byte, at) => at % 4 !== 3 || byte === 0));
  expect(shape).toMatchObject({ width: 1, height: 1 });
});

it('tells where the pointer went, last of all where it stays', async () => {
  const pointer = await startPaintClient(machine.desktop);
  for (let x = 0; x < 50; x += 1) await pointer.movePointer(100 + x, 200);
  const position = await recorder.next(
    (event): event is NativeCursorPosition => isType('cursor-position')(event) && event.x === 149,
  );
  expect(position).toMatchObject({ x: 149, y: 200 });
  await pointer.stop();
});
