import {
  ask,
  type EventName,
  fromWireError,
  GuruError,
  type Handlers,
  handle,
  type MessageTable,
  type Payload,
  type Reply,
  type RequestName,
  tell,
  WireError,
} from '@guruconnect/shared';
import type { Socket } from 'socket.io-client';
import { safeParse } from 'zod/mini';

/** `refused`: the server does not know us (any more); final until `connect()` is called again. */
export type LiveState =
  | { status: 'connecting' }
  | { status: 'online' }
  /** The line is down; it is being tried again. */
  | { status: 'offline' }
  | { status: 'refused'; error: GuruError };

/** One Socket.IO connection with parsed messages; an object outside React. */
export interface LiveConnection<Out extends MessageTable, In extends MessageTable> {
  /** For `useSyncExternalStore`: the same object until something changes. */
  getState(): LiveState;
  subscribe(listener: () => void): () => void;
  /** Sends a request; while the line is down it waits for it, up to the time limit. */
  ask<N extends RequestName<Out>>(
    name: N,
    payload: Payload<Out, N>,
    timeoutMs?: number,
  ): Promise<Reply<Out, N>>;
  tell<N extends EventName<Out>>(name: N, payload: Payload<Out, N>): void;
  /** Listens to one message of the server; malformed ones never arrive. */
  on<N extends EventName<In>>(name: N, listener: (payload: Payload<In, N>) => void): () => void;
  /** Called now if the line is up, and after every reconnect: the place to subscribe again. */
  onOnline(listener: () => void): () => void;
  connect(): void;
  close(): void;
}

const RETRY_REFUSED_MS = 3000;

/**
 * Wraps a socket that was made with `autoConnect: false`. Socket.IO reconnects lost lines by itself; this adds
 * what it leaves out: a refused handshake that is worth another try, and a disconnect by a restarting server.
 */
export function createLiveConnection<Out extends MessageTable, In extends MessageTable>(deps: {
  socket: Socket;
  outgoing: Out;
  incoming: In;
  onFault: (name: string, error: unknown) => void;
}): LiveConnection<Out, In> {
  const { socket } = deps;
  const watchers = new Set<() => void>();
  const onlineListeners = new Set<() => void>();
  const listeners = new Map<string, Set<(payload: never) => void>>();
  let state: LiveState = { status: 'connecting' };
  let retry: ReturnType<typeof setTimeout> | undefined;
  let closed = false;

  function setState(next: LiveState): void {
    if (state.status === next.status) return;
    state = next;
    for (const watcher of [...watchers]) watcher();
  }
  function connect(): void {
    clearTimeout(retry);
    closed = false;
    if (!socket.connected) {
      setState({ status: 'connecting' });
      socket.connect();
    }
  }
  function retryLater(): void {
    clearTimeout(retry);
    if (!closed) retry = setTimeout(() => socket.connect(), RETRY_REFUSED_MS);
  }

  socket.on('connect', () => {
    setState({ status: 'online' });
    for (const listener of [...onlineListeners]) listener();
  });
  socket.on('disconnect', (reason) => {
    if (closed) return;
    setState({ status: 'offline' });
    // Socket.IO does not reconnect by itself after the server's own word.
    if (reason === 'io server disconnect') retryLater();
  });
  socket.on('connect_error', (error) => {
    const refusal = readRefusal(error);
    if (refusal?.status === 401 || refusal?.status === 403) {
      closed = true;
      socket.disconnect();
      return setState({ status: 'refused', error: refusal });
    }
    setState({ status: 'offline' });
    if (!socket.active) retryLater();
  });
  handle(socket, deps.incoming, dispatchTo(deps.incoming, listeners), deps.onFault);

  return {
    getState: () => state,
    subscribe: (listener) => add(watchers, listener),
    ask: (name, payload, timeoutMs) => ask(socket, deps.outgoing, name, payload, timeoutMs),
    tell: (name, payload) => tell(socket, deps.outgoing, name, payload),
    on: (name, listener) => {
      const known = listeners.get(name) ?? new Set();
      listeners.set(name, known);
      return add(known, listener as (payload: never) => void);
    },
    onOnline: (listener) => {
      if (socket.connected) listener();
      return add(onlineListeners, listener);
    },
    connect,
    close: () => {
      closed = true;
      clearTimeout(retry);
      socket.disconnect();
      setState({ status: 'offline' });
    },
  };
}

function add<T>(set: Set<T>, item: T): () => void {
  set.add(item);
  return () => {
    set.delete(item);
  };
}

/** Handlers for every row of the table that pass the payload on to whoever listens now. */
function dispatchTo<In extends MessageTable>(
  table: In,
  listeners: Map<string, Set<(payload: never) => void>>,
): Handlers<In> {
  const rows = Object.keys(table).map((name) => [
    name,
    (payload: unknown) => {
      for (const listener of [...(listeners.get(name) ?? [])]) listener(payload as never);
    },
  ]);
  return Object.fromEntries(rows) as Handlers<In>;
}

/** The server puts a WireError into the `data` of a refused handshake. */
function readRefusal(error: Error & { data?: unknown }): GuruError | undefined {
  const parsed = safeParse(WireError, error.data);
  if (parsed.success) return fromWireError(parsed.data);
  return error.message === 'unauthenticated' ? GuruError.unauthenticated() : undefined;
}
