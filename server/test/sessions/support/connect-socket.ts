import { fromWireError, type GuruError, WireError } from '@guruconnect/shared';
import { io, type Socket } from 'socket.io-client';
import * as z from 'zod/mini';

export interface SocketOptions {
  readonly auth?: Record<string, unknown>;
  readonly headers?: Record<string, string>;
  readonly reconnect?: boolean;
}

/** A client socket that is not connected yet, on a connection of its own. */
export function makeSocket(url: string, namespace: string, options: SocketOptions = {}): Socket {
  return io(url + namespace, {
    transports: ['websocket'],
    forceNew: true,
    autoConnect: false,
    reconnection: options.reconnect ?? false,
    reconnectionDelay: 50,
    reconnectionDelayMax: 200,
    ...(options.auth ? { auth: options.auth } : {}),
    ...(options.headers ? { extraHeaders: options.headers } : {}),
  });
}

/** Connects; rejects with the server's GuruError, or the transport's error. */
export function connectSocket(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('connect', () => resolve());
    socket.once('connect_error', (error: Error & { data?: unknown }) => {
      const wire = z.safeParse(WireError, error.data);
      reject(wire.success ? (fromWireError(wire.data) satisfies GuruError) : error);
    });
    socket.connect();
  });
}

/** Resolves when the socket is disconnected. */
export function untilDisconnected(socket: Socket, timeoutMs = 8_000): Promise<void> {
  if (!socket.connected) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('The socket stayed connected.')), timeoutMs);
    socket.once('disconnect', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
