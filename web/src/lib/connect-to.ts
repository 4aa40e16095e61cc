import { createContext, type MouseEvent, useContext } from 'react';

/** What is known of a machine that somebody wants to be on; the name is shown while its agent starts. */
export interface ConnectTarget {
  readonly machineId: string;
  readonly name?: string;
}

/** Starts a session on a machine, or joins the one that is open, in this tab. */
export type ConnectTo = (target: ConnectTarget) => void;

export const ConnectToContext = createContext<ConnectTo | undefined>(undefined);

/** The address that does the same in a tab of its own, and that other programs may link to (I1). */
export function connectPath(machineId: string): string {
  return `/connect/${machineId}`;
}

export function useConnectTo(): ConnectTo {
  const connectTo = useContext(ConnectToContext);
  if (!connectTo) throw new Error('useConnectTo needs a ConnectToContext above it.');
  return connectTo;
}

/**
 * What a link to a machine's screen needs: a plain click connects in this tab at once; with Ctrl, Shift or the middle
 * button the browser opens a tab of its own, which does the same.
 */
export function useConnectLink(target: ConnectTarget) {
  const connectTo = useContext(ConnectToContext);
  return {
    href: connectPath(target.machineId),
    onClick: (event: MouseEvent<HTMLAnchorElement>) => {
      const isPlain =
        event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
      if (!connectTo || !isPlain || event.defaultPrevented) return;
      event.preventDefault();
      connectTo(target);
    },
  };
}
