import { randomUUID } from 'node:crypto';
import { decodeFrameInfo, encodeInput } from '@guruconnect/shared';
import { describe, expect, it } from 'vitest';
import { MACHINE, settle, startSession } from './support/start-session.ts';

const KEY_A = { type: 'key', usage: 4, codePoint: 97, down: true, repeat: false, modifiers: 0 } as const;

describe('who sees the screen', () => {
  it('captures only while somebody who may view is connected', async () => {
    const session = await startSession();
    expect(session.addon.captures).toHaveLength(0);
    const first = session.join(['view']);
    expect(session.addon.running).toHaveLength(1);
    const second = session.join(['view']);
    expect(session.addon.running).toHaveLength(1);
    first.viewer.hangUp();
    expect(session.addon.running).toHaveLength(1);
    second.viewer.hangUp();
    expect(session.addon.running).toHaveLength(0);
    expect(session.server.allTold('peer:state').map((one) => one.state)).toEqual([
      'connected',
      'connected',
      'closed',
      'closed',
    ]);
  });

  it('does not open a peer with a grant that was made for another one', async () => {
    const session = await startSession();
    session.order(['view', 'control'], {
      grant: session.grant(randomUUID(), randomUUID(), ['view', 'control']),
    });
    expect(session.peers.viewers.size).toBe(0);
    expect(session.server.allTold('audit:report').map((one) => one.what)).toEqual(['bad-grant']);
  });

  it('begins every viewer with a key frame, also the late one', async () => {
    const session = await startSession();
    const first = session.join(['view']);
    session.addon.running[0]?.paint();
    session.clock.advance(16);
    session.addon.running[0]?.paint();
    const late = session.join(['view']);
    expect(session.addon.running[0]?.keyFrameRequests).toBe(1);
    session.addon.running[0]?.paint();
    expect(first.viewer.frames.map((frame) => frame.keyFrame)).toEqual([true, false, true]);
    expect(late.viewer.frames.map((frame) => frame.keyFrame)).toEqual([true]);
  });

  it('sends no picture while the grant is narrowed to nothing, and goes on when it is widened', async () => {
    const session = await startSession();
    const joined = session.join(['view', 'control']);
    session.addon.running[0]?.paint();
    joined.regrant([]);
    expect(session.addon.running).toHaveLength(0);
    joined.regrant(['view']);
    session.addon.running[0]?.paint();
    expect(joined.viewer.frames).toHaveLength(2);
    expect(joined.viewer.frames[1]?.keyFrame).toBe(true);
    expect(joined.control().filter((one) => one.type === 'capabilities')).toEqual([
      { type: 'capabilities', capabilities: [] },
      { type: 'capabilities', capabilities: ['view'] },
    ]);
  });

  it('closes a peer when its grant runs out', async () => {
    const session = await startSession();
    const joined = session.join(['view']);
    for (let i = 0; i < 15 * 60; i += 1) {
      session.clock.advance(1000);
      joined.ping();
    }
    expect(joined.viewer.closed).toBe(true);
    expect(session.addon.running).toHaveLength(0);
  });

  it('gives pictures of the same pixels media times that rise', async () => {
    const session = await startSession();
    const joined = session.join(['view']);
    const capture = session.addon.running[0];
    capture?.paint();
    const capturedAtMs = session.clock.monotonicMs();
    session.clock.advance(3_000);
    const refinement = { keyFrame: false, refinement: true, capturedAtMs, qp: 12, damagedPixels: 0 };
    const size = { width: 1280, height: 720, grabMs: 0, convertMs: 0, encodeMs: 0 };
    for (const frameId of [2, 3]) {
      capture?.emit({ type: 'frame', data: Buffer.of(0, 0, 1, 0x41), frameId, ...refinement, ...size });
    }
    const times = joined.viewer.frames.map((frame) => frame.rtpTimestamp / 90);
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeCloseTo(3_000);
    expect(times[2]).toBeGreaterThan(times[1] ?? 0);
    const infos = joined.viewer.messages.filter((one) => one.label === 'frames');
    expect(infos.map((one) => decodeFrameInfo(Buffer.from(one.data)).rtpTimestamp)).toEqual(
      joined.viewer.frames.map((frame) => frame.rtpTimestamp),
    );
  });

  it('tells a viewer where it is and what it may do', async () => {
    const session = await startSession();
    const joined = session.join(['view', 'control']);
    expect(joined.control()[0]).toEqual({
      type: 'hello',
      machine: MACHINE,
      displays: [
        { index: 0, id: 'LEFT', name: 'Left', x: 0, y: 0, width: 1280, height: 720, primary: true },
        { index: 1, id: 'RIGHT', name: 'Right', x: 1280, y: 0, width: 1280, height: 720, primary: false },
      ],
      display: 0,
      tracks: 2,
      capabilities: ['view', 'control'],
    });
  });
});

