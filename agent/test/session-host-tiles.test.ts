import { decodeTiles, type TileMessage } from '@guruconnect/shared';
import { describe, expect, it, vi } from 'vitest';
import type { NativeTile } from '../native/addon.d.ts';
import type { FakeCapture } from './support/fake-addon.ts';
import { startSession } from './support/start-session.ts';

const SURFACE = { surfaceWidth: 1280, surfaceHeight: 720 };
const TILE: NativeTile = {
  index: 5,
  hash: 55,
  colours: Buffer.from([255, 0, 0, 0, 0, 255]),
  pixels: Buffer.alloc(4096, 1),
};

let frames = 100;

/** A picture of the screen in which these tiles changed. */
function paint(capture: FakeCapture | undefined, changed: readonly number[], keyFrame = false): void {
  frames += 1;
  const bits = Buffer.alloc(changed.length > 0 ? 30 : 0);
  for (const tile of changed) bits[tile >> 3] = (bits[tile >> 3] ?? 0) | (1 << (tile & 7));
  capture?.emit({
    type: 'frame',
    data: Buffer.from([0, 0, 0, 1, 0x65]),
    keyFrame,
    frameId: frames,
    width: 1280,
    height: 720,
    capturedAtMs: 0,
    grabMs: 0,
    convertMs: 0,
    encodeMs: 0,
    damagedPixels: 1,
    refinement: false,
    qp: 14,
    tiles: { ...SURFACE, changed: bits },
  });
}

const EVERY = Array.from({ length: 240 }, (_, tile) => tile);

/** A session with a viewer who looks at a screen that has just been painted. */
async function startPainted(capabilities: ('view' | 'control')[] = ['view']) {
  const session = await startSession();
  const joined = session.join(capabilities);
  const capture = session.addon.running[0];
  paint(capture, EVERY, true);
  const tiles = (): TileMessage[] =>
    joined.viewer.messages.flatMap(({ label, data }) =>
      label === 'tiles' && typeof data !== 'string' ? [decodeTiles(data)] : [],
    );
  const answer = (found: readonly NativeTile[]): void => {
    const request = capture?.tileRequests.at(-1);
    if (!request) throw new Error('nothing was asked for');
    const plain = request.tiles.filter((tile) => found.every(({ index }) => index !== tile));
    const rest = { ...SURFACE, frameId: frames, abandoned: false, plain };
    capture?.emit({ type: 'tiles', id: request.id, tiles: found, ...rest });
  };
  return { session, joined, capture, tiles, answer };
}

describe('tiles of a session', () => {
  it('come once the screen has stood still, and are named before the picture that changes them', async () => {
    const { session, joined, capture, tiles, answer } = await startPainted();
    session.clock.advance(1_000);
    expect(capture?.tileRequests.length).toBe(1);
    answer([TILE]);
    await vi.waitFor(() => expect(tiles().length).toBe(1));
    const rtp = joined.viewer.frames.at(-1)?.rtpTimestamp;
    expect(tiles()).toMatchObject([
      { type: 'pixels', track: 0, tiles: [5], colours: 2, contentRtp: rtp, toldRtp: rtp },
    ]);
    paint(capture, [5]);
    const next = joined.viewer.frames.at(-1)?.rtpTimestamp;
    expect(tiles().at(-1)).toEqual({ type: 'changed', track: 0, rtp: next, tiles: 'all' });
    const order = joined.viewer.messages.map(({ label }) => label);
    // What is told beside the picture follows it.
    expect(order.lastIndexOf('tiles')).toBeLessThan(order.lastIndexOf('frames'));
  });

  it('are cleared when the viewer looks at another display', async () => {
    const { session, joined, tiles, answer } = await startPainted(['view', 'control']);
    session.clock.advance(1_000);
    answer([TILE]);
    await vi.waitFor(() => expect(tiles().length).toBe(1));
    joined.viewer.send('control', JSON.stringify({ type: 'select-display', display: 1 }));
    paint(
      session.addon.running.find(({ displayId }) => displayId === 'RIGHT'),
      EVERY,
      true,
    );
    expect(tiles().at(-1)).toEqual({ type: 'clear', track: 0 });
  });

  it('are not sent to somebody who may not look any more', async () => {
    const { session, joined, tiles, answer } = await startPainted();
    session.clock.advance(1_000);
    joined.regrant([]);
    answer([TILE]);
    session.clock.advance(1_000);
    await new Promise((resolve) => setImmediate(resolve));
    expect(tiles()).toEqual([]);
  });
});

it('a viewer who sends on the channel of tiles loses it', async () => {
  const { joined } = await startPainted();
  joined.viewer.send('tiles', Uint8Array.of(0x34, 0));
  expect(joined.viewer.closedChannels).toEqual(['tiles']);
});
