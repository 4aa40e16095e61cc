import { useCallback } from 'react';
import { Outlet, useNavigate } from 'react-router';
import { OpenSessionContext } from '../lib/open-session-context.ts';
import { paths } from './paths.ts';
import { useWarmViewers } from './warm-viewers-context.ts';

/** Lets the pages below open sessions in this tab. */
export function SessionOpener() {
  const viewers = useWarmViewers();
  const navigate = useNavigate();
  const open = useCallback(
    (sessionId: string, mode: 'control' | 'view') => {
      viewers.begin(sessionId, mode);
      void navigate(paths.session(sessionId, mode));
    },
    [viewers, navigate],
  );
  return (
    <OpenSessionContext value={open}>
      <Outlet />
    </OpenSessionContext>
  );
}