describe('key frames', () => {
  it('come at once for the controller and every two seconds for everybody else together', async () => {
    const session = await startSession();
    const controller = session.join(['view', 'control']);
    const one = session.join(['view']);
    const two = session.join(['view']);
    const capture = session.addon.running[0];
    session.clock.advance(3_000);
    const before = capture?.keyFrameRequests ?? 0;
    one.viewer.askKeyFrame();
    two.viewer.askKeyFrame();
    one.viewer.askKeyFrame();
    expect(capture?.keyFrameRequests).toBe(before + 1);
    session.clock.advance(300);
    controller.viewer.askKeyFrame();
    expect(capture?.keyFrameRequests).toBe(before + 2);
    // That one served the spectators as well.
    session.clock.advance(1_000);
    expect(capture?.keyFrameRequests).toBe(before + 2);
    two.viewer.askKeyFrame();
    one.viewer.askKeyFrame();
    session.clock.advance(990);
    expect(capture?.keyFrameRequests).toBe(before + 2);
    session.clock.advance(10_000);
    expect(capture?.keyFrameRequests).toBe(before + 3);
  });

  it('do not come because a screen has been still for three seconds, but when they are truly needed', async () => {
    const session = await startSession();
    const joined = session.join(['view', 'control']);
    const capture = session.addon.running[0];
    capture?.paint();
    const before = capture?.keyFrameRequests ?? 0;
    session.clock.advance(3_000);
    joined.viewer.askKeyFrame();
    session.clock.advance(3_000);
    joined.viewer.askKeyFrame();
    expect(capture?.keyFrameRequests).toBe(before);
    session.clock.advance(200);
    joined.viewer.askKeyFrame();
    expect(capture?.keyFrameRequests).toBe(before + 1);
    capture?.paint();
    session.clock.advance(1_000);
    joined.viewer.askKeyFrame();
    expect(capture?.keyFrameRequests).toBe(before + 2);
  });
});

