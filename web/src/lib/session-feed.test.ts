import { ask, consoleToServer, handle, type SessionView, serverToConsole, tell } from '@guruconnect/shared';
import { createMemorySockets } from '@guruconnect/shared/testing';
import { expect, it, vi } from 'vitest';
import { makeSession } from '../../test/support/make-session.ts';
import { createSessionFeed, type SessionFeed } from './session-feed.ts';

const A = '3f2b8a52-9f0c-4c52-9d0e-0a35a8b8f00a';
const B = '3f2b8a52-9f0c-4c52-9d0e-0a35a8b8f00b';
const owner = { userId: A, name: 'Ann', teamId: null };
const session = (id: string, version: number, change: Partial<SessionView> = {}) =>
  makeSession({ id, version, owner, ...change });

/** A feed over the real message tables; `answer` is what the server has when it is asked. */
function startFeed(answer: () => Promise<SessionView[]>) {
  const [browser, server] = createMemorySockets();
  const online: (() => void)[] = [];
  server.on('sessions:watch', (_payload: unknown, reply: unknown) => {
    void answer().then((sessions) =>
      (reply as (envelope: unknown) => void)({ ok: true, value: { sessions } }),
    );
  });
  const feed = createSessionFeed({
    ask: (name, payload) => ask(browser, consoleToServer, name, payload),
    on: (name, listener) => {
      const silent = {
        ...Object.fromEntries(Object.keys(serverToConsole).map((row) => [row, () => undefined])),
      };
      return handle(browser, serverToConsole, { ...silent, [name]: listener } as never, () => undefined);
    },
    onOnline: (listener) => {
      online.push(listener);
      listener();
      return () => undefined;
    },
  });
  feed.start();
  const reconnect = () => {
    for (const listener of online) listener();
  };
  return { feed, server, reconnect };
}

function versions(feed: SessionFeed): Record<string, number> | string {
  const state = feed.getState();
  if (state.status !== 'ready') return state.status;
  return Object.fromEntries(state.sessions.map((one) => [one.id, one.version]));
}

it('shows what the server has, then follows every change and removal', async () => {
  const { feed, server } = startFeed(async () => [session(A, 1)]);
  expect(versions(feed)).toBe('loading');
  await vi.waitFor(() => expect(versions(feed)).toEqual({ [A]: 1 }));
  tell(server, serverToConsole, 'session:changed', session(B, 1));
  tell(server, serverToConsole, 'session:changed', session(A, 2));
  await vi.waitFor(() => expect(versions(feed)).toEqual({ [A]: 2, [B]: 1 }));
  tell(server, serverToConsole, 'session:removed', { sessionId: A });
  await vi.waitFor(() => expect(versions(feed)).toEqual({ [B]: 1 }));
});

it('keeps the newer view when messages overtake one another', async () => {
  const { feed, server } = startFeed(async () => [session(A, 5)]);
  await vi.waitFor(() => expect(versions(feed)).toEqual({ [A]: 5 }));
  tell(server, serverToConsole, 'session:changed', session(A, 4));
  tell(server, serverToConsole, 'session:changed', session(B, 1));
  await vi.waitFor(() => expect(versions(feed)).toEqual({ [A]: 5, [B]: 1 }));
});

it('forgets after a reconnect what is gone, but not what changed while the answer was on its way', async () => {
  let release: (() => void) | undefined;
  let has = [session(A, 1), session(B, 1)];
  const { feed, server, reconnect } = startFeed(async () => {
    if (release) await new Promise<void>((resolve) => (release = resolve));
    return has;
  });
  await vi.waitFor(() => expect(versions(feed)).toEqual({ [A]: 1, [B]: 1 }));
  release = () => undefined;
  has = [session(B, 1)];
  const before = release;
  reconnect();
  await vi.waitFor(() => expect(release).not.toBe(before));
  tell(server, serverToConsole, 'session:changed', session(B, 2));
  await vi.waitFor(() => expect(versions(feed)).toMatchObject({ [B]: 2 }));
  release();
  await vi.waitFor(() => expect(versions(feed)).toEqual({ [B]: 2 }));
});
