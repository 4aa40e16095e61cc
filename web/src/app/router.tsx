import { createBrowserRouter } from 'react-router';
import { paths } from './paths.ts';

/** The dashboard's routes; the viewer is loaded when a session is opened. */
export function createAppRouter() {
  return createBrowserRouter([
    {
      path: `${paths.home}/session/:sessionId`,
      lazy: async () => ({ Component: (await import('../features/viewer/viewer-page.tsx')).ViewerPage }),
    },
    { path: '*', element: <p>GuruConnect</p> },
  ]);
}