describe('input', () => {
  it('reaches the desktop at the place that the viewer meant', async () => {
    const session = await startSession();
    const joined = session.join(['view', 'control']);
    joined.type({ type: 'move', inputId: 1, display: 1, x: 10, y: 20 });
    joined.type({ type: 'button', inputId: 2, display: 0, x: 5000, y: 9, button: 0, down: true });
    joined.type({ type: 'wheel', inputId: 3, display: 1, x: 0, y: 0, dx: 0, dy: -120 });
    joined.type({ ...KEY_A, inputId: 4 });
    joined.type({ type: 'text', inputId: 5, text: 'Grüße' });
    joined.type({ type: 'held', inputId: 6, usages: [4] });
    expect(session.injected()).toEqual([
      { type: 'move', x: 1290, y: 20 },
      { type: 'move', x: 1279, y: 9 },
      { type: 'button', button: 0, down: true },
      { type: 'move', x: 1280, y: 0 },
      { type: 'wheel', dx: 0, dy: -120 },
      { ...KEY_A },
      { type: 'text', text: 'Grüße' },
      { type: 'held', usages: [4] },
    ]);
  });

  it('takes a move from the reliable channel as well, unless it was overtaken', async () => {
    const session = await startSession();
    const joined = session.join(['view', 'control']);
    joined.viewer.send('input', encodeInput({ type: 'move', inputId: 2, display: 0, x: 7, y: 8 }));
    joined.type({ type: 'move', inputId: 4, display: 0, x: 9, y: 9 });
    joined.viewer.send('input', encodeInput({ type: 'move', inputId: 3, display: 0, x: 1, y: 1 }));
    expect(session.injected()).toEqual([
      { type: 'move', x: 7, y: 8 },
      { type: 'move', x: 9, y: 9 },
    ]);
  });

  it('ignores a move that something newer has overtaken', async () => {
    const session = await startSession();
    const joined = session.join(['view', 'control']);
    joined.type({ type: 'button', inputId: 9, display: 0, x: 50, y: 50, button: 0, down: true });
    joined.type({ type: 'move', inputId: 8, display: 0, x: 1, y: 1 });
    joined.type({ type: 'move', inputId: 11, display: 0, x: 60, y: 60 });
    joined.type({ type: 'move', inputId: 10, display: 0, x: 2, y: 2 });
    const moves = session.injected().filter((one) => one.type === 'move');
    expect(moves).toEqual([
      { type: 'move', x: 50, y: 50 },
      { type: 'move', x: 60, y: 60 },
    ]);
  });

  it('of somebody who may only view is refused by the agent, told and reported, within limits', async () => {
    const session = await startSession();
    const joined = session.join(['view']);
    for (let inputId = 1; inputId <= 50; inputId += 1) joined.type({ ...KEY_A, inputId });
    joined.type({ type: 'move', inputId: 51, display: 0, x: 1, y: 1 });
    joined.viewer.send('control', JSON.stringify({ type: 'special-keys', keys: 'ctrl-alt-delete' }));
    expect(session.injected()).toEqual([]);
    expect(joined.control().filter((one) => one.type === 'refused')).toEqual([
      { type: 'refused', what: 'input', reason: 'You do not have control.' },
      { type: 'refused', what: 'special-keys', reason: 'You do not have control.' },
    ]);
    expect(session.server.allTold('audit:report').map((one) => one.what)).toEqual(['refused-input']);
    session.clock.advance(6_000);
    joined.type({ ...KEY_A, inputId: 52 });
    expect(session.server.allTold('audit:report')[1]?.detail).toContain('52 times');
  });

  it('stops at once when control is taken away, and everything held is released', async () => {
    const session = await startSession();
    const joined = session.join(['view', 'control']);
    joined.type({ ...KEY_A, inputId: 1 });
    joined.regrant(['view']);
    expect(session.injected().at(-1)).toEqual({ type: 'release-all' });
    joined.type({ ...KEY_A, inputId: 2 });
    expect(session.injected()).toHaveLength(2);
  });

  it('is not allowed by an old grant that is played back', async () => {
    const session = await startSession();
    const { peerId, participantId } = session.order(['view', 'control']);
    const viewer = session.peers.viewer(peerId);
    session.server.tell('peer:answer', { peerId, sdp: viewer.answer() });
    const wide = session.grant(peerId, participantId, ['view', 'control']);
    session.server.tell('peer:grant', { peerId, grant: session.grant(peerId, participantId, ['view']) });
    session.server.tell('peer:grant', { peerId, grant: wide });
    viewer.send('control', JSON.stringify({ type: 'special-keys', keys: 'ctrl-alt-delete' }));
    expect(session.injected()).toEqual([]);
    expect(session.server.allTold('audit:report').map((one) => one.what)).toEqual([
      'bad-grant',
      'refused-input',
    ]);
  });

  it.each([
    ['leaves', (joined: Awaited<ReturnType<typeof pressed>>) => joined.viewer.hangUp()],
    [
      'blurs',
      (joined: Awaited<ReturnType<typeof pressed>>) => joined.type({ type: 'release-all', inputId: 9 }),
    ],
    ['falls silent', (joined: Awaited<ReturnType<typeof pressed>>) => joined.session.clock.advance(3_000)],
    [
      'is cut by the server',
      (joined: Awaited<ReturnType<typeof pressed>>) =>
        joined.session.server.tell('peer:cut', { peerId: joined.peerId, reason: 'signed-out' }),
    ],
    [
      'sends something malformed',
      (joined: Awaited<ReturnType<typeof pressed>>) => joined.viewer.send('input', Buffer.of(4, 0)),
    ],
  ])('leaves no key held when the controller %s', async (_how, leave) => {
    const joined = await pressed();
    leave(joined);
    expect(joined.session.injected().at(-1)).toEqual({ type: 'release-all' });
  });

  it('goes on with a heartbeat: nothing is released from a controller who holds a key', async () => {
    const joined = await pressed();
    for (let i = 0; i < 40; i += 1) {
      joined.session.clock.advance(500);
      joined.ping();
    }
    expect(joined.session.injected()).toHaveLength(1);
    expect(joined.control().filter((one) => one.type === 'pong')).toHaveLength(40);
  });

  it('presses Ctrl, Alt and Delete together on request', async () => {
    const session = await startSession();
    const joined = session.join(['view', 'control']);
    joined.viewer.send('control', JSON.stringify({ type: 'special-keys', keys: 'ctrl-alt-delete' }));
    const keys = session.injected().map((one) => one.type === 'key' && [one.usage, one.down]);
    expect(keys).toEqual([
      [0xe0, true],
      [0xe2, true],
      [0x4c, true],
      [0x4c, false],
      [0xe2, false],
      [0xe0, false],
    ]);
  });

  it('is named by the first picture that was grabbed after it', async () => {
    const session = await startSession();
    const joined = session.join(['view', 'control']);
    const spectator = session.join(['view']);
    session.clock.advance(5);
    joined.type({ ...KEY_A, inputId: 7 });
    session.clock.advance(5);
    session.addon.running[0]?.paint();
    const inputIdOf = (viewer: typeof joined.viewer) => {
      const info = viewer.messages.findLast((one) => one.label === 'frames');
      return info && decodeFrameInfo(Buffer.from(info.data)).inputId;
    };
    expect(inputIdOf(joined.viewer)).toBe(7);
    expect(inputIdOf(spectator.viewer)).toBe(0);
  });
});

