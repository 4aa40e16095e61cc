import { GuruError, type Me } from '@guruconnect/shared';
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useCallback, useEffect } from 'react';
import { Navigate, Outlet, useLocation, useNavigate } from 'react-router';
import { LoadFailure } from '../components/load-failure.tsx';
import { Spinner } from '../components/spinner.tsx';
import { useApi } from '../lib/api-context.ts';
import { useAppearance } from '../lib/appearance-store.ts';
import { useConsole, useConsoleState } from '../lib/console-context.ts';
import { MeContext } from '../lib/me-context.ts';
import { useApiQuery } from '../lib/use-api.ts';
import { paths } from './paths.ts';

/** Everything behind the sign-in: knows who it is, holds the line to the server, leaves when the login ends. */
export function SignedIn() {
  const me = useApiQuery('me');
  const location = useLocation();
  if (me.data) {
    return (
      <MeContext value={me.data}>
        <LoginGuard me={me.data}>
          <Outlet />
        </LoginGuard>
      </MeContext>
    );
  }
  if (me.error instanceof GuruError && me.error.code === 'unauthenticated') {
    return <Navigate to={paths.login} replace state={{ from: location.pathname + location.search }} />;
  }
  return (
    <main className="grid min-h-dvh place-content-center p-6">
      {me.error ? (
        <LoadFailure error={me.error} onRetry={() => void me.refetch()} />
      ) : (
        <p role="status" className="flex items-center gap-3 text-muted-foreground">
          <Spinner /> Loading…
        </p>
      )}
    </main>
  );
}

function LoginGuard({ me, children }: { me: Me; children: ReactNode }) {
  const connection = useConsole();
  const api = useApi();
  const leave = useLeave();
  const state = useConsoleState();
  const { preferences } = me;

  useEffect(() => {
    connection.connect();
    return () => connection.close();
  }, [connection]);
  useEffect(() => connection.on('login:ended', ({ reason }) => leave(reason)), [connection, leave]);
  useEffect(() => api.onSignedOut(() => leave('expired')), [api, leave]);
  useEffect(() => {
    if (state.status === 'refused') leave('expired');
  }, [state, leave]);
  useEffect(() => useAppearance.getState().choose(preferences), [preferences]);
  return children;
}

/** Drops all that was loaded and goes to the sign-in page, which says why and leads back here. */
function useLeave(): (reason: string) => void {
  const queries = useQueryClient();
  const navigate = useNavigate();
  return useCallback(
    (ended: string) => {
      const from = window.location.pathname + window.location.search;
      // Signed out here on purpose: the page is changed already.
      if (from.startsWith(paths.login)) return;
      void navigate(paths.login, { replace: true, state: { ended, from } });
      queries.clear();
    },
    [queries, navigate],
  );
}
