import { expect, it } from 'vitest';
import { edgePanStep } from './edge-pan.ts';

const stage = { left: 100, top: 50, width: 400, height: 300 };

it('does not move while the pointer is away from the edges', () => {
  expect(edgePanStep({ x: 300, y: 200 }, stage)).toEqual({ dx: 0, dy: 0 });
});

it('moves faster the nearer the edge is', () => {
  const near = edgePanStep({ x: 480, y: 200 }, stage).dx;
  const nearer = edgePanStep({ x: 499, y: 200 }, stage).dx;
  expect(near).toBeGreaterThan(0);
  expect(nearer).toBeGreaterThan(near);
});

it('moves up and left at the other edges, at most at full speed outside', () => {
  expect(edgePanStep({ x: 50, y: 60 }, stage)).toEqual({ dx: -18, dy: -13 });
});
