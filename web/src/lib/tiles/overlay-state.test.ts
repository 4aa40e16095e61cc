import { beforeEach, describe, expect, it } from 'vitest';
import { OverlayState } from './overlay-state.ts';

let state: OverlayState;
/** Tiles whose pixels came with the picture `content`; pictures up to `told` are known of. */
function send(tiles: number[], content: number, told = content) {
  return state.ready(state.tilesTold({ contentRtp: content, toldRtp: told }), tiles, content);
}

beforeEach(() => {
  state = new OverlayState();
});

describe('the state of an overlay', () => {
  it('paints a tile over the picture it belongs to', () => {
    state.shown(100);
    expect(send([1, 2], 100)).toEqual({ paint: [1, 2], wipe: [] });
    expect(state.isHidden).toBe(false);
  });

  it('keeps a tile back until its picture, or a newer one, is on the screen', () => {
    state.shown(100);
    expect(send([1], 200)).toEqual({ paint: [], wipe: [] });
    expect(state.shown(150).paint).toEqual([]);
    expect(state.shown(200).paint).toEqual([1]);
  });

  it('paints nothing before it knows which picture is on the screen', () => {
    expect(send([1], 100).paint).toEqual([]);
    expect(state.isHidden).toBe(true);
    expect(state.shown(100).paint).toEqual([1]);
  });

  it('wipes what has changed at once, and nothing else', () => {
    state.shown(100);
    send([1, 2, 3], 100);
    expect(state.changed(200, [2, 9])).toEqual({ paint: [], wipe: [2] });
    expect(state.isHidden).toBe(false);
    expect(state.shown(200)).toEqual({ paint: [], wipe: [] });
    expect(state.changed(300, 'all')).toEqual({ paint: [], wipe: 'all' });
    expect(state.shown(300).paint).toEqual([]);
  });

  it('hides everything under a picture that it was not told of, and shows it again once it was', () => {
    state.shown(100);
    send([1, 2], 100);
    state.shown(200);
    expect(state.isHidden).toBe(true);
    state.changed(200, [2]);
    expect(state.isHidden).toBe(false);
  });

  it('hides everything as soon as a picture that it was not told of is on its way', () => {
    state.shown(100);
    send([1], 100);
    state.coming(200);
    expect(state.isHidden).toBe(true);
    state.coming(150);
    state.changed(200, []);
    expect(state.isHidden).toBe(false);
  });

  it('stays when a picture sharpens the last one', () => {
    state.shown(100);
    send([1], 100);
    expect(state.changed(200, [])).toEqual({ paint: [], wipe: [] });
    state.shown(200);
    expect(state.isHidden).toBe(false);
    expect(state.paintedCount).toBe(1);
  });

  it('does not paint a tile that changed while its pixels were unpacked', () => {
    state.shown(100);
    const order = state.tilesTold({ contentRtp: 100, toldRtp: 100 });
    state.changed(200, [2]);
    expect(state.ready(order, [1, 2], 100).paint).toEqual([1]);
    const next = state.tilesTold({ contentRtp: 200, toldRtp: 200 });
    state.changed(300, 'all');
    expect(state.ready(next, [1, 2], 200).paint).toEqual([]);
  });

  it('does not paint what was unpacked for what the track showed before', () => {
    state.shown(100);
    const order = state.tilesTold({ contentRtp: 100, toldRtp: 100 });
    expect(state.clear()).toEqual({ paint: [], wipe: 'all' });
    expect(state.ready(order, [1], 100).paint).toEqual([]);
  });

  it('paints a tile anew when its pixels come again', () => {
    state.shown(100);
    send([1], 100);
    state.changed(200, [1]);
    state.shown(200);
    expect(send([1], 200).paint).toEqual([1]);
  });

  it('goes by what is on its way when the screen says nothing, as after a tab was hidden', () => {
    state.shown(100);
    state.coming(200);
    expect(send([1], 200).paint).toEqual([]);
    expect(state.caughtUp().paint).toEqual([1]);
    expect(state.isHidden).toBe(false);
    state.coming(300);
    state.caughtUp();
    expect(state.isHidden).toBe(true);
  });

  it('knows which timestamp is newer when they wrap around', () => {
    state.shown(0xffff_ff00);
    send([1], 0xffff_ff00);
    state.shown(0x100);
    expect(state.isHidden).toBe(true);
    state.changed(0x100, []);
    expect(state.isHidden).toBe(false);
  });
});
