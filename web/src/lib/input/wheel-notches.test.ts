import { expect, it } from 'vitest';
import { WheelNotches } from './wheel-notches.ts';

const pixels = (deltaY: number, deltaX = 0) => ({ deltaX, deltaY, deltaMode: 0 });

it('counts 100 pixels as one notch, down and right positive', () => {
  expect(new WheelNotches().add(pixels(100, -50))).toEqual({ dx: -60, dy: 120 });
});

it('counts three lines as one notch', () => {
  expect(new WheelNotches().add({ deltaX: 0, deltaY: 3, deltaMode: 1 })).toEqual({ dx: 0, dy: 120 });
});

it('takes a notched wheel at its word, whatever the pixels say', () => {
  const turn = { deltaX: 0, deltaY: 53.3, deltaMode: 0, wheelDeltaX: 0, wheelDeltaY: -120 };
  expect(new WheelNotches().add(turn)).toEqual({ dx: 0, dy: 120 });
});

it('adds up the fractions of a touch pad until they make a unit', () => {
  const wheel = new WheelNotches();
  const turns = Array.from({ length: 10 }, () => wheel.add(pixels(0.5)).dy);
  expect(turns.reduce((sum, dy) => sum + dy, 0)).toBe(6);
  expect(turns[0]).toBe(0);
});

it('keeps the sign of fractions when the direction changes', () => {
  const wheel = new WheelNotches();
  expect(wheel.add(pixels(0.75))).toEqual({ dx: 0, dy: 0 });
  expect(wheel.add(pixels(-1.5))).toEqual({ dx: 0, dy: 0 });
  expect(wheel.add(pixels(-0.75))).toEqual({ dx: 0, dy: -1 });
});

it('forgets the rest when reset', () => {
  const wheel = new WheelNotches();
  wheel.add(pixels(0.75));
  wheel.reset();
  expect(wheel.add(pixels(0.75)).dy).toBe(0);
});

it('never makes more than fits into a message', () => {
  expect(new WheelNotches().add(pixels(1e9)).dy).toBe(32_767);
});
