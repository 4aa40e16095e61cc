import { decodeTiles, type TileMessage } from '@guruconnect/shared';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NativeFrame, NativeTile, NativeTileRequest } from '../../native/addon.d.ts';
import { FakeClock } from '../../test/support/fake-clock.ts';
import { TileRouter } from './tile-router.ts';

/** 20 tiles in one row. */
const SURFACE = { width: 1280, height: 64 };
const EVERY = Array.from({ length: 20 }, (_, tile) => tile);

let clock: FakeClock;
let asked: NativeTileRequest[];
let router: TileRouter;
let frames: number;
let deflations: number;
let pending: (() => void)[];

class Viewer {
  readonly id: string;
  readonly got: TileMessage[] = [];
  allowed = true;
  open = true;
  constructor(id: string) {
    this.id = id;
  }
  mayView(): boolean {
    return this.allowed;
  }
  send(bytes: Uint8Array): boolean {
    if (this.open) this.got.push(decodeTiles(bytes));
    return this.open;
  }
  get pixels() {
    return this.got.filter((one) => one.type === 'pixels');
  }
}

let viewer: Viewer;

beforeEach(() => {
  clock = new FakeClock();
  asked = [];
  frames = 0;
  deflations = 0;
  pending = [];
  router = new TileRouter({
    desktop: { requestTiles: (_displayId, request) => asked.push(request) },
    clock,
    log: { debug() {}, info() {}, warn() {}, error() {} } as never,
    startBitrate: 4_000_000,
    deflate: (bytes) => {
      deflations += 1;
      return new Promise((resolve) => pending.push(() => resolve(bytes.subarray(0, 40))));
    },
  });
  viewer = new Viewer('a');
  router.follow(viewer);
});

/** A frame of the capture that is sent to these viewers; what changed as tile numbers. */
function frame(
  changed: readonly number[],
  to: readonly Viewer[] = [viewer],
  more: Partial<NativeFrame> & { displayId?: string; width?: number } = {},
): number {
  frames += 1;
  const bits = Buffer.alloc(changed.length > 0 ? 3 : 0);
  for (const tile of changed) bits[tile >> 3] = (bits[tile >> 3] ?? 0) | (1 << (tile & 7));
  const { displayId = 'screen', ...rest } = more;
  const native: NativeFrame = {
    type: 'frame',
    data: Buffer.alloc(1),
    keyFrame: false,
    frameId: frames,
    ...SURFACE,
    capturedAtMs: 0,
    grabMs: 0,
    convertMs: 0,
    encodeMs: 0,
    damagedPixels: 0,
    refinement: changed.length === 0,
    qp: 14,
    tiles: { surfaceWidth: SURFACE.width, surfaceHeight: SURFACE.height, changed: bits },
    ...rest,
  };
  router.frame(displayId, native);
  const rtp = 1_000 * frames;
  for (const one of to) router.pictureLeaves(one.id, { track: 0, displayId, frameId: frames, rtp });
  return rtp;
}

const tile = (index: number, hash = index): NativeTile => ({
  index,
  hash,
  colours: Buffer.from([255, 0, 0]),
  pixels: Buffer.alloc(4096),
});

/** The capture answers the last request; the tiles are packed. */
async function answer(tiles: readonly NativeTile[], plain: readonly number[] = [], displayId = 'screen') {
  const request = asked.at(-1);
  if (!request) throw new Error('nothing was asked for');
  router.take(displayId, {
    type: 'tiles',
    id: request.id,
    frameId: frames,
    surfaceWidth: SURFACE.width,
    surfaceHeight: SURFACE.height,
    abandoned: false,
    tiles,
    plain,
  });
  await packed();
}

async function packed(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) {
    for (const resolve of pending.splice(0)) resolve();
    await Promise.resolve();
  }
}

const others = (...but: number[]) => EVERY.filter((one) => !but.includes(one));

afterEach(() => router.unfollow('a'));

