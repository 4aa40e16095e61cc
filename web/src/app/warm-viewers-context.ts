import { createContext, useContext, useEffect, useState } from 'react';
import { useMe } from '../lib/me-context.ts';
import { useSessions } from '../lib/session-feed-context.ts';
import { pickWarmSessions } from './pick-warm-sessions.ts';
import type { WarmViewers } from './warm-viewers.ts';

export const WarmViewersContext = createContext<WarmViewers | undefined>(undefined);

export function useWarmViewers(): WarmViewers {
  const viewers = useContext(WarmViewersContext);
  if (!viewers) throw new Error('useWarmViewers needs a WarmViewersContext above it.');
  return viewers;
}

/** Holds connections ready while the list of sessions is shown and the browser has nothing better to do. */
export function useHoldReady(isListShown: boolean): void {
  const viewers = useWarmViewers();
  const me = useMe();
  const feed = useSessions();
  const isVisible = useVisible();
  const isIdle = useIdle();
  const picked = isListShown && feed.status === 'ready' ? pickWarmSessions(feed.sessions, me.userId) : [];
  const wanted = picked.join(' ');
  useEffect(() => {
    viewers.want(wanted === '' ? [] : wanted.split(' '), isIdle && isVisible);
  }, [viewers, wanted, isIdle, isVisible]);
  useEffect(() => () => viewers.want([], false), [viewers]);
}

function useVisible(): boolean {
  const [isVisible, setVisible] = useState(document.visibilityState === 'visible');
  useEffect(() => {
    const update = () => setVisible(document.visibilityState === 'visible');
    document.addEventListener('visibilitychange', update);
    return () => document.removeEventListener('visibilitychange', update);
  }, []);
  return isVisible;
}

const IDLE_WITHIN_MS = 2_000;

/** True once the page has been drawn and the browser rests. */
function useIdle(): boolean {
  const [isIdle, setIdle] = useState(false);
  useEffect(() => {
    if (!('requestIdleCallback' in window)) {
      const timer = setTimeout(() => setIdle(true), IDLE_WITHIN_MS);
      return () => clearTimeout(timer);
    }
    const handle = requestIdleCallback(() => setIdle(true), { timeout: IDLE_WITHIN_MS });
    return () => cancelIdleCallback(handle);
  }, []);
  return isIdle;
}
