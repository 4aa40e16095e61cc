import { beforeEach, describe, expect, it } from 'vitest';
import { TileBoard } from './tile-board.ts';

/** Two tiles. */
let board: TileBoard;
const rested = (nowMs: number) => board.rested(() => true, nowMs);

beforeEach(() => {
  board = new TileBoard({ width: 128, height: 64 }, 0);
});

describe('the board of a display', () => {
  it('lets a tile rest for 300 ms after its last change', () => {
    expect(rested(299)).toEqual({ tiles: [], nextAtMs: 300 });
    board.changed([1], 200);
    expect(rested(300)).toEqual({ tiles: [0], nextAtMs: 500 });
    expect(rested(500)).toEqual({ tiles: [0, 1], nextAtMs: Number.POSITIVE_INFINITY });
  });

  it('leaves out what is not wanted, and what is not worth sending until it changes', () => {
    expect(board.rested((tile) => tile === 1, 1_000).tiles).toEqual([1]);
    board.settle([0]);
    expect(rested(1_000).tiles).toEqual([1]);
    board.changed([0], 1_000);
    expect(rested(2_000).tiles).toEqual([0, 1]);
    board.settle([0, 1]);
    board.unsettle();
    expect(rested(2_000).tiles).toEqual([0, 1]);
  });

  it('waits longer and longer for a tile that keeps changing after it was sent, and forgives it in time', () => {
    let nowMs = 0;
    const waits: number[] = [];
    for (let round = 0; round < 7; round += 1) {
      const { nextAtMs } = board.rested((tile) => tile === 0, nowMs);
      waits.push(nextAtMs - nowMs);
      board.sent(0, nextAtMs);
      nowMs = nextAtMs + 500;
      board.changed([0], nowMs);
    }
    expect(waits).toEqual([300, 600, 1_200, 2_400, 4_800, 8_000, 8_000]);
    board.sent(0, nowMs + 8_000);
    board.changed([0], nowMs + 60_000);
    expect(rested(nowMs + 60_300).tiles).toContain(0);
  });

  it('does not hold a blinking cursor against the tiles beside it', () => {
    board.sent(0, 400);
    board.sent(1, 400);
    board.changed([0], 500);
    expect(board.rested((tile) => tile === 1, 800).tiles).toEqual([1]);
  });
});
