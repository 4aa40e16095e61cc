import {
  ask,
  guestToServer,
  type Payload,
  type Reply,
  type RequestName,
  serverToGuest,
} from '@guruconnect/shared';
import type { Socket } from 'socket.io-client';
import { connectSocket, makeSocket } from './connect-socket.ts';
import { createInbox, type Inbox } from './inbox.ts';

type Table = typeof guestToServer;

/** An end user's portal tab. */
export interface FakeGuest {
  readonly socket: Socket;
  readonly inbox: Inbox<typeof serverToGuest>;
  ask<N extends RequestName<Table>>(name: N, payload: Payload<Table, N>): Promise<Reply<Table, N>>;
  close(): void;
}

/** Connects with a guest token or a knock token. */
export async function openGuestPanel(
  url: string,
  auth: { guestToken: string } | { knockToken: string },
  options: { reconnect?: boolean } = {},
): Promise<FakeGuest> {
  const socket = makeSocket(url, '/guest', { auth, headers: { origin: url }, ...options });
  const inbox = createInbox(socket, serverToGuest);
  await connectSocket(socket);
  return {
    socket,
    inbox,
    ask: (name, payload) => ask(socket, guestToServer, name, payload),
    close: () => socket.disconnect(),
  };
}