describe('when tiles are asked for', () => {
  it('is after 300 ms without a change, and not before', () => {
    frame(EVERY);
    clock.advance(299);
    expect(asked).toEqual([]);
    clock.advance(1);
    expect(asked).toMatchObject([{ tiles: EVERY, coarse: false }]);
  });

  it('is after the video has been silent for a moment', () => {
    frame(EVERY);
    for (let refinement = 0; refinement < 10; refinement += 1) {
      clock.advance(80);
      frame([]);
    }
    expect(asked).toEqual([]);
    clock.advance(100);
    expect(asked.length).toBe(1);
  });

  it('is never while nobody may view, on a path that is too narrow, or before a picture was sent', () => {
    viewer.allowed = false;
    frame(EVERY);
    clock.advance(5_000);
    viewer.allowed = true;
    router.bitrateChanged('a', 150_000);
    frame(EVERY);
    clock.advance(5_000);
    router.bitrateChanged('a', 4_000_000);
    frame(EVERY, []);
    clock.advance(5_000);
    expect(asked).toEqual([]);
  });

  it('is as soon as the path has room again, though the screen stands still', () => {
    router.bitrateChanged('a', 150_000);
    frame(EVERY);
    clock.advance(10_000);
    expect(asked).toEqual([]);
    router.bitrateChanged('a', 180_000);
    clock.advance(10_000);
    expect(asked).toEqual([]);
    router.bitrateChanged('a', 300_000);
    clock.advance(1);
    expect(asked.length).toBe(1);
  });

  it('is not again while nothing changes and everything was sent or is not worth it', async () => {
    frame(EVERY);
    clock.advance(300);
    await answer([tile(3), tile(4)], others(3, 4));
    clock.advance(60_000);
    frame([]);
    clock.advance(60_000);
    expect(asked.length).toBe(1);
    frame([3]);
    clock.advance(300);
    expect(asked.at(-1)).toMatchObject({ tiles: [3] });
  });

  it('is again, for the rest, when the capture stopped at the limit', async () => {
    frame(EVERY);
    clock.advance(300);
    await answer([tile(0)], [1, 2]);
    clock.advance(1_000);
    expect(asked.at(-1)).toMatchObject({ tiles: EVERY.slice(3) });
  });

  it('is again when the capture gave it up, or never answers', () => {
    frame(EVERY);
    clock.advance(300);
    const surface = { surfaceWidth: SURFACE.width, surfaceHeight: SURFACE.height };
    const nothing = { ...surface, frameId: 1, tiles: [], plain: [] };
    router.take('screen', { type: 'tiles', id: asked[0]?.id ?? 0, abandoned: true, ...nothing });
    clock.advance(300);
    expect(asked.length).toBe(2);
    clock.advance(1_999);
    expect(asked.length).toBe(2);
    clock.advance(2);
    expect(asked.length).toBe(3);
    router.take('screen', { type: 'tiles', id: asked[0]?.id ?? 0, abandoned: false, ...nothing });
    expect(viewer.got).toEqual([]);
  });

  it('includes black on white while the video is coarse or scaled', async () => {
    frame(EVERY, [viewer], { qp: 34 });
    clock.advance(300);
    expect(asked.at(-1)).toMatchObject({ coarse: true });
    await answer([], EVERY);
    frame([], [viewer], { qp: 14 });
    clock.advance(1_000);
    expect(asked.length).toBe(1);
    frame([], [viewer], { width: 640, height: 32 });
    clock.advance(300);
    expect(asked.at(-1)).toMatchObject({ coarse: true, tiles: EVERY });
  });
});

