import { useCallback } from 'react';
import { useNavigate } from 'react-router';
import type { OpenSession } from '../lib/open-session-context.ts';
import { paths } from './paths.ts';
import { useWarmViewers } from './warm-viewers-context.ts';

/** Opens a session in this tab, over the connection that stands ready where there is one. */
export function useOpenSession(): OpenSession {
  const viewers = useWarmViewers();
  const navigate = useNavigate();
  return useCallback(
    (sessionId, mode) => {
      viewers.begin(sessionId, mode);
      void navigate(paths.session(sessionId, mode));
    },
    [viewers, navigate],
  );
}
