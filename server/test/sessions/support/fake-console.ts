import {
  ask,
  consoleToServer,
  type EventName,
  type Payload,
  type Reply,
  type RequestName,
  serverToConsole,
  tell,
} from '@guruconnect/shared';
import type { Socket } from 'socket.io-client';
import type { ApiClient } from '../../support/api-client.ts';
import { connectSocket, makeSocket } from './connect-socket.ts';
import { createInbox, type Inbox } from './inbox.ts';

type Table = typeof consoleToServer;

/** A technician's page, as the server sees it. */
export interface FakeConsole {
  readonly socket: Socket;
  readonly inbox: Inbox<typeof serverToConsole>;
  ask<N extends RequestName<Table>>(name: N, payload: Payload<Table, N>): Promise<Reply<Table, N>>;
  tell<N extends EventName<Table>>(name: N, payload: Payload<Table, N>): void;
  close(): void;
}

/** Opens a page with the login of the client; `reconnect` makes it come back by itself. */
export async function openConsole(
  client: ApiClient,
  options: { reconnect?: boolean; url?: string } = {},
): Promise<FakeConsole> {
  const url = options.url ?? client.url;
  const socket = makeSocket(url, '/console', {
    headers: { cookie: client.cookie() ?? '', origin: url },
    reconnect: options.reconnect ?? false,
  });
  const inbox = createInbox(socket, serverToConsole);
  await connectSocket(socket);
  return {
    socket,
    inbox,
    ask: (name, payload) => ask(socket, consoleToServer, name, payload),
    tell: (name, payload) => tell(socket, consoleToServer, name, payload),
    close: () => socket.disconnect(),
  };
}
