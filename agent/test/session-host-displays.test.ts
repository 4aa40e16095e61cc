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
