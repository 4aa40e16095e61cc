import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../test/support/fake-clock.ts';
import type { DesktopCommand, DesktopEvent, DesktopHelperListener } from '../desktop/desktop-messages.ts';
import { createFollowingHelpers } from '../desktop/following-helper.ts';
import { createFollowingWindows } from '../window/following-windows.ts';
import { DesktopFollower } from './desktop-follower.ts';
import type { FoundDesktop } from './find-desktop.ts';

const GREETER: FoundDesktop = { kind: 'x11', display: ':0', authFile: '/run/greeter' };
const ADA: FoundDesktop = { kind: 'x11', display: ':1', authFile: '/run/ada' };
const NONE: FoundDesktop = { kind: 'none', reason: 'There is no desktop.' };
const BANNER = { kind: 'banner', title: 'Anna sees this', lines: [], buttons: [] } as const;

/** A computer on whose screen the test puts desktops. */
function computer(first: FoundDesktop) {
  const clock = new FakeClock();
  const prepared: FoundDesktop[] = [];
  const state = { desktop: first };
  const follower = new DesktopFollower({
    first,
    find: async () => ({ user: 'ada', desktop: state.desktop }),
    clock,
    prepare: (desktop) => prepared.push(desktop),
  });
  const settle = () => new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve)));
  const shows = async (desktop: FoundDesktop) => {
    state.desktop = desktop;
    clock.advance(3_000);
    await settle();
  };
  return { follower, prepared, shows, settle };
}

function helperOn(follower: DesktopFollower) {
  const events: DesktopEvent[] = [];
  const helpers: { commands: DesktopCommand[]; closed: boolean; listener: DesktopHelperListener }[] = [];
  const open = createFollowingHelpers(follower, (listener) => {
    const one = { commands: [] as DesktopCommand[], closed: false, listener };
    helpers.push(one);
    return {
      send: (command) => one.commands.push(command),
      close: () => {
        one.closed = true;
      },
    };
  });
  const helper = open({ onEvent: (event) => events.push(event), onGone: () => {} });
  return { helper, helpers, events };
}

describe('an agent that shows the desktop on the screen', () => {
  it('goes to another one when somebody logs on, with what belongs to it', async () => {
    const { follower, prepared, shows } = computer(GREETER);
    const { helper, helpers, events } = helperOn(follower);
    helper.send({ type: 'open', display: '' });
    expect(helpers[0]?.commands).toEqual([{ type: 'open', display: ':0' }]);
    await shows(ADA);
    expect(prepared).toEqual([ADA]);
    expect(helpers[0]?.closed).toBe(true);
    expect(events).toEqual([{ type: 'open-failed', reason: 'The desktop of this computer changes.' }]);
    helper.send({ type: 'open', display: '' });
    expect(helpers[1]?.commands).toEqual([{ type: 'open', display: ':1' }]);
    await shows(ADA);
    expect(helpers).toHaveLength(2);
  });

  it('says why when there is none, starts nothing for it, and takes the one that comes', async () => {
    const { follower, shows, settle } = computer(NONE);
    const { helper, helpers, events } = helperOn(follower);
    helper.send({ type: 'open', display: '' });
    helper.send({ type: 'unwatch', displayId: 'x' });
    helper.send({ type: 'stop' });
    await settle();
    expect(events).toEqual([{ type: 'open-failed', reason: 'There is no desktop.' }, { type: 'stopped' }]);
    expect(helpers).toEqual([]);
    await shows(ADA);
    helper.send({ type: 'open', display: '' });
    expect(helpers[0]?.commands).toEqual([{ type: 'open', display: ':1' }]);
  });

  it('tells nothing after it was closed', async () => {
    const { follower, shows, settle } = computer(GREETER);
    const { helper, helpers, events } = helperOn(follower);
    helper.send({ type: 'open', display: '' });
    helper.close();
    await shows(ADA);
    await settle();
    expect(helpers[0]?.closed).toBe(true);
    expect(events).toEqual([]);
  });

  it('takes its windows along', async () => {
    const { follower, shows } = computer(GREETER);
    const said: string[] = [];
    const open = createFollowingWindows(follower, (display) => () => ({
      show: (panel) => said.push(`${display} ${panel?.title ?? 'nothing'}`),
      close: () => said.push(`${display} closed`),
    }));
    const window = open({ onPressed: () => {}, onUnavailable: () => {} });
    window.show(BANNER);
    await shows(ADA);
    await shows(NONE);
    window.show(undefined);
    await shows(GREETER);
    window.show(BANNER);
    window.close();
    expect(said).toEqual([
      ':0 Anna sees this',
      ':0 closed',
      ':1 Anna sees this',
      ':1 closed',
      ':0 Anna sees this',
      ':0 closed',
    ]);
  });
});
