import { beforeEach, expect, it } from 'vitest';
import { DOUBLE_TAP_MS, LONG_PRESS_MS, TouchGestures } from './touch-gestures.ts';

let touch: TouchGestures;
const at = (x: number, y = 0) => ({ x, y });

beforeEach(() => {
  touch = new TouchGestures();
});

it('makes a left click of a tap, at the place where it began', () => {
  expect(touch.down(1, at(10), 0)).toEqual([]);
  touch.move(1, at(13));
  expect(touch.up(1, at(13), 100)).toEqual([
    { type: 'button', at: at(10), button: 0, down: true },
    { type: 'button', at: at(10), button: 0, down: false },
  ]);
});

it('makes a right click of a long press and nothing of its release', () => {
  touch.down(1, at(10), 0);
  expect(touch.holdAtMs).toBe(LONG_PRESS_MS);
  expect(touch.hold(LONG_PRESS_MS - 1)).toEqual([]);
  expect(touch.hold(LONG_PRESS_MS)).toMatchObject([
    { button: 2, down: true },
    { button: 2, down: false },
  ]);
  expect(touch.up(1, at(10), 100)).toEqual([]);
});

it('drags with one finger', () => {
  touch.down(1, at(0), 0);
  expect(touch.move(1, at(30))).toEqual([
    { type: 'button', at: at(0), button: 0, down: true },
    { type: 'move', at: at(30) },
  ]);
  expect(touch.hold(LONG_PRESS_MS)).toEqual([]);
  expect(touch.move(1, at(40))).toEqual([{ type: 'move', at: at(40) }]);
  expect(touch.up(1, at(50), 100)).toEqual([{ type: 'button', at: at(50), button: 0, down: false }]);
});

it('pans with two fingers by the mean of their movements', () => {
  touch.down(1, at(0, 0), 0);
  touch.down(2, at(100, 0), 10);
  const steps = [...touch.move(1, at(0, 20)), ...touch.move(2, at(100, 20))];
  // The first finger alone is within what fingers tremble.
  expect(steps).toEqual([{ type: 'pan', at: at(50, 20), dx: 0, dy: 20 }]);
  expect(touch.move(2, at(100, 26))).toEqual([{ type: 'pan', at: at(50, 23), dx: 0, dy: 3 }]);
  expect(touch.up(1, at(0, 20), 100)).toEqual([]);
  expect(touch.move(2, at(100, 90))).toEqual([]);
  expect(touch.up(2, at(100, 90), 100)).toEqual([]);
});

it('ends a drag when a second finger comes', () => {
  touch.down(1, at(0), 0);
  touch.move(1, at(30));
  expect(touch.down(2, at(90), 20)).toEqual([{ type: 'button', at: at(90), button: 0, down: false }]);
  expect(touch.move(1, at(60))).toEqual([]);
});

it('starts afresh after the system took the fingers away', () => {
  touch.down(1, at(0), 0);
  touch.move(1, at(30));
  touch.cancel();
  expect(touch.up(1, at(30), 100)).toEqual([]);
  touch.down(3, at(5), 100);
  expect(touch.up(3, at(5), 100)).toHaveLength(2);
});

it('makes a double click of two quick taps, both at the first one', () => {
  const clickAt = (x: number) => [
    { type: 'button', at: at(x), button: 0, down: true },
    { type: 'button', at: at(x), button: 0, down: false },
  ];
  const tap = (x: number, ms: number) => {
    touch.down(1, at(x), ms);
    return touch.up(1, at(x), ms + 50);
  };
  expect(tap(100, 0)).toEqual(clickAt(100));
  expect(tap(120, 200)).toEqual(clickAt(100));
  // A third tap begins anew, and so does one that comes late or far off.
  expect(tap(120, 400)).toEqual(clickAt(120));
  expect(tap(125, 400 + DOUBLE_TAP_MS + 1)).toEqual(clickAt(125));
  expect(tap(165, 900)).toEqual(clickAt(165));
});

it('zooms by how far two fingers move apart, around their middle', () => {
  touch.down(1, at(100), 0);
  touch.down(2, at(200), 10);
  expect(touch.move(2, at(210))).toEqual([]);
  expect(touch.move(2, at(250))).toEqual([{ type: 'pinch', at: at(175), factor: 1.5, dx: 25, dy: 0 }]);
  expect(touch.move(1, at(50))).toMatchObject([{ type: 'pinch', at: at(150), dx: -25 }]);
  expect(touch.move(1, at(200))).toMatchObject([{ type: 'pinch', factor: 0.25 }]);
  expect(touch.up(1, at(200), 100)).toEqual([]);
  expect(touch.up(2, at(250), 110)).toEqual([]);
});
