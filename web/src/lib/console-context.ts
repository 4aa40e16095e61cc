import { createContext, useContext, useSyncExternalStore } from 'react';
import type { ConsoleConnection } from './console-connection.ts';
import type { LiveState } from './live-connection.ts';

export const ConsoleContext = createContext<ConsoleConnection | undefined>(undefined);

/** The one console connection of this tab; present on every page behind the sign-in. */
export function useConsole(): ConsoleConnection {
  const connection = useContext(ConsoleContext);
  if (!connection) throw new Error('useConsole needs a ConsoleContext above it.');
  return connection;
}

/** Whether the line to the server is up, as a value that re-renders. */
export function useConsoleState(): LiveState {
  const connection = useConsole();
  return useSyncExternalStore(connection.subscribe, connection.getState);
}
