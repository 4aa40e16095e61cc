import type { SessionView } from '@guruconnect/shared';
import type { ConsoleConnection } from './console-connection.ts';

export type FeedState =
  | { status: 'loading' }
  | { status: 'ready'; sessions: readonly SessionView[] }
  | { status: 'failed'; error: unknown };

/** All sessions that the person may see, live. An object outside React, read with `useSyncExternalStore`. */
export interface SessionFeed {
  getState(): FeedState;
  subscribe(listener: () => void): () => void;
  /** Watches as long as needed; watches again after every reconnect. Returns the function that stops it. */
  start(): () => void;
  retry(): void;
  /** Takes a session from an answer of the API, which may arrive before the event about it. */
  put(session: SessionView): void;
}

type FeedSource = Pick<ConsoleConnection, 'ask' | 'on' | 'onOnline'>;

export function createSessionFeed(connection: FeedSource): SessionFeed {
  const listeners = new Set<() => void>();
  let sessions = new Map<string, SessionView>();
  /** What changed while an answer of `sessions:watch` was on its way: newer than that answer. */
  let touched = new Set<string>();
  let state: FeedState = { status: 'loading' };

  function setState(next: FeedState): void {
    state = next;
    for (const listener of [...listeners]) listener();
  }
  function publish(): void {
    setState({ status: 'ready', sessions: [...sessions.values()] });
  }
  function keep(session: SessionView): void {
    const known = sessions.get(session.id);
    if (!known || known.version <= session.version) sessions.set(session.id, session);
  }
  function put(session: SessionView): void {
    touched.add(session.id);
    keep(session);
    if (state.status === 'ready') publish();
  }
  function remove(sessionId: string): void {
    touched.add(sessionId);
    sessions.delete(sessionId);
    if (state.status === 'ready') publish();
  }

  async function watch(): Promise<void> {
    touched = new Set();
    try {
      const reply = await connection.ask('sessions:watch', {});
      const kept = [...sessions.values()].filter(
        (one) => touched.has(one.id) || one.lifecycle.phase === 'ended',
      );
      sessions = new Map(kept.map((one) => [one.id, one]));
      for (const session of reply.sessions)
        if (!touched.has(session.id) || sessions.has(session.id)) keep(session);
      publish();
    } catch (error) {
      // A list that is shown already stays; the next reconnect brings it up to date.
      if (state.status !== 'ready') setState({ status: 'failed', error });
    }
  }

  return {
    getState: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start: () => {
      const stops = [
        connection.on('session:changed', put),
        connection.on('session:removed', ({ sessionId }) => remove(sessionId)),
        connection.onOnline(() => void watch()),
      ];
      return () => {
        for (const stop of stops) stop();
        sessions = new Map();
        state = { status: 'loading' };
      };
    },
    retry: () => {
      setState({ status: 'loading' });
      void watch();
    },
    put,
  };
}
