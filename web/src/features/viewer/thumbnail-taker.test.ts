import { GuruError } from '@guruconnect/shared';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { makeSession } from '../../../test/support/make-session.ts';
import type { ApiClient } from '../../lib/api-client.ts';
import { smallSize } from './small-picture.ts';
import { thumbnailMachineOf } from './thumbnail-need.ts';
import { AGAIN_MS, EVERY_MS, FIRST_MS, ThumbnailTaker } from './thumbnail-taker.ts';
import { initialViewerState, type ViewerState } from './viewer-state.ts';

const MACHINE = '00000000-0000-4000-8000-00000000000a';
const ME = '00000000-0000-4000-8000-00000000000b';

/** A viewer that controls a machine of a deployment which keeps pictures. */
function controlling(change: Partial<ViewerState> = {}): ViewerState {
  const grant = { status: 'allowed', capability: 'control', since: 1 } as const;
  return {
    ...initialViewerState('control'),
    session: makeSession({
      origin: 'machine',
      machineId: MACHINE,
      takesThumbnails: true,
      lifecycle: { phase: 'open', openedAt: 1 },
      endpoint: { kind: 'agent', agentId: ME, since: 1 },
      participants: [{ id: ME, userId: ME, name: 'Me', grant, hasControl: true, connected: true }],
    }),
    participantId: ME,
    serverReachable: true,
    keeper: 'up',
    capabilities: ['view', 'control'],
    hasPicture: true,
    ...change,
  };
}

describe('whether a viewer may give a picture of the machine', () => {
  const { session } = controlling();
  const withoutControl = session?.participants.map((one) => ({ ...one, hasControl: false })) ?? [];
  const CASES: [string, ViewerState, string | undefined][] = [
    ['it controls the machine', controlling(), MACHINE],
    [
      'the deployment keeps none',
      controlling({ session: makeSession({ ...session, takesThumbnails: undefined }) }),
      undefined,
    ],
    ['it only looks on', controlling({ mode: 'view' }), undefined],
    ['the agent lets it only look', controlling({ capabilities: ['view'] }), undefined],
    [
      'somebody else has control',
      controlling({ session: makeSession({ ...session, participants: withoutControl }) }),
      undefined,
    ],
    ['there is no picture yet', controlling({ hasPicture: false }), undefined],
    [
      'the connection is lost, and the last picture stands still',
      controlling({ keeper: 'connecting' }),
      undefined,
    ],
    [
      'the picture is paused at the machine',
      controlling({ capture: { state: 'paused', reason: null } }),
      undefined,
    ],
    [
      'the screen cannot be shown',
      controlling({ capture: { state: 'unavailable', reason: null } }),
      undefined,
    ],
    ['the server is away', controlling({ serverReachable: false }), undefined],
    ['it has left', controlling({ over: { kind: 'left' } }), undefined],
  ];
  it.each(CASES)('where %s', (_, state, expected) => {
    expect(thumbnailMachineOf(state)).toBe(expected);
  });
});

