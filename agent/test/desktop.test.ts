import { beforeEach, describe, expect, it } from 'vitest';
import { createLog } from '../src/core/log.ts';
import { Desktop } from '../src/desktop/desktop.ts';
import type { DesktopCommand, DesktopHelperListener } from '../src/desktop/desktop-messages.ts';
import { QualityPolicy } from '../src/quality/quality-policy.ts';
import { LEFT } from './support/fake-addon.ts';
import { FakeClock } from './support/fake-clock.ts';
import { settle } from './support/start-session.ts';

const SETTINGS = new QualityPolicy({ bitrate: 1_000_000 }).settings;
const KEY = { type: 'key', usage: 4, codePoint: 97, repeat: false, modifiers: 0 } as const;

interface Helper {
  readonly listener: DesktopHelperListener;
  readonly commands: DesktopCommand[];
  closed: boolean;
}

let clock: FakeClock;
let helpers: Helper[];
let states: string[];
let desktop: Desktop;
let logged: string;

beforeEach(() => {
  clock = new FakeClock();
  logged = '';
  helpers = [];
  states = [];
  desktop = new Desktop({
    clock,
    random: () => 1,
    log: createLog(
      'info',
      (line) => {
        logged += line;
      },
      () => clock.now(),
    ),
    display: ':1',
    encoder: 'media-foundation',
    openHelper: (listener) => {
      const helper: Helper = { listener, commands: [], closed: false };
      helpers.push(helper);
      return {
        send: (command) => helper.commands.push(command),
        close: () => {
          helper.closed = true;
        },
      };
    },
  });
  desktop.start({
    onDisplays: () => {},
    onFrame: () => {},
    onTiles: () => {},
    onCursor: () => {},
    onState: (state, reason) => states.push(reason === null ? state : `${state}: ${reason}`),
    onInputFailed: () => {},
  });
});

const opened = (index: number) => helpers[index]?.listener.onEvent({ type: 'opened', displays: [LEFT] });
const commandsOf = (index: number) => helpers[index]?.commands ?? [];

describe('the desktop', () => {
  it('asks for the encoder of its configuration, and logs which one makes the pictures', () => {
    opened(0);
    desktop.watch('LEFT', SETTINGS);
    expect(commandsOf(0).at(-1)).toEqual({
      type: 'watch',
      displayId: 'LEFT',
      settings: { ...SETTINGS, encoder: 'media-foundation' },
    });
    const reason = 'Media Foundation: Windows has no H.264 encoder';
    helpers[0]?.listener.onEvent({ type: 'encoder', displayId: 'LEFT', name: 'OpenH264', reason });
    expect(logged).toContain('OpenH264');
    expect(logged).toContain(reason);
  });

  it('puts captures, their newest settings and pressed keys right after its helper died', () => {
    opened(0);
    desktop.watch('LEFT', SETTINGS);
    desktop.configure('LEFT', { bitrate: 2_000_000 });
    desktop.input('peer', 1, [{ ...KEY, down: true }]);
    desktop.input('peer', 2, [{ ...KEY, usage: 5, down: true }]);
    desktop.input('peer', 3, [{ ...KEY, usage: 5, down: false }]);
    helpers[0]?.listener.onGone('crash');
    clock.advance(100);
    expect(commandsOf(1)).toEqual([{ type: 'open', display: ':1' }]);
    opened(1);
    // The display server holds the key down still: pressing it does nothing, releasing it does.
    const release = [
      { ...KEY, down: true },
      { ...KEY, down: false },
    ];
    expect(commandsOf(1).slice(1)).toEqual([
      { type: 'input', source: '', inputId: 0, actions: release },
      {
        type: 'watch',
        displayId: 'LEFT',
        settings: { ...SETTINGS, encoder: 'media-foundation', bitrate: 2_000_000 },
      },
    ]);
  });

  it('waits longer and longer for a helper that keeps dying, five seconds at most', () => {
    const waits: number[] = [];
    for (let i = 0; i < 9; i += 1) {
      helpers.at(-1)?.listener.onGone('crash');
      const count = helpers.length;
      let waitedMs = 0;
      while (helpers.length === count) {
        clock.advance(50);
        waitedMs += 50;
      }
      waits.push(waitedMs);
    }
    expect(waits).toEqual([100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000]);
  });

  it('tries to open the display again and says why it cannot', () => {
    helpers[0]?.listener.onEvent({ type: 'open-failed', reason: 'no display' });
    clock.advance(5_000);
    expect(commandsOf(0)).toHaveLength(2);
    opened(0);
    expect(states).toEqual(['unavailable: no display', 'running']);
  });

  it('starts a failed capture anew as long as it is wanted', () => {
    opened(0);
    desktop.watch('LEFT', SETTINGS);
    helpers[0]?.listener.onEvent({ type: 'capture-failed', displayId: 'LEFT', reason: 'gone' });
    clock.advance(5_000);
    expect(commandsOf(0).filter((one) => one.type === 'watch')).toHaveLength(2);
    helpers[0]?.listener.onEvent({ type: 'capture-failed', displayId: 'LEFT', reason: 'gone' });
    desktop.unwatch('LEFT');
    clock.advance(5_000);
    expect(commandsOf(0).filter((one) => one.type === 'watch')).toHaveLength(2);
  });

  it('does not start a helper again after it was stopped', async () => {
    opened(0);
    const stopped = desktop.stop();
    helpers[0]?.listener.onGone('crash');
    await stopped;
    clock.advance(60_000);
    expect(helpers).toHaveLength(1);
  });

  it('does not wait for a helper that does not answer', async () => {
    opened(0);
    let done = false;
    void desktop.stop().then(() => {
      done = true;
    });
    clock.advance(249);
    await settle();
    expect(done).toBe(false);
    clock.advance(1);
    await settle();
    expect(done).toBe(true);
    expect(helpers[0]?.closed).toBe(true);
  });

  it('sends no input after it was stopped', () => {
    opened(0);
    void desktop.stop();
    desktop.input('peer', 1, [{ ...KEY, down: true }]);
    expect(commandsOf(0).at(-1)).toEqual({ type: 'stop' });
  });
});
