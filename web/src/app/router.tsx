import { createBrowserRouter, Navigate, type RouteObject } from 'react-router';
import { AppShell } from './app-shell.tsx';
import { Landing } from './landing.tsx';
import { LiveLayout } from './live-layout.tsx';
import { NotFound } from './not-found.tsx';
import { paths } from './paths.ts';
import { RouteFailure } from './route-failure.tsx';
import { SessionOpener } from './session-opener.tsx';
import { SignedIn } from './signed-in.tsx';

/** The dashboard's routes; what is not needed at once is loaded when it is opened. */
export function createAppRouter() {
  return createBrowserRouter([
    {
      errorElement: <RouteFailure />,
      hydrateFallbackElement: <span />,
      children: [
        {
          path: paths.login,
          lazy: async () => ({ Component: (await import('../features/auth/login-page.tsx')).LoginPage }),
        },
        {
          path: paths.setUp,
          lazy: async () => ({ Component: (await import('../features/auth/set-up-page.tsx')).SetUpPage }),
        },
        {
          element: <SignedIn />,
          children: [
            {
              element: <LiveLayout />,
              children: [
                ...fullPages(),
                { element: <SessionOpener />, children: [{ element: <AppShell />, children: pages() }] },
              ],
            },
          ],
        },
        { path: '*', element: <Navigate to={paths.home} replace /> },
      ],
    },
  ]);
}

/** What takes the whole window: a session, and the way to one. */
function fullPages(): RouteObject[] {
  return [
    {
      path: `${paths.home}/session/:sessionId`,
      lazy: async () => ({ Component: (await import('./session-route.tsx')).SessionRoute }),
    },
    {
      path: '/connect/:machineId',
      lazy: async () => ({ Component: (await import('./connect-route.tsx')).ConnectRoute }),
    },
    {
      path: '/connect',
      lazy: async () => ({ Component: (await import('../features/machine/find-page.tsx')).FindPage }),
    },
  ];
}

/** What is shown inside the dashboard's frame. */
function pages(): RouteObject[] {
  return [
    { path: paths.home, element: <Landing /> },
    {
      path: paths.support,
      lazy: async () => ({
        Component: (await import('../features/support/support-page.tsx')).SupportPage,
      }),
    },
    {
      path: `${paths.access}/:machineId?`,
      lazy: async () => ({
        Component: (await import('../features/access/access-page.tsx')).AccessPage,
      }),
    },
    {
      path: paths.build,
      lazy: async () => ({ Component: (await import('../features/build/build-page.tsx')).BuildPage }),
    },
    {
      path: `${paths.settings}/:tab?`,
      lazy: async () => ({
        Component: (await import('../features/settings/settings-page.tsx')).SettingsPage,
      }),
    },
    { path: `${paths.home}/*`, element: <NotFound /> },
  ];
}