describe('pictures of the machine that a viewer controls', () => {
  let now: number;
  let timers: { at: number; callback: () => void }[];
  let state: ViewerState;
  let watchers: Set<() => void>;
  let screen: () => Promise<Uint8Array<ArrayBuffer> | undefined>;
  let sent: { at: number; picture: unknown }[];
  let refusal: GuruError | undefined;
  let taker: ThumbnailTaker;

  beforeEach(() => {
    now = 1_000_000;
    timers = [];
    watchers = new Set();
    sent = [];
    refusal = undefined;
    state = controlling();
    let frame = 0;
    screen = async () => {
      frame += 1;
      return new Uint8Array([frame]);
    };
    const call = async (_route: string, { body }: { body: unknown }) => {
      sent.push({ at: now, picture: body });
      if (refusal) throw refusal;
      return {};
    };
    taker = new ThumbnailTaker({
      session: {
        subscribe: (watcher) => {
          watchers.add(watcher);
          return () => watchers.delete(watcher);
        },
        getSnapshot: () => state,
      },
      api: { call: call as unknown as ApiClient['call'] },
      timing: {
        now: () => now,
        after: (ms, callback) => {
          const timer = { at: now + ms, callback };
          timers.push(timer);
          return () => {
            timers = timers.filter((one) => one !== timer);
          };
        },
      },
      takePicture: () => screen(),
    });
  });

  const change = (part: Partial<ViewerState>) => {
    state = { ...state, ...part };
    for (const watcher of [...watchers]) watcher();
  };
  /** Lets time pass, and everything happen that is due in it. */
  const pass = async (ms: number) => {
    const until = now + ms;
    for (;;) {
      const next = timers.filter((one) => one.at <= until).toSorted((a, b) => a.at - b.at)[0];
      if (!next) break;
      timers = timers.filter((one) => one !== next);
      now = next.at;
      next.callback();
      for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
    }
    now = until;
  };

  it('are taken soon after the first one, and then every five minutes while it changes', async () => {
    await pass(FIRST_MS - 1);
    expect(sent).toEqual([]);
    await pass(EVERY_MS * 2 + 10);
    expect(sent.map(({ picture }) => picture)).toEqual([1, 2, 3].map((byte) => new Uint8Array([byte])));
    const [first, second, third] = sent.map(({ at }) => at);
    expect([Number(second) - Number(first), Number(third) - Number(second)]).toEqual([EVERY_MS, EVERY_MS]);
  });

  it('are not sent again while nothing has changed', async () => {
    screen = async () => new Uint8Array([7]);
    await pass(EVERY_MS * 4);
    expect(sent).toHaveLength(1);
    screen = async () => new Uint8Array([8]);
    await pass(EVERY_MS);
    expect(sent).toHaveLength(2);
  });

  it('are not taken while the person at the machine has paused the picture', async () => {
    await pass(1_000);
    change({ capture: { state: 'paused', reason: null } });
    await pass(EVERY_MS);
    expect(sent).toEqual([]);
    change({ capture: { state: 'running', reason: null } });
    await pass(FIRST_MS - 1);
    expect(sent).toEqual([]);
    await pass(1);
    expect(sent).toHaveLength(1);
  });

  it('are not sent when control was lost while one was made', async () => {
    let finish: (picture: Uint8Array<ArrayBuffer>) => void = () => {};
    screen = () =>
      new Promise((resolve) => {
        finish = resolve;
      });
    await pass(FIRST_MS);
    change({ capabilities: ['view'] });
    finish(new Uint8Array([1]));
    await pass(EVERY_MS);
    expect(sent).toEqual([]);
  });

  it('are tried again where there was none to be had', async () => {
    screen = async () => undefined;
    await pass(FIRST_MS);
    screen = async () => new Uint8Array([1]);
    await pass(AGAIN_MS - 1);
    expect(sent).toEqual([]);
    await pass(1);
    expect(sent).toHaveLength(1);
  });

  it('are left for the next time when the server refuses one, or none can be made', async () => {
    refusal = GuruError.conflict('This deployment keeps no pictures of screens.');
    await pass(FIRST_MS);
    await pass(EVERY_MS - 1);
    expect(sent).toHaveLength(1);
    refusal = undefined;
    screen = vi.fn(() => Promise.reject(new Error('The canvas was lost.')));
    await pass(1);
    expect(screen).toHaveBeenCalledOnce();
    screen = async () => new Uint8Array([9]);
    await pass(EVERY_MS);
    expect(sent).toHaveLength(2);
  });

  it('end with the viewer', async () => {
    taker.close();
    change({});
    await pass(EVERY_MS);
    expect(sent).toEqual([]);
    expect(watchers.size).toBe(0);
  });
});

describe('the size of a small picture', () => {
  it.each([
    [1920, 1080, 320, 180],
    [1080, 1920, 270, 480],
    [5120, 1440, 320, 90],
    [200, 100, 200, 100],
    [10_000, 10, 320, 1],
  ])('of %i x %i is %i x %i', (width, height, smallWidth, smallHeight) => {
    expect(smallSize(width, height)).toEqual({ width: smallWidth, height: smallHeight });
  });
});
