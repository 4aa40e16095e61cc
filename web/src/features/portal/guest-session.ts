import { type Capability, type GuestView, guestToServer, serverToGuest } from '@guruconnect/shared';
import { io } from 'socket.io-client';
import { describeError } from '../../lib/describe-error.ts';
import { createLiveConnection, type LiveConnection, type LiveState } from '../../lib/live-connection.ts';
import type { GuestSeat } from './guest-seat.ts';

export type GuestConnection = LiveConnection<typeof guestToServer, typeof serverToGuest>;

export interface GuestState {
  view: GuestView | undefined;
  link: LiveState['status'];
  /** Stop was pressed; stays on until the session has ended, and is sent again after a lost line. */
  stopping: boolean;
  problem: string | undefined;
}

/** The end user's side of a session; an object outside React. */
export interface GuestSession {
  getState(): GuestState;
  subscribe(listener: () => void): () => void;
  answer(participantId: string, answer: Capability | 'refuse'): Promise<void>;
  withdraw(participantId: string): Promise<void>;
  stop(): Promise<void>;
  /** Connects; returns the function that closes. */
  start(): () => void;
}

export function createGuestConnection(seat: GuestSeat): GuestConnection {
  const socket = io('/guest', {
    transports: ['websocket'],
    autoConnect: false,
    reconnectionDelay: 300,
    reconnectionDelayMax: 3000,
    // Two tabs' worth of tokens must never share one transport.
    forceNew: true,
    auth: seat.kind === 'guest' ? { guestToken: seat.token } : { knockToken: seat.token },
  });
  return createLiveConnection({
    socket,
    outgoing: guestToServer,
    incoming: serverToGuest,
    onFault: (_name, error) => reportError(error),
  });
}

export function createGuestSession(connection: GuestConnection): GuestSession {
  const listeners = new Set<() => void>();
  let state: GuestState = { view: undefined, link: 'connecting', stopping: false, problem: undefined };

  function set(change: Partial<GuestState>): void {
    state = { ...state, ...change };
    for (const listener of [...listeners]) listener();
  }
  function show(view: GuestView): void {
    if (!state.view || state.view.version <= view.version) set({ view, problem: undefined });
  }
  async function attempt(deed: () => Promise<unknown>): Promise<void> {
    try {
      set({ problem: undefined });
      await deed();
    } catch (error) {
      set({ problem: describeError(error) });
    }
  }
  async function sendStop(): Promise<void> {
    await attempt(() => connection.ask('guest:stop', {}, 5000));
  }

  return {
    getState: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    answer: (participantId, answer) =>
      attempt(() => connection.ask('consent:answer', { participantId, answer })),
    withdraw: (participantId) => attempt(() => connection.ask('consent:withdraw', { participantId })),
    stop: async () => {
      set({ stopping: true });
      if (state.link === 'online') await sendStop();
    },
    start: () => {
      const stops = [
        connection.subscribe(() => set({ link: connection.getState().status })),
        connection.on('guest:changed', show),
        connection.onOnline(() => {
          void attempt(async () => show(await connection.ask('guest:watch', {})));
          if (state.stopping) void sendStop();
        }),
      ];
      connection.connect();
      return () => {
        for (const stop of stops) stop();
        connection.close();
      };
    },
  };
}