describe('a hostile viewer', () => {
  it.each([
    ['input', Buffer.of(0xff)],
    ['input', 'text where bytes belong'],
    ['move', Buffer.of(0x07, 0, 0, 0, 1)], // a release
    ['control', Buffer.of(1)],
    ['control', '{'],
    ['control', JSON.stringify({ type: 'ping', n: -1, visible: true })],
    ['control', JSON.stringify({ type: 'ping', n: 1, visible: true, pad: 'x'.repeat(20_000) })],
    ['cursor', Buffer.of(1)],
  ] as const)('loses its channel "%s" for malformed bytes, and it is reported', async (label, data) => {
    const session = await startSession();
    const joined = session.join(['view', 'control']);
    joined.viewer.send(label, data);
    expect(joined.viewer.closedChannels).toEqual([label]);
    expect(session.server.allTold('audit:report').map((one) => one.what)).toEqual(['malformed-message']);
    expect(session.injected()).toEqual([]);
    expect(joined.viewer.closed).toBe(false);
  });
});

describe('peers', () => {
  it('make before they break: the replaced one goes a while after the new one is connected', async () => {
    const session = await startSession();
    const old = session.join(['view']);
    const next = session.order(['view'], { participantId: old.participantId, replaces: old.peerId });
    expect(old.viewer.closed).toBe(false);
    session.server.tell('peer:answer', { peerId: next.peerId, sdp: 'memory-answer' });
    expect(old.viewer.closed).toBe(false);
    session.clock.advance(2_000);
    expect(old.viewer.closed).toBe(true);
    expect(session.peers.viewer(next.peerId).closed).toBe(false);
  });

  it('carry on the input of the peer before: what it still brings does not count twice', async () => {
    const session = await startSession();
    const old = session.join(['view', 'control']);
    old.type({ ...KEY_A, inputId: 1 });
    old.type({ ...KEY_A, down: false, inputId: 2 });
    const next = session.join(['view', 'control'], { participantId: old.participantId });
    const before = session.injected().length;
    next.viewer.send('control', JSON.stringify({ type: 'resume', peerId: old.peerId }));
    expect(next.control().at(-1)).toEqual({ type: 'resumed', peerId: old.peerId, inputId: 2 });
    old.type({ ...KEY_A, inputId: 3 });
    expect(
      session
        .injected()
        .slice(before)
        .filter((one) => one.type === 'key'),
    ).toEqual([]);
    next.type({ ...KEY_A, inputId: 1 });
    expect(session.injected().at(-1)).toMatchObject({ type: 'key', down: true });
  });

  it('tell how far the input of one that is gone came, but not to another participant', async () => {
    const session = await startSession();
    const old = session.join(['view', 'control']);
    old.type({ ...KEY_A, inputId: 7 });
    old.viewer.hangUp();
    const next = session.join(['view', 'control'], { participantId: old.participantId });
    next.viewer.send('control', JSON.stringify({ type: 'resume', peerId: old.peerId }));
    expect(next.control().at(-1)).toMatchObject({ type: 'resumed', inputId: 7 });
    const stranger = session.join(['view', 'control']);
    stranger.viewer.send('control', JSON.stringify({ type: 'resume', peerId: next.peerId }));
    expect(stranger.control().at(-1)).toMatchObject({ type: 'resumed', inputId: Number.MAX_SAFE_INTEGER });
    next.type({ ...KEY_A, inputId: 1 });
    expect(session.injected().at(-1)).toMatchObject({ type: 'key', down: true });
  });

  it('that never connect are given up', async () => {
    const session = await startSession();
    session.order(['view']);
    session.clock.advance(21_000);
    expect(session.server.allTold('peer:state').map((one) => one.state)).toEqual(['failed']);
  });

  it('that fall silent for ten seconds are closed', async () => {
    const session = await startSession();
    const joined = session.join(['view']);
    session.clock.advance(9_900);
    expect(joined.viewer.closed).toBe(false);
    session.clock.advance(700);
    expect(joined.viewer.closed).toBe(true);
  });

  it('live on while the server is away, and those it does not know afterwards are cut', async () => {
    const session = await startSession();
    const kept = session.join(['view']);
    const cut = session.join(['view']);
    session.server.link?.down();
    session.clock.advance(2_000);
    session.addon.running[0]?.paint();
    expect(kept.viewer.frames).toHaveLength(1);
    const renewed = session.grant(kept.peerId, kept.participantId, ['view']);
    session.server.welcome = { ...session.server.welcome, grants: [{ peerId: kept.peerId, grant: renewed }] };
    await session.server.link?.up();
    expect(session.server.asked.at(-1)?.payload).toMatchObject({ peers: [kept.peerId, cut.peerId] });
    expect(kept.viewer.closed).toBe(false);
    expect(cut.viewer.closed).toBe(true);
  });

  it('let reports of the time without a server arrive later', async () => {
    const session = await startSession();
    const joined = session.join(['view']);
    session.server.link?.down();
    joined.type({ ...KEY_A, inputId: 1 });
    expect(session.server.allTold('audit:report')).toHaveLength(0);
    await session.server.link?.up();
    expect(session.server.allTold('audit:report').map((one) => one.what)).toEqual(['refused-input']);
  });
});

