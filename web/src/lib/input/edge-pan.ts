import type { Box, Point } from './picture-layout.ts';

const EDGE_PX = 32;
/** CSS pixels a frame at the very edge. */
const FASTEST_PX = 18;

/** How far to scroll in one frame while the pointer is near an edge of a picture larger than its stage. */
export function edgePanStep(pointer: Point, stage: Box): { dx: number; dy: number } {
  return {
    dx: step(pointer.x - stage.left, stage.width),
    dy: step(pointer.y - stage.top, stage.height),
  };
}

function step(at: number, length: number): number {
  if (at < EDGE_PX) return -speed(at);
  return at > length - EDGE_PX ? speed(length - at) : 0;
}

function speed(distance: number): number {
  return Math.ceil((FASTEST_PX * (EDGE_PX - Math.max(0, distance))) / EDGE_PX) + 0;
}
