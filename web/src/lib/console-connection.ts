import { consoleToServer, serverToConsole } from '@guruconnect/shared';
import { io } from 'socket.io-client';
import { createLiveConnection, type LiveConnection } from './live-connection.ts';

/** The dashboard's connection to the server, shared by the session lists and the viewer of one tab. */
export type ConsoleConnection = LiveConnection<typeof consoleToServer, typeof serverToConsole>;

/**
 * Made once in `app-main.tsx` and handed down by {@link ConsoleContext}; it connects when the sign-in is known.
 * `getState()` turns `refused` once the login has ended.
 */
export function createConsoleConnection(): ConsoleConnection {
  const socket = io('/console', {
    transports: ['websocket'],
    autoConnect: false,
    reconnectionDelay: 300,
    reconnectionDelayMax: 3000,
  });
  return createLiveConnection({
    socket,
    outgoing: consoleToServer,
    incoming: serverToConsole,
    onFault: (_name, error) => reportError(error),
  });
}