describe('the end', () => {
  it('stops capture first and says when, then lets everything go', async () => {
    const session = await startSession();
    const joined = session.join(['view', 'control']);
    joined.type({ ...KEY_A, inputId: 1 });
    const reply = await session.server.ask('session:end', { reason: 'guest-stopped' });
    expect(reply.captureStoppedAfterMs).toBeLessThan(500);
    expect(session.addon.running).toHaveLength(0);
    expect(joined.control().at(-1)).toEqual({ type: 'bye', reason: 'guest-stopped' });
    expect(session.injected().some((one) => one.type === 'release-all')).toBe(true);
    expect(joined.viewer.closed).toBe(true);
    await settle();
    session.clock.advance(200);
    await settle();
    expect(session.ended).toEqual(['guest-stopped']);
    expect(session.injected().at(-1)).toEqual({ type: 'close' });
  });

  it('by the person at the machine is told to the server', async () => {
    const session = await startSession();
    session.join(['view']);
    void session.host.stop('agent-stopped');
    expect(session.addon.running).toHaveLength(0);
    await settle();
    session.clock.advance(200);
    await settle();
    expect(session.server.asked.at(-1)).toEqual({
      name: 'agent:stopped',
      payload: { reason: 'agent-stopped' },
    });
    expect(session.server.allTold('audit:report').map((one) => one.what)).toEqual(['capture-stopped']);
    expect(session.ended).toEqual(['agent-stopped']);
  });

  it('works without a server too', async () => {
    const session = await startSession();
    session.join(['view']);
    session.server.link?.down();
    void session.host.stop('agent-stopped');
    expect(session.addon.running).toHaveLength(0);
    await settle();
    session.clock.advance(200);
    await settle();
    expect(session.ended).toEqual(['agent-stopped']);
  });

  it('comes when the server refuses the token', async () => {
    const session = await startSession();
    session.join(['view']);
    session.server.link?.refuse('The session has ended.');
    expect(session.addon.running).toHaveLength(0);
    await settle();
    session.clock.advance(200);
    await settle();
    expect(session.ended).toEqual([null]);
  });

  it('comes by itself after so long without input', async () => {
    const session = await startSession({ limits: { idleMs: 60_000, endsAt: null } });
    const joined = session.join(['view', 'control']);
    const live = (seconds: number) => {
      for (let i = 0; i < seconds; i += 1) {
        session.clock.advance(1_000);
        joined.ping();
      }
    };
    live(50);
    joined.type({ ...KEY_A, inputId: 1 });
    live(50);
    expect(session.addon.running).toHaveLength(1);
    live(15);
    expect(session.addon.running).toHaveLength(0);
    expect(joined.control().at(-1)).toEqual({ type: 'bye', reason: 'idle-timeout' });
  });

  it('comes by itself at the longest duration, by the server’s time', async () => {
    const session = await startSession({ limits: { idleMs: null, endsAt: 1_700_001_000_000 + 100_000 } });
    const joined = session.join(['view']);
    session.clock.shiftWall(-3_600_000);
    for (let i = 0; i < 99; i += 1) {
      session.clock.advance(1_000);
      joined.ping();
    }
    expect(joined.viewer.closed).toBe(false);
    session.clock.advance(2_000);
    expect(joined.control().at(-1)).toEqual({ type: 'bye', reason: 'maximum-duration' });
  });
});

async function pressed() {
  const session = await startSession();
  const joined = session.join(['view', 'control']);
  joined.type({ ...KEY_A, inputId: 1 });
  expect(session.injected()).toHaveLength(1);
  return { ...joined, session };
}
