import { beforeEach, describe, expect, it } from 'vitest';
import { TileLedger } from './tile-ledger.ts';

const SURFACE = { width: 640, height: 128 };
let ledger: TileLedger;

beforeEach(() => {
  ledger = new TileLedger(0, 'screen');
  ledger.changed('all', SURFACE);
});

describe('what a viewer holds', () => {
  it('is nothing before a picture has left', () => {
    expect(ledger.lacks(3)).toBe(false);
    expect(ledger.pictureLeaves(100, true)).toBeUndefined();
    expect(ledger.lacks(3)).toBe(true);
    expect(ledger.moment).toEqual({ contentRtp: 100, toldRtp: 100 });
  });

  it('needs no word while no tile is shown', () => {
    ledger.pictureLeaves(100, true);
    ledger.changed([3], SURFACE);
    expect(ledger.pictureLeaves(200, true)).toBeUndefined();
  });

  it('is told before each picture while tiles are shown: what it changes, and what it does not', () => {
    ledger.pictureLeaves(100, true);
    for (const tile of [1, 2, 7]) ledger.tileSent(tile, tile * 11);
    ledger.changed([], SURFACE);
    expect(ledger.pictureLeaves(200, true)).toEqual({ type: 'changed', track: 0, rtp: 200, tiles: [] });
    expect(ledger.moment).toEqual({ contentRtp: 100, toldRtp: 200 });
    ledger.changed([2, 5], SURFACE);
    expect(ledger.lacks(2)).toBe(false);
    expect(ledger.pictureLeaves(300, true)).toEqual({ type: 'changed', track: 0, rtp: 300, tiles: [2] });
    expect(ledger.moment).toEqual({ contentRtp: 300, toldRtp: 300 });
    expect([ledger.lacks(1), ledger.lacks(2), ledger.lacks(5)]).toEqual([false, true, true]);
  });

  it('is told in one word that everything is gone', () => {
    ledger.pictureLeaves(100, true);
    ledger.tileSent(1, 11);
    ledger.tileSent(2, 22);
    ledger.changed([1, 2, 3], SURFACE);
    expect(ledger.pictureLeaves(200, true)).toMatchObject({ tiles: 'all' });
  });

  it('counts what changed in pictures that were never sent', () => {
    ledger.pictureLeaves(100, true);
    ledger.tileSent(1, 11);
    ledger.tileSent(2, 22);
    ledger.changed([1], SURFACE);
    ledger.changed([], SURFACE);
    expect(ledger.pictureLeaves(200, true)).toMatchObject({ tiles: [1] });
  });

  it('stays unknown where a picture that was held back is older than the last change', () => {
    ledger.pictureLeaves(100, true);
    ledger.tileSent(1, 11);
    ledger.tileSent(2, 22);
    ledger.changed([1], SURFACE);
    expect(ledger.pictureLeaves(200, false)).toMatchObject({ tiles: [1] });
    expect(ledger.lacks(1)).toBe(false);
    ledger.pictureLeaves(300, true);
    expect(ledger.lacks(1)).toBe(true);
  });

  it('knows the pixels that a viewer keeps although they are not shown', () => {
    ledger.pictureLeaves(100, true);
    ledger.tileSent(1, 11);
    ledger.changed([1], SURFACE);
    ledger.pictureLeaves(200, true);
    expect([ledger.holds(1, 11), ledger.holds(1, 12)]).toEqual([true, false]);
  });

  it('starts anew with another size, once the viewer has dropped the old', () => {
    ledger.pictureLeaves(100, true);
    ledger.tileSent(1, 11);
    ledger.changed('all', { width: 320, height: 128 });
    expect(ledger.holds(1, 11)).toBe(false);
    expect(ledger.pictureLeaves(200, true)).toEqual({ type: 'clear', track: 0 });
    expect(ledger.lacks(1)).toBe(false);
    ledger.toldSent(true);
    expect(ledger.lacks(1)).toBe(true);
  });

  it('starts anew when the viewer could not be told', () => {
    ledger.pictureLeaves(100, true);
    ledger.tileSent(1, 11);
    ledger.changed([1], SURFACE);
    ledger.pictureLeaves(200, true);
    ledger.toldSent(false);
    expect(ledger.lacks(1)).toBe(false);
    expect(ledger.clearOwed()).toEqual({ type: 'clear', track: 0 });
    expect(ledger.pictureLeaves(300, true)).toEqual({ type: 'clear', track: 0 });
    ledger.toldSent(true);
    expect(ledger.clearOwed()).toBeUndefined();
    expect(ledger.lacks(1)).toBe(true);
  });

  it('is cleared first when the track showed another display', () => {
    const next = new TileLedger(0, 'other', true);
    next.changed('all', SURFACE);
    expect(next.pictureLeaves(100, true)).toEqual({ type: 'clear', track: 0 });
  });
});
