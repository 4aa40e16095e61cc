import { decodeCursor } from '@guruconnect/shared';
import { describe, expect, it } from 'vitest';
import { RIGHT } from './support/fake-addon.ts';
import { startSession } from './support/start-session.ts';

describe('displays', () => {
  it('are switched on request, and a display that is not there is refused', async () => {
    const session = await startSession();
    const joined = session.join(['view']);
    joined.viewer.send('control', JSON.stringify({ type: 'select-display', display: 1 }));
    expect(session.addon.running.map((one) => one.displayId)).toEqual(['RIGHT']);
    joined.viewer.send('control', JSON.stringify({ type: 'select-display', display: 9 }));
    expect(session.addon.running.map((one) => one.displayId)).toEqual(['RIGHT']);
    expect(joined.control().at(-1)).toMatchObject({ type: 'refused', what: 'display' });
  });

  it('keep their numbers when others go, and viewers of a lost one get the main one', async () => {
    const session = await startSession();
    const joined = session.join(['view']);
    const other = session.join(['view']);
    joined.viewer.send('control', JSON.stringify({ type: 'select-display', display: 1 }));
    const left = session.addon.running.find((one) => one.displayId === 'LEFT');
    session.addon.displays = [RIGHT];
    left?.emit({ type: 'displays-changed' });
    expect(other.control().at(-1)).toMatchObject({ type: 'displays', display: 1, displays: [{ index: 1 }] });
    expect(session.addon.running.map((one) => one.displayId)).toEqual(['RIGHT']);
    expect(
      session.server
        .allTold('agent:displays')
        .at(-1)
        ?.displays.map((one) => one.index),
    ).toEqual([1]);
  });
});

describe('several displays at once', () => {
  const show = (displays: number[]) => JSON.stringify({ type: 'show-displays', displays });

  it('travel on a track each, captured once for all who look', async () => {
    const session = await startSession();
    const joined = session.join(['view', 'control']);
    const other = session.join(['view']);
    joined.viewer.send('control', show([1, 0]));
    expect(session.addon.running.map((one) => one.displayId).sort()).toEqual(['LEFT', 'RIGHT']);
    expect(joined.control().at(-1)).toMatchObject({ type: 'displays', display: 1, shown: [1, 0] });
    for (const capture of session.addon.running) capture.paint();
    for (const capture of session.addon.running) if (capture.displayId === 'LEFT') capture.paint();
    expect(Object.fromEntries(joined.viewer.framesByTrack)).toEqual({ 0: 1, 1: 2 });
    expect(Object.fromEntries(other.viewer.framesByTrack)).toEqual({ 0: 2 });
    joined.viewer.send('control', show([1]));
    other.viewer.hangUp();
    expect(session.addon.running.map((one) => one.displayId)).toEqual(['RIGHT']);
  });

  it('are refused when one is not there, and leave the others as they are', async () => {
    const session = await startSession();
    const joined = session.join(['view']);
    joined.viewer.send('control', show([1, 9]));
    expect(joined.control().at(-1)).toMatchObject({ type: 'refused', what: 'display' });
    expect(session.addon.running.map((one) => one.displayId)).toEqual(['LEFT']);
  });

  it('get key frames of their own', async () => {
    const session = await startSession();
    const joined = session.join(['view', 'control']);
    joined.viewer.send('control', show([0, 1]));
    for (const capture of session.addon.running) capture.paint();
    session.clock.advance(1_000);
    const before = session.addon.running.map((one) => one.keyFrameRequests);
    joined.viewer.askKeyFrame(1);
    expect(session.addon.running.map((one, i) => one.keyFrameRequests - (before[i] ?? 0))).toEqual([0, 1]);
  });
});