describe('what a viewer is sent', () => {
  it('is pixels with the moment they hold for, once', async () => {
    const content = frame(EVERY);
    clock.advance(80);
    const told = frame([]);
    clock.advance(300);
    await answer([tile(3), tile(4)], others(3, 4));
    expect(viewer.got).toMatchObject([
      { type: 'pixels', tiles: [3, 4], contentRtp: content, toldRtp: told, surface: SURFACE, colours: 1 },
    ]);
  });

  it('is never a tile of a picture that changed while it was packed', async () => {
    frame(EVERY);
    clock.advance(300);
    const answered = answer([tile(3)], others(3));
    frame([3]);
    await answered;
    expect(viewer.got).toEqual([]);
    clock.advance(300);
    expect(asked.at(-1)?.tiles).toContain(3);
  });

  it('is the word that a tile is as before, when its pixels are known', async () => {
    frame(EVERY);
    clock.advance(300);
    await answer([tile(3, 33), tile(4)], others(3, 4));
    const changed = frame([3]);
    expect(viewer.got.at(-1)).toEqual({ type: 'changed', track: 0, rtp: changed, tiles: [3] });
    clock.advance(3_000);
    await answer([tile(3, 33)]);
    expect(viewer.got.at(-1)).toMatchObject({ type: 'same', tiles: [3], contentRtp: changed });
    expect(viewer.pixels.length).toBe(1);
  });

  it('is told of each picture before it leaves while tiles are shown, and dropped when the display changes', async () => {
    frame(EVERY);
    clock.advance(300);
    await answer([tile(3)], others(3));
    const sharper = frame([]);
    expect(viewer.got.at(-1)).toEqual({ type: 'changed', track: 0, rtp: sharper, tiles: [] });
    frame(EVERY, [viewer], { displayId: 'other' });
    expect(viewer.got.at(-1)).toEqual({ type: 'clear', track: 0 });
  });

  it('comes in step with 40 % of what the path carries', async () => {
    router.bitrateChanged('a', 400_000);
    frame(EVERY);
    let sentAtMs = clock.monotonicMs();
    const rates: number[] = [];
    for (let next = 0; next < 20; next += 1) {
      const before = asked.length;
      while (asked.length === before) clock.advance(1);
      const last = viewer.pixels.at(-1);
      const nowMs = clock.monotonicMs();
      if (last) rates.push((59 + 2 * last.tiles.length - 2) / (nowMs - sentAtMs));
      sentAtMs = nowMs;
      await answer([tile(next)]);
    }
    // 400 kbit/s are 50 bytes a ms.
    for (const rate of rates) expect(rate).toBeLessThanOrEqual(20);
    expect(viewer.pixels.length).toBe(20);
  });

  it('is asked for in smaller portions on a narrow path', async () => {
    frame(EVERY);
    clock.advance(300);
    const wide = asked.at(-1)?.limit ?? 0;
    await answer([], EVERY);
    router.bitrateChanged('a', 300_000);
    frame(EVERY);
    clock.advance(300);
    expect(asked.at(-1)?.limit).toBeLessThan(wide);
  });

  it('waits longer and longer while the channel takes nothing, then begins anew', async () => {
    viewer.open = false;
    frame(EVERY);
    clock.advance(300);
    await answer([tile(3)], others(3));
    const before = asked.length;
    clock.advance(400);
    expect(asked.length).toBe(before);
    clock.advance(200);
    expect(asked.length).toBe(before + 1);
    viewer.open = true;
    await answer([tile(3)]);
    expect(viewer.pixels.length).toBe(1);
  });

  it('begins with clear after a word was lost', async () => {
    frame(EVERY);
    clock.advance(300);
    await answer([tile(3)], others(3));
    viewer.open = false;
    frame([3]);
    viewer.open = true;
    clock.advance(300);
    expect(viewer.got.at(-1)).toEqual({ type: 'clear', track: 0 });
    clock.advance(3_000);
    await answer([tile(3)]);
    expect(viewer.got.at(-1)).toMatchObject({ type: 'pixels', tiles: [3] });
  });
});

describe('several viewers', () => {
  it('share what is asked for and packed', async () => {
    const other = new Viewer('b');
    router.follow(other);
    frame(EVERY, [viewer, other]);
    clock.advance(300);
    await answer([tile(3), tile(4)], others(3, 4));
    expect([asked.length, deflations]).toEqual([1, 1]);
    expect(other.got).toEqual(viewer.got);
  });

  it('each get what they lack: one who comes later gets everything, the others nothing twice', async () => {
    frame(EVERY);
    clock.advance(300);
    await answer([tile(3), tile(4)], others(3, 4));
    const late = new Viewer('late');
    router.follow(late);
    frame([], [viewer, late]);
    clock.advance(300);
    expect(asked.at(-1)).toMatchObject({ tiles: [3, 4] });
    await answer([tile(3), tile(4)]);
    expect(late.pixels.length).toBe(1);
    expect(viewer.pixels.length).toBe(1);
  });

  it('of other displays are left alone', async () => {
    const other = new Viewer('b');
    router.follow(other);
    frame(EVERY, [other], { displayId: 'other' });
    frame(EVERY);
    clock.advance(300);
    const request = asked.find((one) => one.id === asked.length);
    expect(request).toBeDefined();
    frame([], [other], { displayId: 'other' });
    expect(other.got).toEqual([]);
  });
});
