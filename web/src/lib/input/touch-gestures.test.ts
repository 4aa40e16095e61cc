import { beforeEach, expect, it } from 'vitest';
import { LONG_PRESS_MS, TouchGestures } from './touch-gestures.ts';

let touch: TouchGestures;
const at = (x: number, y = 0) => ({ x, y });

beforeEach(() => {
  touch = new TouchGestures();
});

it('makes a left click of a tap, at the place where it began', () => {
  expect(touch.down(1, at(10), 0)).toEqual([]);
  touch.move(1, at(13));
  expect(touch.up(1, at(13))).toEqual([
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
  expect(touch.up(1, at(10))).toEqual([]);
});

it('drags with one finger', () => {
  touch.down(1, at(0), 0);
  expect(touch.move(1, at(30))).toEqual([
    { type: 'button', at: at(0), button: 0, down: true },
    { type: 'move', at: at(30) },
  ]);
  expect(touch.hold(LONG_PRESS_MS)).toEqual([]);
  expect(touch.move(1, at(40))).toEqual([{ type: 'move', at: at(40) }]);
  expect(touch.up(1, at(50))).toEqual([{ type: 'button', at: at(50), button: 0, down: false }]);
});

it('pans with two fingers by the mean of their movements', () => {
  touch.down(1, at(0, 0), 0);
  touch.down(2, at(100, 0), 10);
  const steps = [...touch.move(1, at(0, 20)), ...touch.move(2, at(100, 20))];
  expect(steps.map((step) => step.type === 'pan' && step.dy)).toEqual([10, 10]);
  expect(touch.up(1, at(0, 20))).toEqual([]);
  expect(touch.move(2, at(100, 90))).toEqual([]);
  expect(touch.up(2, at(100, 90))).toEqual([]);
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
  expect(touch.up(1, at(30))).toEqual([]);
  touch.down(3, at(5), 100);
  expect(touch.up(3, at(5))).toHaveLength(2);
});