describe('the pictures of a display', () => {
  const configured = (session: Awaited<ReturnType<typeof startSession>>) =>
    Object.assign({}, ...(session.addon.running[0]?.configured ?? [])) as Record<string, unknown>;

  it('wait while those before are still leaving, and no longer', async () => {
    const session = await startSession();
    const joined = session.join(['view', 'control']);
    session.addon.running[0]?.paint();
    expect(configured(session).maxFps).toBeUndefined();
    joined.viewer.queue(80);
    session.addon.running[0]?.paint();
    expect(configured(session).maxFps).toBe(1);
    session.clock.advance(75);
    expect(configured(session).maxFps).toBe(1);
    joined.viewer.queue(0);
    session.clock.advance(80);
    expect(configured(session).maxFps).toBe(60);
  });

  it('do not wait for a spectator', async () => {
    const session = await startSession();
    session.join(['view', 'control']);
    const slow = session.join(['view']);
    slow.viewer.queue(800);
    slow.viewer.estimate(200_000);
    session.addon.running[0]?.paint();
    session.clock.advance(1_000);
    expect(configured(session).maxFps).toBeUndefined();
    expect(configured(session).bitrate).toBeUndefined();
  });

  it('follow the path and the wish of the controller, and are told of', async () => {
    const session = await startSession();
    const joined = session.join(['view', 'control']);
    session.addon.running[0]?.paint();
    session.clock.advance(1_000);
    const stream = () => joined.control().filter((one) => one.type === 'stream');
    expect(stream()).toHaveLength(1);
    expect(stream()[0]).toMatchObject({
      track: 0,
      display: 0,
      width: 1280,
      mode: 'auto',
      limitedBy: 'nothing',
    });
    joined.viewer.estimate(1_000_000);
    joined.viewer.send('control', JSON.stringify({ type: 'set-quality', mode: 'sharp-text' }));
    expect(configured(session)).toMatchObject({ bitrate: 744_000, maxQp: 40 });
    session.clock.advance(3_000);
    expect(stream()).toHaveLength(2);
    expect(stream()[1]).toMatchObject({ bitrate: 744_000, mode: 'sharp-text', limitedBy: 'network' });
  });
});

describe('the remote pointer', () => {
  const shape = (fill: number) =>
    ({
      type: 'cursor-shape',
      width: 1,
      height: 1,
      hotspotX: 0,
      hotspotY: 0,
      rgba: Buffer.alloc(4, fill),
    }) as const;

  it('is sent once a shape and named afterwards, hidden when nobody can see it', async () => {
    const session = await startSession();
    const joined = session.join(['view']);
    for (const fill of [9, 9, 5, 9, 0]) session.addon.running[0]?.emit(shape(fill));
    const late = session.join(['view']);
    session.addon.running[0]?.emit(shape(5));
    const seen = (viewer: typeof joined.viewer) =>
      viewer.messages
        .filter((one) => one.label === 'cursor')
        .map((one) => decodeCursor(Buffer.from(one.data)))
        .map((one) => ('shapeId' in one ? `${one.type} ${one.shapeId}` : one.type));
    expect(seen(joined.viewer)).toEqual(['shape 1', 'shape 2', 'use 1', 'hidden', 'use 2']);
    expect(seen(late.viewer)).toEqual(['hidden', 'shape 2']);
  });

  it('does not echo the technician, but tells when a program moves it', async () => {
    const session = await startSession();
    const joined = session.join(['view', 'control']);
    const spectator = session.join(['view']);
    const places = (viewer: typeof joined.viewer) =>
      viewer.messages
        .filter((one) => one.label === 'cursor')
        .map((one) => decodeCursor(Buffer.from(one.data)))
        .filter((one) => one.type === 'position')
        .map(({ display, x, y }) => [display, x, y]);
    joined.type({ type: 'move', inputId: 1, display: 0, x: 10, y: 10 });
    session.addon.running[0]?.emit({ type: 'cursor-position', x: 10, y: 10 });
    session.clock.advance(1_000);
    expect(places(joined.viewer)).toEqual([]);
    expect(places(spectator.viewer)).toEqual([[0, 10, 10]]);

    joined.type({ type: 'move', inputId: 2, display: 0, x: 20, y: 20 });
    session.addon.running[0]?.emit({ type: 'cursor-position', x: 1300, y: 30 }); // a program answers at once
    session.clock.advance(1_000);
    expect(places(joined.viewer)).toEqual([[1, 20, 30]]);
  });
});
