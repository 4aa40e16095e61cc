import { createContext, useContext, useSyncExternalStore } from 'react';
import type { FeedState, SessionFeed } from './session-feed.ts';

export const SessionFeedContext = createContext<SessionFeed | undefined>(undefined);

export function useSessionFeed(): SessionFeed {
  const feed = useContext(SessionFeedContext);
  if (!feed) throw new Error('useSessionFeed needs a SessionFeedContext above it.');
  return feed;
}

export function useSessions(): FeedState {
  const feed = useSessionFeed();
  return useSyncExternalStore(feed.subscribe, feed.getState);
}
