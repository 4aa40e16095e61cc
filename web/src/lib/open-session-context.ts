import { createContext, type MouseEvent, useContext } from 'react';

/** Opens a session in this tab. */
export type OpenSession = (sessionId: string, mode: 'control' | 'view') => void;

/** Without one, links open the session's own page. */
export const OpenSessionContext = createContext<OpenSession | undefined>(undefined);

/**
 * What a link to a session does when it is clicked: a plain click opens it in this tab, at once where a connection
 * stands ready; with Ctrl, Shift or the middle button the browser does what it does with any link.
 */
export function useSessionLinkClick(sessionId: string, mode: 'control' | 'view') {
  const open = useContext(OpenSessionContext);
  return (event: MouseEvent<HTMLAnchorElement>) => {
    const isPlain =
      event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    if (!open || !isPlain || event.defaultPrevented) return;
    event.preventDefault();
    open(sessionId, mode);
  };
}
