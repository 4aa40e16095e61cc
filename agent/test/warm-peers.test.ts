import { describe, expect, it } from 'vitest';
import { startSession } from './support/start-session.ts';

describe('a peer that was made before anybody joined', () => {
  it('opens no capture and tells nothing of the machine or its screen', async () => {
    const session = await startSession();
    const warm = session.join([]);
    expect(session.server.allTold('peer:state').map((one) => one.state)).toEqual(['connected']);
    warm.ping();
    warm.viewer.send('control', JSON.stringify({ type: 'refresh' }));
    warm.viewer.send('control', JSON.stringify({ type: 'select-display', display: 1 }));
    warm.type({ type: 'text', inputId: 1, text: 'x' });
    session.clock.advance(1_000);
    expect(session.addon.captures).toHaveLength(0);
    expect(session.injected()).toEqual([]);
    expect(warm.viewer.frames).toEqual([]);
    expect(warm.control().map((one) => one.type)).toEqual(['pong', 'refused', 'refused']);
    expect(warm.viewer.messages.filter((one) => one.label !== 'control')).toEqual([]);
  });

  it('shows the picture as soon as a grant lets it, and says then where it is', async () => {
    const session = await startSession();
    const warm = session.join([]);
    warm.ping();
    warm.regrant(['view', 'control']);
    expect(session.addon.running).toHaveLength(1);
    session.addon.running[0]?.paint();
    expect(warm.viewer.frames.map((frame) => frame.keyFrame)).toEqual([true]);
    expect(warm.control().at(1)).toMatchObject({
      type: 'hello',
      display: 0,
      capabilities: ['view', 'control'],
      displays: [{ id: 'LEFT' }, { id: 'RIGHT' }],
    });
    warm.regrant(['view']);
    expect(warm.control().filter((one) => one.type === 'hello')).toHaveLength(1);
    expect(warm.control().at(-1)).toEqual({ type: 'capabilities', capabilities: ['view'] });
  });

  it('shows the pointer from then on, its present shape first', async () => {
    const session = await startSession();
    const first = session.join(['view']);
    const rgba = Buffer.alloc(4, 255);
    const shape = { width: 1, height: 1, hotspotX: 0, hotspotY: 0, rgba };
    session.addon.running[0]?.emit({ type: 'cursor-shape', ...shape });
    const warm = session.join([]);
    session.addon.running[0]?.emit({ type: 'cursor-position', x: 5, y: 5 });
    const cursorOf = (joined: typeof warm) => joined.viewer.messages.filter((one) => one.label === 'cursor');
    expect(cursorOf(first).length).toBeGreaterThan(0);
    expect(cursorOf(warm)).toEqual([]);
    warm.regrant(['view']);
    expect(cursorOf(warm).map((one) => String(one.data))).toEqual(
      cursorOf(first).map((one) => String(one.data)),
    );
  });

  it('hears nothing of displays that come and go', async () => {
    const session = await startSession();
    session.join(['view']);
    const warm = session.join([]);
    session.addon.displays = session.addon.displays.slice(0, 1);
    session.addon.running[0]?.emit({ type: 'displays-changed' });
    expect(warm.control()).toEqual([]);
  });

  it('is dropped like any other when its viewer falls silent or its grant runs out', async () => {
    const session = await startSession();
    const warm = session.join([]);
    session.clock.advance(11_000);
    expect(warm.viewer.closed).toBe(true);
    const other = session.join([]);
    for (let second = 0; second < 15 * 60; second += 1) {
      session.clock.advance(1000);
      other.ping();
    }
    expect(other.viewer.closed).toBe(true);
  });
});
